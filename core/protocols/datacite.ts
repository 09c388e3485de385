// What DataCite says of a DOI: its REST API, https://support.datacite.org/docs/api.

import * as z from 'zod';
import { ABSENT, type Absent, type Failed, failed, type Seen, seen } from '../failure.ts';
import type { HttpAnswer, HttpClient } from '../http.ts';

export interface DoiRecord {
  /** `findable`, `registered` or `draft`; null when DataCite does not say. */
  readonly state: string | null;
  /** The address it leads to. */
  readonly url: string | null;
}

export interface DoiSource {
  readDoi(
    doi: string,
    about: string,
    signal?: AbortSignal,
  ): Promise<Seen<DoiRecord> | Absent | Failed>;
}

/** A record holds all metadata of the dataset, some 20 KB; its longest list is the authors. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TEXT = 2048;

const answerSchema = z.object({
  data: z.object({
    attributes: z.object({
      doi: z.string(),
      state: z.string().nullish(),
      url: z.string().nullish(),
    }),
  }),
});

export function createDoiSource(http: HttpClient, baseUrl: string): DoiSource {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    async readDoi(doi, about, signal) {
      const answer = await http.request({
        kind: 'doi',
        about,
        method: 'GET',
        url: `${base}/${encodeURI(doi)}`,
        headers: { accept: 'application/vnd.api+json', 'accept-encoding': 'gzip, br' },
        maxBytes: MAX_BYTES,
        signal,
        verify(tried) {
          const read = readAnswer(tried, doi);
          return read.kind === 'failed' ? read : undefined;
        },
      });
      return answer.kind === 'failed' ? answer : readAnswer(answer, doi);
    },
  };
}

/** Both answers are JSON: any other answer does not come from DataCite. */
function readAnswer({ status, body }: HttpAnswer, doi: string): Seen<DoiRecord> | Absent | Failed {
  if (status !== 200 && status !== 404)
    return failed('malformed', `DataCite: HTTP ${status}`, status);
  const value = parse(body);
  if (value === undefined) {
    return failed('malformed', `DataCite: HTTP ${status} with something that is not JSON`);
  }
  if (status === 404) return ABSENT;
  const answer = answerSchema.safeParse(value);
  if (!answer.success) return failed('malformed', "DataCite's answer is no DOI");
  const { attributes } = answer.data.data;
  // DOIs ignore case (ISO 26324).
  if (attributes.doi.toLowerCase() !== doi.toLowerCase()) {
    return failed('malformed', 'DataCite answered with another DOI');
  }
  return seen({ state: short(attributes.state), url: short(attributes.url) });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const short = (text: string | null | undefined) =>
  text == null ? null : text.slice(0, MAX_TEXT).toWellFormed();
