// The snapshots of a dataset, as the registry listed them and the tree keeps them.

import type { Reading } from '../../core/monitor/archive.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import type { KnownSnapshot } from './checks/entry.ts';
import type { Github, Metadata, Snapshots } from './documents.ts';
import { knownHexsha } from './entry.ts';
import { metadataPath, snapshotsPath } from './paths.ts';
import type { Subtype } from './vocabulary.ts';

/** A snapshot with its time of creation, both from the registry. */
export interface DatedSnapshot extends KnownSnapshot {
  /** null when the registry does not give it. */
  readonly created: string | null;
}

/** Tags of the dataset's snapshots in order of creation. */
export async function readTags(context: Reading, dataset: string): Promise<readonly string[]> {
  return (await readOrNull<Snapshots>(context, snapshotsPath(dataset)))?.tags ?? [];
}

/** The snapshots of a dataset in order of creation; without metadata only the tag is known. */
export async function readSnapshots(
  context: Reading,
  dataset: string,
): Promise<readonly DatedSnapshot[]> {
  return readDated(context, dataset, await readTags(context, dataset));
}

/**
 * Snapshots that the mirror's tags do not show at the registry's commit, by what was found of the
 * mirror.
 */
export async function readStrays(
  context: Reading,
  dataset: string,
  { findings }: Pick<Github, 'findings'>,
): Promise<readonly DatedSnapshot[]> {
  const tags = findings.flatMap((finding) => (STRAY.has(finding.subtype) ? finding.tags : []));
  return readDated(context, dataset, tags);
}

const STRAY: ReadonlySet<Subtype<'github'>> = new Set([
  'tag-missing',
  'sha-mismatch',
  'older-tag-missing',
]);

async function readDated(
  context: Reading,
  dataset: string,
  tags: readonly string[],
): Promise<readonly DatedSnapshot[]> {
  const snapshots: DatedSnapshot[] = [];
  for (const tag of tags) {
    const metadata = await readOrNull<Metadata>(context, metadataPath(dataset, tag));
    const { created = null } = metadata ?? {};
    snapshots.push({ tag, hexsha: metadata && knownHexsha(metadata), created });
  }
  return snapshots;
}
