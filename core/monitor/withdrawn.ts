// Datasets that the registry no longer lists. One reading removes them from the list (`gone`). A
// whole reading of a later run confirms by id that they are not there (`withdrawn`), and then
// nothing is kept of them but the id and the history (docs/checks.md#withdrawn-datasets).

import { isFromFuture } from '../clock-ahead.ts';
import type { Registry } from '../documents/documents.ts';
import type { EntryState } from './entries.ts';
import type { EntriesReading } from './entries-reading.ts';
import type { DatasetContents, Store } from './store.ts';

export type Gone = NonNullable<Registry['gone']>[number];
type Withdrawn = NonNullable<Registry['withdrawn']>[number];

/**
 * Whether an unlisted dataset is removed from the registry document. If the API calls it unknown,
 * it may be a broken entry, unless the list is complete.
 */
export function hasLeft(
  state: EntryState | undefined,
  { complete }: EntriesReading,
): state is Gone['state'] {
  return isAbsent(state) || (state === 'unknown' && complete);
}

/** The API itself says that the public cannot have it. */
const isAbsent = (state: EntryState | undefined) => state === 'deleted' || state === 'not-public';

/** What is kept of datasets that are not listed, after another reading. */
export interface Unlisted {
  readonly gone: readonly Gone[];
  readonly withdrawn: readonly Withdrawn[];
}

/**
 * @param gone as the last run left it, without datasets that came back
 * @param states the API's answers for these ids; empty if it was not asked
 */
export function confirmGone(
  gone: readonly Gone[],
  states: ReadonlyMap<string, EntryState>,
  { now, runStart }: { readonly now: Date; readonly runStart: string },
): Unlisted {
  const at = now.toISOString();
  const still: Gone[] = [];
  const changed: Gone[] = [];
  const withdrawn: Withdrawn[] = [];
  for (const one of gone) {
    const answer = states.get(one.id);
    // Public and not listed: nobody knows.
    const state = answer === 'public' ? 'unknown' : answer;
    // A run that is continued, or whose function is sent again, does not confirm itself.
    const isEarlier = Date.parse(one.at) < Date.parse(runStart);
    if (isEarlier && isAbsent(one.state) && isAbsent(state)) {
      withdrawn.push({ id: one.id, since: one.at });
    } else if (state !== undefined && isAbsent(one.state) !== isAbsent(state)) {
      changed.push({ id: one.id, state, at });
    } else if (isFromFuture(one.at, now)) changed.push({ ...one, at });
    else still.push(one);
  }
  return { gone: [...still, ...changed], withdrawn };
}

export interface Pruned extends DatasetContents {
  readonly dataset: string;
}

/**
 * Removes the documents and records of withdrawn datasets.
 * @param recorded ids that may have records
 * @param shown ids in the published summary: they stay until one without them is published
 * @returns what was removed, in the registry's order
 * @throws what the store throws when it cannot be written
 */
export async function pruneWithdrawn(
  store: Store,
  { withdrawn = [] }: Registry,
  recorded: ReadonlySet<string>,
  shown: ReadonlySet<string>,
): Promise<readonly Pruned[]> {
  const removable = withdrawn.filter(({ id }) => !shown.has(id));
  if (removable.length === 0) return [];
  const documented = await store.listDatasets();
  const pruned: Pruned[] = [];
  for (const { id } of removable) {
    if (!documented.has(id) && !recorded.has(id)) continue;
    const removed = await store.removeDataset(id);
    // Its history stays.
    if (removed.documents.length + removed.records > 0) pruned.push({ dataset: id, ...removed });
  }
  return pruned;
}
