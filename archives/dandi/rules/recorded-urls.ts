// Where the git-annex branch of a mirror says that each annexed file can be had, and which of it is
// wrong by itself. Nothing is asked here.

import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import { annexKeyOf } from '../../../core/protocols/git/annex-key.ts';
import { newestByUuid } from '../../../core/protocols/git/annex-log.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { keyOfLog } from '../annex/keys.ts';
import { EMBARGO_REMOTE, holdersOf, liveAddresses, WEB_REMOTE } from '../annex/web-log.ts';
import { blobKey, type S3Address, s3Address } from '../s3-address.ts';
import type { Asset } from '../sources/registry-answers.ts';
import { isTextName } from '../text-names.ts';

const ASSET = /\/api\/assets\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/download\/?$/;

export interface RecordedUrls {
  /** Keys of the draft's assets, each once; a path names it in what follows. */
  readonly keys: number;
  /** Sorted, like the next two. */
  readonly withoutAddress: readonly string[];
  /** Keys of other than text files, with addresses of the API alone. */
  readonly apiOnly: readonly string[];
  readonly otherBlob: readonly string[];
  /** Objects of the right blob. */
  readonly objects: readonly { readonly path: string; readonly address: S3Address }[];
  /** Addresses of the API. An asset that is not the present one is no fault: the content is the same. */
  readonly ofApi: readonly { readonly path: string; readonly assetId: string }[];
  /** How many keys another repository is said to hold. */
  readonly claimed: number;
}

interface Recorded {
  readonly assets: readonly Asset[];
  /** Files of the branches `draft` and `git-annex`. */
  readonly draft: Iterable<RepositoryFile>;
  readonly annex: Iterable<RepositoryFile>;
  /** The archive's; null if its address does not say. */
  readonly bucket: string | null;
}

export function recordedUrls({ assets, draft, annex, bucket }: Recorded): RecordedUrls {
  const keyAt = keysOf(draft);
  const blobs = new Map<BinaryString, Set<string>>();
  const paths = new Map<BinaryString, string>();
  for (const { path, blob } of assets) {
    const key = keyAt.get(path);
    if (blob === null || key === undefined) continue;
    paths.set(key, path);
    const keys = blobs.get(key) ?? new Set();
    blobs.set(key, keys.add(blobKey(blob)));
  }
  const logs = readLogs(annex, new Set(paths.keys()));
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
      const isOurs = bucket === null || address.bucket === bucket;
      if (!isOurs || !blobs.get(key)?.has(address.key)) otherBlob.push(path);
      else objects.push({ path, address });
    }
  }
  return {
    keys: paths.size,
    withoutAddress: withoutAddress.sort(),
    apiOnly: apiOnly.sort(),
    otherBlob: otherBlob.sort(),
    objects,
    ofApi,
    claimed: logs.claimed,
  };
}

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
