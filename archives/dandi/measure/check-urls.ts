// Stage: does the git-annex branch know where each annexed file can be had? Reads that branch, the
// tree of the draft and its assets, and asks for the recorded versions of objects. Writes
// urls.json.

import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { annexKeyOf } from '../../../core/protocols/git/annex-key.ts';
import { newestByUuid } from '../../../core/protocols/git/annex-log.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { keyOfLog } from '../annex/keys.ts';
import { EMBARGO_REMOTE, holdersOf, liveAddresses, WEB_REMOTE } from '../annex/web-log.ts';
import { someOf } from '../checks/shapes.ts';
import { urls } from '../checks/urls.ts';
import { blobKey, bucketOf, type S3Address, s3Address } from '../s3-address.ts';
import type { Context } from '../sources/index.ts';
import { isTextName } from '../text-names.ts';
import { inSlices } from './in-slices.ts';
import { SMALL_BYTES } from './mirror-state.ts';
import { someOfTurn } from './some-of-turn.ts';

/** Requests for one dandiset. */
const AT_MOST = 500;
/** Addresses of the API: today it knows every asset that ever was. */
const OF_API = 5;
const ASSET = /\/api\/assets\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/download\/?$/;
/** A log has a few lines. */
const LOG_BYTES = 64 << 10;

export const checkUrls = inSlices(urls, async (context, { id, mirror }) => {
  const { signal } = context;
  const [draft, annex] = [mirror?.draft ?? null, mirror?.annex ?? null];
  if (draft === null || annex === null) return { kind: 'without', reason: 'no-mirror' };
  const answer = await context.registry.draftAssets(id, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const tree = await context.logs.readFiles(id, draft, SMALL_BYTES, signal);
  if (tree.kind !== 'seen') return gone(tree);
  const branch = await context.logs.readFiles(id, annex, LOG_BYTES, signal);
  if (branch.kind !== 'seen') return gone(branch);

  const keyOf = keysOf(tree.value.entries);
  const logs = readLogs(branch.value.entries, new Set(keyOf.values()));
  const blobs = new Map<BinaryString, Set<string>>();
  const paths = new Map<BinaryString, string>();
  for (const { path, blob } of answer.value.assets) {
    const key = keyOf.get(path);
    if (blob === null || key === undefined) continue;
    paths.set(key, path);
    const keys = blobs.get(key) ?? new Set();
    blobs.set(key, keys.add(blobKey(blob)));
  }

  const own = bucketOf(context.bucketUrl);
  const withoutAddress: string[] = [];
  const apiOnly: string[] = [];
  const otherBlob: string[] = [];
  const objects: { readonly path: string; readonly address: S3Address }[] = [];
  const ofApi: { readonly path: string; readonly assetId: string }[] = [];
  for (const [key, path] of paths) {
    const live = logs.web.get(key) ?? [];
    const inBucket = live.flatMap((address) => s3Address(address) ?? []);
    if (live.length === 0) withoutAddress.push(path);
    else if (inBucket.length === 0 && !isTextName(path)) apiOnly.push(path);
    for (const address of live) {
      const assetId = ASSET.exec(address)?.[1];
      if (assetId !== undefined) ofApi.push({ path, assetId });
    }
    for (const address of inBucket) {
      const isOurs = own === null || address.bucket === own;
      if (!isOurs || !blobs.get(key)?.has(address.key)) otherBlob.push(path);
      else objects.push({ path, address });
    }
  }
  const asked = await askFor(context, id, objects);
  if ('kind' in asked) return asked;
  const stale = await askApi(context, id, ofApi);
  if (!Array.isArray(stale)) return stale;
  return {
    kind: 'evidence',
    evidence: {
      annex,
      keys: paths.size,
      asked: asked.asked,
      withoutAddress: someOf(withoutAddress.sort()),
      apiOnly: someOf(apiOnly.sort()),
      dead: someOf(asked.dead.sort()),
      blocked: someOf(asked.blocked.sort()),
      otherBlob: someOf(otherBlob.sort()),
      stale: someOf(stale.sort()),
      claimed: logs.claimed,
    },
    facts: { numbers: { claimed: logs.claimed } },
  };
});

const gone = (answer: { readonly kind: 'absent' } | Failed): Failed =>
  answer.kind === 'failed' ? answer : failed('malformed', 'a commit of the mirror is gone');

/** Path to the name of its key. */
function keysOf(entries: Iterable<RepositoryFile>): ReadonlyMap<string, BinaryString> {
  const keys = new Map<string, BinaryString>();
  for (const { path, blob } of entries) {
    const key = blob && annexKeyOf(blob.toString('latin1'));
    if (key) keys.set(fromBinary(path), key.name);
  }
  return keys;
}

/** What the branch records of these keys. */
function readLogs(entries: Iterable<RepositoryFile>, wanted: ReadonlySet<BinaryString>) {
  const web = new Map<BinaryString, string[]>();
  const holders = new Map<BinaryString, string[]>();
  let remotes: ReadonlySet<string> = new Set();
  for (const { path, blob } of entries) {
    if (blob === undefined) continue;
    if (path === 'remote.log') remotes = new Set(newestByUuid(blob.toString()).keys());
    const webKey = keyOfLog(path, '.log.web')?.name;
    if (webKey !== undefined && wanted.has(webKey)) web.set(webKey, liveAddresses(blob.toString()));
    const key = keyOfLog(path, '.log')?.name;
    if (key !== undefined && wanted.has(key)) holders.set(key, holdersOf(blob.toString()));
  }
  const isCopy = (uuid: string) =>
    remotes.has(uuid) && uuid !== WEB_REMOTE && uuid !== EMBARGO_REMOTE;
  const claimed = [...holders.values()].filter((uuids) => uuids.some(isCopy)).length;
  return { web, claimed };
}

async function askFor(
  { bucket, signal, runStart }: Context,
  id: string,
  objects: readonly { readonly path: string; readonly address: S3Address }[],
) {
  const turn = turnOf(id, urls.goodForDays, runStart);
  const chosen = someOfTurn(objects, AT_MOST, ({ address }) => `${turn} ${address.key}`);
  const dead: string[] = [];
  const blocked: string[] = [];
  const heads = await Promise.all(
    chosen.map(({ address }) => bucket.head(address.key, address.versionId, id, signal)),
  );
  for (const [at, head] of heads.entries()) {
    if (head.kind === 'failed') return head;
    const path = chosen[at]?.path as string;
    if (head.status === 404) dead.push(path);
    if (head.status === 403) blocked.push(path);
  }
  return { asked: chosen.length, dead, blocked };
}

/** Paths of assets that the API does not know any more. */
async function askApi(
  { registry, signal, runStart }: Context,
  id: string,
  ofApi: readonly { readonly path: string; readonly assetId: string }[],
): Promise<string[] | Failed> {
  const turn = turnOf(id, urls.goodForDays, runStart);
  const stale: string[] = [];
  for (const { path, assetId } of someOfTurn(ofApi, OF_API, (one) => `${turn} ${one.assetId}`)) {
    const isKnown = await registry.hasAsset(assetId, id, signal);
    if (isKnown.kind === 'failed') return isKnown;
    if (!isKnown.value) stale.push(path);
  }
  return stale;
}
