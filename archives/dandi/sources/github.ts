// What GitHub's REST API says of a mirror: its home page, and whether a tag has a release. Without a
// token it is not asked: anonymous requests get 60 an hour.

import * as z from 'zod';
import {
  ABSENT,
  type Absent,
  type Failed,
  failed,
  type Seen,
  seen,
} from '../../../core/failure.ts';
import { withCredentials } from '../../../core/http/credentials.ts';
import type { HttpAnswer, HttpClient } from '../../../core/http.ts';

export interface RepositoryRecord {
  /** Hostile text; null if there is none. */
  readonly homepage: string | null;
  readonly isPrivate: boolean;
}

export interface GithubRecords {
  /** Whether it can be asked. */
  readonly isOpen: boolean;
  /** @param name `dandisets/000027` */
  repository(name: string, signal?: AbortSignal): Promise<Seen<RepositoryRecord> | Absent | Failed>;
  /** Tags of the releases, at most 100. */
  releases(
    name: string,
    signal?: AbortSignal,
  ): Promise<Seen<ReadonlySet<string>> | Absent | Failed>;
}

const MAX_BYTES = 4 << 20;
const RELEASES = 100;
const repositorySchema = z.object({ homepage: z.string().nullish(), private: z.boolean() });
const releasesSchema = z.array(z.object({ tag_name: z.string() }));

export function createGithub(options: {
  readonly http: HttpClient;
  readonly url: string;
  readonly token?: string | undefined;
}): GithubRecords {
  const http = withCredentials(options.http, {
    token: options.token,
    authorization: (token) => `Bearer ${token}`,
  });

  const ask = async <T>(
    path: string,
    about: string,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ) => {
    const answer = await http.request({
      kind: 'github',
      about,
      method: 'GET',
      url: `${options.url}/repos/${path}`,
      headers: { accept: 'application/vnd.github+json', 'accept-encoding': 'gzip, br' },
      maxBytes: MAX_BYTES,
      signal,
      verify: (tried) => {
        const told = read(tried, schema);
        return told.kind === 'failed' && tried.status === 200 ? told : undefined;
      },
    });
    return answer.kind === 'failed' ? answer : read(answer, schema);
  };

  return {
    get isOpen() {
      return http.isSending;
    },
    async repository(name, signal) {
      const answer = await ask(name, name, repositorySchema, signal);
      if (answer.kind !== 'seen') return answer;
      const { homepage, private: isPrivate } = answer.value;
      return seen({ homepage: homepage || null, isPrivate });
    },
    async releases(name, signal) {
      const path = `${name}/releases?per_page=${RELEASES}`;
      const answer = await ask(path, name, releasesSchema, signal);
      if (answer.kind !== 'seen') return answer;
      return seen(new Set(answer.value.map(({ tag_name }) => tag_name)));
    },
  };
}

function read<T>({ status, body }: HttpAnswer, schema: z.ZodType<T>): Seen<T> | Absent | Failed {
  if (status === 404) return ABSENT;
  if (status !== 200) return failed('malformed', `GitHub answered HTTP ${status}`, status);
  try {
    const value = schema.safeParse(JSON.parse(body.toString()));
    if (value.success) return seen(value.data);
  } catch {
    // Not JSON: the same as another shape.
  }
  return failed('malformed', "GitHub's answer is not as expected");
}
