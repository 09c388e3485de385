// Reads what the registry says of a dataset from the documents of a tree.

import type { Entry, KnownSnapshot } from './checks/entry.ts';
import type { Metadata, Snapshots } from './documents.ts';
import { metadataPath, snapshotsPath } from './paths.ts';
import { UNKNOWN_HEXSHA } from './vocabulary.ts';

/**
 * The entry that the documents of a tree give; null if they are incomplete or contradict each
 * other.
 */
export async function entryOf(
  id: string,
  latest: string | null,
  read: (path: string) => Promise<unknown>,
): Promise<Entry | null> {
  const listed = (await read(snapshotsPath(id))) as Snapshots | undefined;
  const tags = new Set(listed?.tags);
  // A newer one is from a registry that was not written yet.
  const isOfRegistry = latest !== null && listed !== undefined && listed.tags.at(-1) === latest;
  if (!isOfRegistry || tags.size < listed.tags.length) return null;
  const snapshots: KnownSnapshot[] = [];
  for (const tag of tags) {
    const metadata = (await read(metadataPath(id, tag))) as Metadata | undefined;
    if (metadata === undefined) return null;
    snapshots.push({ tag, hexsha: knownHexsha(metadata) });
  }
  return { latest, snapshots };
}

/** Null if the registry does not give it. */
export const knownHexsha = ({ hexsha }: Pick<Metadata, 'hexsha'>): string | null =>
  hexsha === UNKNOWN_HEXSHA ? null : hexsha;
