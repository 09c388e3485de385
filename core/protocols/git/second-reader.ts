// Reads mirrors with isomorphic-git: a second opinion on our own reader. Its requests use our HTTP
// client, so it sees only whole answers. It fetches trees with another protocol version and without
// a filter, so it is for small mirrors only.

import type { GitHttpRequest } from 'isomorphic-git';
import { type Failed, failed, type Seen, seen } from '../../failure.ts';
import { NotAnswered } from '../../http/not-answered.ts';
import type { HttpAnswer, HttpClient } from '../../http.ts';
import type { Refs } from '../sources.ts';

/** Default number of mirrors in a day's sample. */
export const SECOND_READINGS = 10;

export type SecondRefs = Pick<Refs, 'head' | 'branches' | 'tags'>;

export interface SecondReader {
  /** HEAD's branch, the branches, and the tags with their commits. */
  readRefs(datasetId: string, signal?: AbortSignal): Promise<Seen<SecondRefs> | Failed>;
  /** Every file of a tag's tree as a line (`fileLine`), gitlinks included, sorted as text. */
  readFiles(datasetId: string, tag: string, signal?: AbortSignal): Promise<Seen<string[]> | Failed>;
}

/** `100644 {oid} {path}`: the mode in octal digits, the path as UTF-8 text. */
export const fileLine = (mode: number, oid: string, path: string): string =>
  `${mode.toString(8)} ${oid} ${path}`;

/** For one answer. Larger mirrors are not for this reader. */
const MAX_BYTES = 64 << 20;
const HEADS = 'refs/heads/';
const TAGS = 'refs/tags/';

/** @param baseUrl `/{id}.git` is appended to it */
export function createSecondReader(http: HttpClient, baseUrl: string): SecondReader {
  const base = baseUrl.replace(/\/+$/, '');
  const urlOf = (datasetId: string) => `${base}/${datasetId}.git`;
  return {
    async readRefs(datasetId, signal) {
      const { default: git } = await import('isomorphic-git');
      return attempt(async () => {
        const refs = await git.listServerRefs({
          http: carrier(http, 'refs', signal),
          url: urlOf(datasetId),
          symrefs: true,
          peelTags: true,
        });
        const below = (prefix: string) =>
          new Map(
            refs.flatMap(({ ref, oid, peeled }) =>
              ref.startsWith(prefix) ? [[ref.slice(prefix.length), peeled ?? oid] as const] : [],
            ),
          );
        const head = refs.find(({ ref }) => ref === 'HEAD')?.target;
        return {
          head: head?.startsWith(HEADS) ? head.slice(HEADS.length) : null,
          branches: below(HEADS),
          tags: below(TAGS),
        };
      }, signal);
    },

    async readFiles(datasetId, tag, signal) {
      const [{ default: git }, { memfs }] = await Promise.all([
        import('isomorphic-git'),
        import('memfs'),
      ]);
      return attempt(async () => {
        const { fs } = memfs();
        const dir = '/mirror';
        await git.init({ fs, dir });
        await git.addRemote({ fs, dir, remote: 'origin', url: urlOf(datasetId) });
        const { fetchHead } = await git.fetch({
          fs,
          dir,
          http: carrier(http, 'tree', signal),
          ref: `${TAGS}${tag}`,
          singleBranch: true,
          depth: 1,
        });
        if (fetchHead === null) throw new Error(`nothing came for ${tag}`);
        const files: string[] = await git.walk({
          fs,
          dir,
          trees: [git.TREE({ ref: fetchHead })],
          async map(path, [entry]) {
            if (entry == null || (await entry.type()) === 'tree') return undefined;
            return fileLine(await entry.mode(), await entry.oid(), path);
          },
          reduce: async (parent, children) => [parent, ...children.flat()].filter(Boolean),
        });
        return files.sort();
      }, signal);
    },
  };
}

/** Our client in isomorphic-git's form. @throws NotAnswered if no trustworthy answer comes */
function carrier(http: HttpClient, kind: 'refs' | 'tree', signal: AbortSignal | undefined) {
  return {
    async request({ url, method: wanted, headers, body }: GitHttpRequest) {
      const method = wanted === 'POST' ? 'POST' : 'GET';
      const sent = body && Buffer.concat(await Array.fromAsync(body));
      const answer = await http.request({
        kind,
        method,
        url,
        maxBytes: MAX_BYTES,
        signal,
        verify: notWhole,
        ...(headers && { headers }),
        ...(sent && { body: sent }),
      });
      if (answer.kind === 'failed') throw new NotAnswered(answer);
      const pieces = (async function* () {
        yield new Uint8Array(answer.body);
      })();
      return {
        url,
        method,
        statusCode: answer.status,
        statusMessage: `HTTP ${answer.status}`,
        headers: { ...answer.headers },
        body: pieces,
      };
    },
  };
}

/** isomorphic-git accepts a cut list; git ends each with a flush packet (gitprotocol-http). */
function notWhole({ status, headers, body }: HttpAnswer): Failed | undefined {
  if (status !== 200) return undefined;
  if (!headers['content-type']?.startsWith('application/x-git-')) {
    return failed('malformed', 'not an answer of git');
  }
  return body.subarray(-4).toString('latin1') === '0000'
    ? undefined
    : failed('cut-short', 'the answer ends without flush packet');
}

/** @throws the signal's reason when it is aborted. */
async function attempt<T>(
  read: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<Seen<T> | Failed> {
  try {
    return seen(await read());
  } catch (error) {
    if (error instanceof NotAnswered) return error.failure;
    signal?.throwIfAborted();
    return failed('malformed', error instanceof Error ? error.message : String(error));
  }
}
