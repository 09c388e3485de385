// In a shared folder, one archive's results would look like a loss of the other's. A run therefore
// refuses a folder with results of another archive.

import { resolve } from 'node:path';
import { ARCHIVES } from '../../archives/index.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { type Store, StoredDocumentError } from '../../core/monitor/store.ts';
import { Problem } from '../../core/problem.ts';
import { completeOptions, type RunOptions, SAMPLE } from './options.ts';
import { ownCommand, shellWord } from './own-command.ts';

/**
 * @param identity of the archive of this run
 * @throws Problem that says which archive the folder holds, and what to type
 */
export async function refuseOtherArchive(
  store: Store,
  identity: readonly string[],
  options: Pick<RunOptions, 'out' | 'archive' | 'from'>,
  archives: readonly Archive[] = ARCHIVES,
): Promise<void> {
  const held = await heldArchive(store, options, archives);
  if (held === null || JSON.stringify(held) === JSON.stringify(identity)) return;
  const { out } = options;
  const look = `${ownCommand()} serve --out ${shellWord(out)}`;
  throw new Problem(
    `${out} holds the results of ${nameOf(archives, held)}, and this run is over ${nameOf(archives, identity)}. Give this run a folder of its own with --out ${shellWord(otherFolder(options))}, or look at the results in ${out} with: ${look}`,
  );
}

async function heldArchive(
  store: Store,
  { archive }: Pick<RunOptions, 'archive'>,
  [first]: readonly Archive[],
): Promise<readonly string[] | null> {
  const last = await store.readLastRun();
  if (last) return last.request.archive;
  // A tree without runs comes from a legacy system, which only supported the first archive.
  return first && archive === SAMPLE && (await hasRegistry(store)) ? placesOf(first) : null;
}

const placesOf = ({ places }: Archive): string[] => Object.values(places).map(({ url }) => url);

/** The place names of an archive's `sample`: `80:1`, or the folder of a replay. */
const OF_SAMPLE = /^sample:(.*)\/registry$/s;

/** The archive's name, by its places in a run's record. */
function nameOf(archives: readonly Archive[], places: readonly string[]): string {
  const known = archives.find((archive) => placesOf(archive).join() === places.join());
  if (known) return known.words.title;
  const [, sample] = OF_SAMPLE.exec(places[0] ?? '') ?? [];
  if (sample === undefined) return `the archive at ${places.join(', ')}`;
  return /^\d+:\d+$/.test(sample) ? 'the sample archive' : `the replay of ${sample}`;
}

/** The archive's default folder, unless that is the refused one. */
function otherFolder({ out, ...archive }: Pick<RunOptions, 'out' | 'archive' | 'from'>): string {
  const usual = completeOptions(archive).out;
  return resolve(usual) === resolve(out) ? `${out.replace(/\/+$/, '')}-2/` : usual;
}

async function hasRegistry(store: Store): Promise<boolean> {
  try {
    return (await store.readDocument(REGISTRY_PATH)) !== undefined;
  } catch (error) {
    if (error instanceof StoredDocumentError) return true;
    throw error;
  }
}
