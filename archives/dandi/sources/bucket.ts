// The archive's bucket, over plain unsigned HTTP: one object by HEAD, the files of a zarr by
// listing, small manifests by GET.

import { type BinaryString, fromBinary, toBinary } from '../../../core/compare/byte-order.ts';
import {
  type Absent,
  type Denied,
  type Failed,
  failed,
  type Seen,
  seen,
} from '../../../core/failure.ts';
import type { HttpClient } from '../../../core/http.ts';
import { accessOf, keyInUrl } from '../../../core/protocols/s3/access.ts';
import { listFolders } from '../../../core/protocols/s3/folders.ts';
import { askListingPage } from '../../../core/protocols/s3/listing-page.ts';
import { meaningOfError, notOfS3 } from '../../../core/protocols/s3/own-answer.ts';

export interface ObjectHead {
  readonly status: 200 | 403 | 404;
  /** Bytes; null unless the object is there. */
  readonly size: number | null;
  /** Without quotes. */
  readonly etag: string | null;
  /** ISO 8601. */
  readonly modified: string | null;
}

export interface ListedFile {
  /** As text, without the prefix. */
  readonly path: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: string | null;
}

export interface Bucket {
  /** @param versionId of one version; null for the current one */
  head(
    key: string,
    versionId: string | null,
    about: string,
    signal?: AbortSignal,
  ): Promise<({ readonly kind: 'head' } & ObjectHead) | Failed>;
  /**
   * All objects below a prefix, in byte order.
   * @param pages are read at most; null if there are more
   */
  list(
    prefix: string,
    pages: number,
    signal?: AbortSignal,
  ): Promise<Seen<readonly ListedFile[] | null> | Failed>;
  /** Names of the folders below a prefix, in byte order. */
  folders(prefix: string, signal?: AbortSignal): Promise<Seen<readonly string[]> | Failed>;
  /** A small object. */
  get(
    key: string,
    maxBytes: number,
    about: string,
    signal?: AbortSignal,
  ): Promise<Seen<Buffer> | Absent | Denied | Failed>;
}

const KEYS_A_PAGE = 1000;

/** @param baseUrl of the bucket: `https://{bucket}.s3.amazonaws.com`, or with it in the path */
export function createBucket(http: HttpClient, baseUrl: string): Bucket {
  const base = baseUrl.replace(/\/+$/, '');
  const addressOf = (key: string): string | null => {
    const path = keyInUrl(toBinary(key));
    return path === null ? null : `${base}/${path}`;
  };
  return {
    async head(key, versionId, about, signal) {
      const url = addressOf(key);
      if (url === null) return failed('internal', 'a key that no address can name');
      const query = versionId === null ? '' : `?versionId=${encodeURIComponent(versionId)}`;
      const answer = await http.request({
        kind: 'head',
        about,
        method: 'HEAD',
        url: `${url}${query}`,
        maxBytes: 0,
        signal,
        verify(tried) {
          const told = accessOf(tried);
          if (told.kind === 'failed') return told;
          return told.status === 200 && sizeOf(tried.headers) === null
            ? failed('malformed', 'an object without a length')
            : undefined;
        },
      });
      if (answer.kind === 'failed') return answer;
      const told = accessOf(answer);
      if (told.kind === 'failed') return told;
      const isThere = told.status === 200;
      return {
        kind: 'head',
        status: told.status,
        size: isThere ? sizeOf(answer.headers) : null,
        etag: told.etag ?? null,
        modified: isThere ? timeOf(answer.headers['last-modified']) : null,
      };
    },

    async list(prefix, pages, signal) {
      const files: ListedFile[] = [];
      let token: string | null = null;
      let after: BinaryString | null = null;
      for (let page = 0; page < pages; page++) {
        const question = { prefix: toBinary(prefix), maxKeys: KEYS_A_PAGE, token, after };
        const read = await askListingPage({ http, base }, question, signal);
        const answer = await read();
        if ('kind' in answer) {
          return answer.kind === 'failed'
            ? answer
            : failed('malformed', `a bucket that is ${answer.kind}`);
        }
        for (const { key, size, etag, modified = null } of answer.objects) {
          files.push({ path: fromBinary(key), size, etag, modified });
        }
        if (answer.nextToken === null) return seen(files);
        if (answer.nextToken === token) return failed('malformed', 'a token that repeats');
        token = answer.nextToken;
        after = toBinary(prefix) + (answer.objects.at(-1)?.key ?? '');
      }
      return seen(null);
    },

    folders: (prefix, signal) => listFolders(http, base, signal, toBinary(prefix)),

    async get(key, maxBytes, about, signal) {
      const url = addressOf(key);
      if (url === null) return failed('internal', 'a key that no address can name');
      const answer = await http.request({
        ...{ kind: 'manifest', about, method: 'GET', url, maxBytes, signal },
        headers: { 'accept-encoding': 'gzip, br' },
        verify: (tried) => (tried.status === 200 ? undefined : notOfS3(tried)),
      });
      if (answer.kind === 'failed') return answer;
      if (answer.status === 200) return seen(answer.body);
      const meaning = meaningOfError(answer);
      return meaning.kind === 'archived' ? failed('malformed', 'an archived object') : meaning;
    },
  };
}

function sizeOf(headers: Readonly<Record<string, string>>): number | null {
  const length = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : null;
}

function timeOf(header: string | undefined): string | null {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
