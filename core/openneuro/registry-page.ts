// One page of the registry as it comes over the wire, to one page as the stages see it. Nothing
// in it is trusted, and nothing is dropped without a word (checks.md section 2).

import * as z from 'zod';
import { type Failed, failed } from '../failure.ts';
import { instantSchema, shaSchema, tagSchema } from '../model/documents.ts';
import type { RegistryDataset, RegistryPage } from '../sources.ts';
import { isDatasetId } from './ids.ts';

/** What the fields of the query answer with; `after` is the last page's cursor, absent at first. */
export const PAGE_QUERY = `query PublicDatasets($first: Int!, $after: String) {
  datasets(
    first: $first
    after: $after
    orderBy: { created: ascending }
    filterBy: { public: true }
  ) {
    edges {
      node {
        id
        name
        publishDate
        latestSnapshot { tag created hexsha }
        snapshots { tag created hexsha }
      }
    }
    pageInfo { hasNextPage endCursor count }
  }
}`;

const errorSchema = z.object({
  message: z.string().catch('an error without a message'),
  path: z
    .array(z.union([z.string(), z.int()]))
    .nullish()
    .catch(null),
});

/** The frame of a page; each entry is looked at on its own, so that one broken spoils no other. */
const envelopeSchema = z.object({
  data: z.object({
    datasets: z.object({
      edges: z.array(z.unknown()),
      pageInfo: z.object({
        hasNextPage: z.boolean(),
        endCursor: z.string().nullish(),
        count: z.int().nonnegative(),
      }),
    }),
  }),
  errors: z.array(errorSchema).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

const snapshotSchema = z.object({ tag: tagSchema, created: instantSchema, hexsha: shaSchema });

const edgeSchema = z.object({
  node: z.object({
    id: z.string().refine(isDatasetId, 'not a dataset id'),
    name: z.string().nullish(),
    // Null for many; an odd one is as good as none.
    publishDate: z.iso
      .datetime({ offset: true })
      .transform((at) => new Date(at).toISOString())
      .nullish()
      .catch(null),
    latestSnapshot: snapshotSchema.nullable(),
    // In the registry's own order, which is the order of creation although the dates of 18 real
    // datasets (ds002680 …) disagree: those are of commits made anew.
    snapshots: z
      .array(snapshotSchema)
      .refine((all) => new Set(all.map(({ tag }) => tag)).size === all.length, 'a tag twice'),
  }),
});

/** A page, and the cursor of the next one; null on the last page. */
export interface PageReading {
  readonly kind: 'page';
  readonly page: RegistryPage;
  readonly next: string | null;
}

/** @param result a GraphQL execution result, `{ data, errors? }`. */
export function readPage(result: unknown): PageReading | Failed {
  const envelope = envelopeSchema.safeParse(result);
  if (!envelope.success) return failed('malformed', refusal(result, envelope.error));
  const { data, errors } = envelope.data;
  const { edges, pageInfo } = data.datasets;

  const complaints = new Map<number, string>();
  for (const { message, path } of errors ?? []) {
    if (path?.[4] === 'publishDate') continue;
    const index = path?.[0] === 'datasets' && path[1] === 'edges' ? path[2] : undefined;
    // An error that names no entry may be about any of them.
    if (typeof index !== 'number' || index >= edges.length) {
      return failed('malformed', `the registry answered with an error: ${oneLine(message)}`);
    }
    if (!complaints.has(index)) complaints.set(index, oneLine(message));
  }

  const datasets: RegistryDataset[] = [];
  const broken: { id: string | null; detail: string }[] = [];
  for (const [index, edge] of edges.entries()) {
    const reading = edgeSchema.safeParse(edge);
    const complaint = complaints.get(index);
    if (reading.success && complaint === undefined) {
      const { id, name, publishDate, latestSnapshot, snapshots } = reading.data.node;
      datasets.push({
        id,
        name: name ?? null,
        latestSnapshot: latestSnapshot?.tag ?? null,
        snapshots,
        ...(publishDate && { publishDate }),
      });
    } else {
      const detail = complaint ?? (reading.error ? firstIssue(reading.error) : '');
      broken.push({ id: idOf(edge), detail });
    }
  }

  const page: RegistryPage = { datasets, broken, count: pageInfo.count };
  if (!pageInfo.hasNextPage) return { kind: 'page', page, next: null };
  if (!pageInfo.endCursor) return failed('malformed', 'the registry promises more, but no cursor');
  if (edges.length === 0) return failed('malformed', 'the registry promises more on an empty page');
  return { kind: 'page', page, next: pageInfo.endCursor };
}

/** The id of an entry that is otherwise broken; null unless it looks like one. */
function idOf(edge: unknown): string | null {
  const known = z.object({ node: z.object({ id: z.string().refine(isDatasetId) }) });
  const reading = known.safeParse(edge);
  return reading.success ? reading.data.node.id : null;
}

/** Why there is no page: what the registry itself says goes before what is wrong with its answer. */
function refusal(result: unknown, error: z.ZodError): string {
  const said = z.object({ errors: z.array(errorSchema).min(1) }).safeParse(result);
  const message = said.data?.errors[0]?.message;
  return message === undefined
    ? `the registry's answer is no page: ${firstIssue(error)}`
    : `the registry answered with an error: ${oneLine(message)}`;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return oneLine(`${issue?.path.join('.')}: ${issue?.message}`);
}

/** Text of the registry's for a log line: one line, and not a long one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').slice(0, 200);
}
