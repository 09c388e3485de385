// Reads a dataset's mirror over git's smart HTTP protocol, without a git program: all refs in one
// request, and the tree of a commit in another (docs/architecture.md).

import { ABSENT, type Absent, type Failed, failed, type Seen, seen } from '../../failure.ts';
import { withCredentials } from '../../http/credentials.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http.ts';
import type { ContentTree, GitObjects, MirrorSource, Refs, RepositorySource } from '../sources.ts';
import { askOnce, notGit, type Refused } from './ask.ts';
import { contentOf, mayNameKey } from './content.ts';
import { exportTrees } from './export-tree.ts';
import { attempt, malformed } from './fault.ts';
import { type FetchFilter, fetchRequest, packOf, saysNotOurRef } from './fetch-tree.ts';
import { lsRefsRequest, parseDiscovery, parseLsRefs, saysError } from './ls-refs.ts';
import { type Pack, type PackLimits, readPack } from './pack.ts';
import { meaningOfRefusal, speaksOfLimit, unsettled } from './refusal.ts';
import { blobsOf, historyOf, repositoryFiles } from './repository.ts';
import { isOid } from './request-words.ts';
import { openTree, rootIdOf, TREE_LIMITS, treeIdOf } from './tree-walk.ts';

export interface MirrorOptions {
  readonly http: HttpClient;
  /** `/{id}.git` is appended to it. */
  readonly baseUrl: string;
  /** A GitHub token, sent as GitHub documents HTTPS cloning. Public mirrors need none. */
  readonly token?: string | undefined;
  /** Called once, when the token is refused. The token is not sent after that. */
  readonly onTokenRefused?: ((status: number) => void) | undefined;
  /**
   * The host's text for a repository that does not exist, if it differs from GitHub's and git's.
   */
  readonly absentText?: string | undefined;
  /** Maximum bytes of one tree's answer; 400,000 files came as 13.9 MB. */
  readonly maxTreeBytes?: number;
  /** Contents smaller than this are sent with a tree. */
  readonly plainBytes?: number;
}

const MAX_TREE_BYTES = 128 << 20;
/** Room for 80,000 refs; the dataset with the most snapshots has 33. */
const MAX_REFS_BYTES = 8 << 20;
/** The largest known dataset, of 394,526 files, uses a tenth at most. */
const PACK_LIMITS: PackLimits = {
  objects: 2_000_000,
  objectBytes: 64 << 20,
  totalBytes: 512 << 20,
};
/** Contents smaller than this are sent with a tree, once per commit (docs/performance.md). */
const PLAIN_BYTES = 64 << 10;
/** Covers all links and most pointer files: 100 to 300 bytes. */
const LINK_BYTES = 1024;
/** For a tree with its contents. Only digests are kept, so this bounds time more than memory. */
const MAX_CONTENT_BYTES = 1 << 30;
/** A content that is larger than wanted is passed over, if it has no more bytes than these. */
const MAX_PASSED_BYTES = 256 << 20;
/** A log of the git-annex branch has a few lines. */
const MAX_LOG_BYTES = 4 << 20;

const V2 = { 'Git-Protocol': 'version=2' };
const RESULT = 'application/x-git-upload-pack-result';
const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';
const POST_HEADERS = {
  ...V2,
  'Content-Type': 'application/x-git-upload-pack-request',
  Accept: RESULT,
};

/**
 * Reads mirrors at `{baseUrl}/{id}.git`. refusal.ts defines what refusals mean. A tree is also
 * absent if the server does not have the commit. Throws only for an id or commit that must not
 * enter a request, and for an invalid token.
 */
export function createMirrorSource(options: MirrorOptions): MirrorSource & RepositorySource {
  const http = withCredentials(options.http, {
    token: options.token,
    authorization: (token) => `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
    isLimit: speaksOfLimit,
    onRefused: options.onTokenRefused,
  });
  /** False once a server rejects the word. This saves a request for every other mirror. */
  let unborn = true;
  const base = options.baseUrl.replace(/\/+$/, '');
  const { maxTreeBytes = MAX_TREE_BYTES, plainBytes = PLAIN_BYTES } = options;

  const meaning = (answer: HttpAnswer) =>
    meaningOfRefusal(answer, {
      credentialsRefused: http.refused,
      absentText: options.absentText,
    });
  /** Asks when another request may follow: the caller handles an answer that is not git's. */
  const ask = <T>(contentType: string, parse: (body: Buffer) => T, request: HttpRequest) =>
    askOnce({ http, contentType, parse, meaning, isLast: false }, request);
  /** Asks when no other request follows: an answer that is not git's is retried, then malformed. */
  const askLast = async <T>(
    contentType: string,
    parse: (body: Buffer) => T,
    request: HttpRequest,
  ): Promise<Seen<T> | Refused> => {
    const answer = await askOnce({ http, contentType, parse, meaning, isLast: true }, request);
    return answer.kind === 'other' ? notGit(answer) : answer;
  };

  const refsQuestion = (about: string, repository: string, signal?: AbortSignal): HttpRequest => ({
    kind: 'refs',
    about,
    method: 'POST',
    url: `${repository}/git-upload-pack`,
    headers: POST_HEADERS,
    body: lsRefsRequest({ unborn }),
    maxBytes: MAX_REFS_BYTES,
    signal,
  });

  /** The wanted objects and what the filter allows; `absent` when a wanted object is missing. */
  const fetchPack = async (
    datasetId: string,
    wants: readonly string[],
    filter: FetchFilter,
    limits: Partial<PackLimits>,
    signal?: AbortSignal,
    depth = 1,
  ): Promise<Seen<Pack> | Absent | Failed> => {
    const wrong = wants.find((oid) => !isOid(oid));
    if (wrong !== undefined) throw new TypeError(`not an object id: ${JSON.stringify(wrong)}`);
    const read = (body: Buffer) =>
      saysNotOurRef(body, wants) ? null : readPack(packOf(body), { ...PACK_LIMITS, ...limits });
    const answer = await askLast(RESULT, read, {
      kind: 'tree',
      about: datasetId,
      method: 'POST',
      url: `${repositoryUrl(base, datasetId)}/git-upload-pack`,
      headers: POST_HEADERS,
      body: fetchRequest(wants, filter, depth),
      maxBytes: maxTreeBytes,
      signal,
    });
    if (answer.kind !== 'seen') return withoutPack(answer);
    return answer.value === null ? ABSENT : seen(answer.value);
  };

  return {
    async readRefs(datasetId, signal) {
      const repository = repositoryUrl(base, datasetId);
      const direct = await ask(RESULT, refsOrError, refsQuestion(datasetId, repository, signal));
      if (direct.kind === 'seen' && direct.value !== null) return seen(direct.value);
      if (direct.kind !== 'seen' && direct.kind !== 'other') return direct;
      const discovery = await askLast(ADVERTISEMENT, parseDiscovery, {
        kind: 'refs',
        about: datasetId,
        method: 'GET',
        url: `${repository}/info/refs?service=git-upload-pack`,
        headers: { ...V2, Accept: ADVERTISEMENT },
        maxBytes: MAX_REFS_BYTES,
        signal,
      });
      if (discovery.kind !== 'seen') return discovery;
      if (discovery.value.kind === 'refs') return seen(discovery.value.refs);
      unborn = discovery.value.unborn;
      return askLast(RESULT, parseLsRefs, refsQuestion(datasetId, repository, signal));
    },

    async readTree(datasetId, commit, signal) {
      const pack = await fetchPack(datasetId, [commit], 'blob:none', {}, signal);
      if (pack.kind !== 'seen') return pack;
      // A whole pack with a wrong tree would come again unchanged, so a retry is useless.
      return attempt(() => {
        // A tree in place of the commit is an error.
        rootIdOf(pack.value, commit);
        return openTree(pack.value, commit, TREE_LIMITS);
      });
    },

    async readContent(datasetId, id, signal) {
      const upTo = async (bytes: number) => {
        const limits = { blobBytes: bytes, totalBytes: MAX_CONTENT_BYTES, isWhole: mayNameKey };
        const filter = `blob:limit=${bytes}` as const;
        const pack = await fetchPack(datasetId, [id], filter, limits, signal);
        return pack.kind === 'seen' ? attempt(() => contentTree(pack.value, id)) : pack;
      };
      const answer = await upTo(plainBytes);
      // If the answer was too large, ask for the links only.
      const isTooMuch = answer.kind === 'failed' && answer.reason === 'malformed';
      return isTooMuch && plainBytes > LINK_BYTES ? await upTo(LINK_BYTES) : answer;
    },

    async readObjects(datasetId, { blobs, commits }, signal) {
      const wants = [...blobs, ...commits];
      const limits = { blobBytes: MAX_LOG_BYTES };
      const pack = await fetchPack(datasetId, wants, 'tree:0', limits, signal);
      return pack.kind === 'seen' ? attempt(() => pickObjects(pack.value, blobs, commits)) : pack;
    },

    async readFiles(id, commit, blobBytes, signal) {
      const limits = { blobBytes, totalBytes: MAX_CONTENT_BYTES };
      const pack = await fetchPack(id, [commit], `blob:limit=${blobBytes}`, limits, signal);
      return pack.kind === 'seen' ? attempt(() => repositoryFiles(pack.value, commit)) : pack;
    },

    async readBlobs(id, oids, maxBytes, signal) {
      if (oids.length === 0) return seen(new Map());
      const limits = { blobBytes: maxBytes, objectBytes: MAX_PASSED_BYTES };
      const pack = await fetchPack(id, oids, 'tree:0', limits, signal);
      return pack.kind === 'seen' ? attempt(() => blobsOf(pack.value, oids)) : pack;
    },

    async readHistory(id, wants, depth, signal) {
      const pack = await fetchPack(id, wants, 'tree:0', {}, signal, depth);
      return pack.kind === 'seen' ? attempt(() => historyOf(pack.value)) : pack;
    },
  };
}

/** The files of a commit or a tree with what the small contents tell. */
function contentTree(pack: Pack, id: string): ContentTree {
  const tree = openTree(pack, id, TREE_LIMITS);
  const root = treeIdOf(pack, id);
  return {
    tree: root,
    exportTrees: exportTrees(pack, root),
    entries: {
      *[Symbol.iterator]() {
        for (const { path, mode, oid } of tree) {
          yield { path, content: contentOf(mode, pack.objects.blob(oid)) };
        }
      },
    },
  };
}

function pickObjects(pack: Pack, blobs: readonly string[], commits: readonly string[]): GitObjects {
  const content = (oid: string): Buffer => {
    const blob = pack.objects.blob(oid);
    if (!Buffer.isBuffer(blob)) throw malformed(`blob ${oid} is not in the pack`);
    return blob;
  };
  return {
    blobs: new Map(blobs.map((oid) => [oid, content(oid)])),
    trees: new Map(commits.map((oid) => [oid, rootIdOf(pack, oid)])),
  };
}

function repositoryUrl(base: string, datasetId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(datasetId)) {
    throw new TypeError(`not a dataset id: ${JSON.stringify(datasetId)}`);
  }
  return `${base}/${datasetId}.git`;
}

/** Null for the server's own error: it may not know a word of the request. */
const refsOrError = (body: Buffer): Refs | null => (saysError(body) ? null : parseLsRefs(body));

/** For a repository whose refs were read: its next refs will tell if it is closed now. */
function withoutPack(answer: Refused): Absent | Failed {
  switch (answer.kind) {
    case 'disabled':
      return failed('malformed', 'the repository is disabled');
    case 'denied':
      return unsettled(answer);
    default:
      return answer;
  }
}
