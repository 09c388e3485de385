// What the mirror of a zarr states of itself, and what its files say.

import { fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../../core/failure.ts';
import { annexKeyOf } from '../../../core/protocols/git/annex-key.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { isBookkeeping } from '../rules/asset-paths.ts';
import type { Sources } from '../sources/index.ts';
import { type ZarrFile, zarrChecksum } from '../zarr-checksum.ts';
import { SMALL_BYTES } from './mirror-state.ts';

const CHECKSUM_PATH = '.dandi/zarr-checksum';
const SYNC_PATH = '.dandi/s3sync.json';

export interface ZarrMirrorSum {
  /** The checksum that it states; null if it states none. */
  readonly stated: string | null;
  /** When the newest object was written that it has read, in UTC; null if it does not say. */
  readonly synced: string | null;
  /** Of its files, as far as their keys give size and MD5. */
  readonly computed: string;
  readonly isWhole: boolean;
  /** Keys with odd parts; at most 100. */
  readonly odd: number;
}

export async function zarrSumOfMirror(
  { zarrMirrors, signal }: Pick<Sources, 'zarrMirrors'> & { readonly signal?: AbortSignal },
  zarr: string,
  commit: string,
): Promise<Seen<ZarrMirrorSum> | Failed> {
  const tree = await zarrMirrors.readFiles(zarr, commit, SMALL_BYTES, signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return failed('malformed', "the commit of the zarr's mirror is gone");
  return seen(sumOfFiles(tree.value.entries));
}

export function sumOfFiles(entries: Iterable<RepositoryFile>): ZarrMirrorSum {
  const files: ZarrFile[] = [];
  let stated: string | null = null;
  let synced: string | null = null;
  let isWhole = true;
  for (const { path: binary, blob } of entries) {
    const path = fromBinary(binary);
    if (path === SYNC_PATH) synced = syncedOf(blob);
    if (path === CHECKSUM_PATH) stated = blob?.toString().trim().slice(0, 128) || null;
    if (isBookkeeping(path)) continue;
    const key = blob && annexKeyOf(blob.toString('latin1'));
    if (key?.md5 == null || key.size === null) isWhole = false;
    else files.push({ path, size: key.size, md5: key.md5 });
  }
  const { checksum, odd } = zarrChecksum(files);
  return { stated, synced, computed: checksum, isWhole, odd: odd.length };
}

/** ISO 8601 in UTC; null if the file does not say. */
function syncedOf(blob: Buffer | undefined): string | null {
  try {
    const { last_modified: at } = JSON.parse(blob?.toString() ?? '') as { last_modified?: unknown };
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  } catch {
    return null;
  }
}
