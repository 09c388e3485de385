// The list of entries after a reading of the registry: what is new, what stays as last known, and
// what has left (docs/checks.md#registry and #withdrawn-datasets).

import type { Attempt, Registry } from '../documents/documents.ts';
import { titleOf } from '../documents/title.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { StageContext } from './context.ts';
import type { Entry, EntryState } from './entries.ts';
import type { EntriesReading } from './entries-reading.ts';
import { publishedAt } from './new-entries.ts';
import { confirmGone, type Gone, hasLeft } from './withdrawn.ts';

/** What the next registry document is made from. */
interface Known {
  readonly previous: Registry | null;
  readonly reading: EntriesReading;
  readonly chosen: readonly Entry[];
  readonly narrowed: boolean;
  /** Of datasets that are not listed. */
  readonly states: ReadonlyMap<string, EntryState>;
}

/**
 * The registry document after this reading; entries that were not read completely stay as last
 * known.
 * @param notes gets a sentence about each group that a person should know of
 */
export function nextRegistry(
  context: Pick<StageContext, 'now' | 'runStart'>,
  { previous, reading, chosen, narrowed, states }: Known,
  notes: string[],
): Registry {
  const latest = new Map<string, string | null>();
  const names = new Map<string, string>();
  const dates = new Map<string, string>();
  const skipped = new Map<string, 'no-snapshots'>();
  const unverified = new Map<string, Attempt>();
  const attempt: Attempt = { at: context.now().toISOString(), reason: 'malformed' };

  const emptied = new Set<string>();
  for (const { id, name, version, versionDate, skipped: why, inDoubt } of chosen) {
    if (why !== null) {
      // An empty list does not remove snapshots: the entry is broken.
      if (previous?.latestSnapshots[id] !== undefined) emptied.add(id);
      else skipped.set(id, why);
      continue;
    }
    latest.set(id, version);
    if (versionDate !== undefined) dates.set(id, versionDate);
    if (inDoubt) unverified.set(id, attempt);
    const known = name ?? previous?.names[id];
    if (known !== undefined) names.set(id, titleOf(known));
  }

  if (skipped.size > 0) notes.push(`No snapshot yet, skipped: ${[...skipped.keys()].join(', ')}`);

  // "Gone" and "not shown" look the same in a list. A missing dataset stays, marked, until the API
  // says that it is gone. A narrowed run leaves everything else unchanged.
  const shown = new Set(reading.entries.map(({ id }) => id));
  const left: Gone[] = [];
  const hiddenYetPublic: string[] = [];
  const notKnown: string[] = [];
  for (const [id, tag] of Object.entries(previous?.latestSnapshots ?? {})) {
    if (latest.has(id) || skipped.has(id)) continue;
    const state = states.get(id);
    if (!narrowed && hasLeft(state, reading)) {
      left.push({ id, state, at: attempt.at });
      continue;
    }
    if (state === 'public') hiddenYetPublic.push(id);
    else if (!narrowed && !emptied.has(id)) notKnown.push(`${id} (${state ?? 'no answer'})`);
    latest.set(id, tag);
    const date = previous?.versionDates?.[id];
    if (date !== undefined) dates.set(id, date);
    const name = previous?.names[id];
    if (name !== undefined) names.set(id, titleOf(name));
    const asBefore = narrowed && !emptied.has(id) && (reading.complete || shown.has(id));
    const mark = asBefore ? previous?.unverified[id] : attempt;
    if (mark) unverified.set(id, mark);
  }
  const addNote = (what: string, ids: readonly string[]) => {
    if (ids.length > 0) notes.push(`${what}: ${ids.join(', ')}`);
  };
  addNote(
    'Left the registry',
    left.map(({ id, state }) => `${id} (${state})`),
  );
  addNote('Public and not listed, kept as last known', hiddenYetPublic);
  addNote('Not listed and not known to be gone, kept as last known', notKnown);
  addNote('Listed without the snapshots that it had, kept as last known', [...emptied]);
  if (narrowed) {
    for (const [id, why] of Object.entries(previous?.skipped ?? {})) {
      if (!latest.has(id)) skipped.set(id, why);
    }
  }

  const isBack = ({ id }: { readonly id: string }) => latest.has(id) || skipped.has(id);
  const away = (previous?.gone ?? []).filter((one) => !isBack(one));
  const { gone, withdrawn } = confirmGone(away, states, {
    now: context.now(),
    runStart: context.runStart,
  });
  addNote(
    'Withdrawn',
    withdrawn.map(({ id }) => id),
  );

  return {
    schemaVersion: SCHEMA_VERSION,
    lastChecked: context.now().toISOString(),
    totalCount: latest.size,
    latestSnapshots: Object.fromEntries([...latest].sort(([a], [b]) => (a < b ? -1 : 1))),
    names: Object.fromEntries(names),
    skipped: Object.fromEntries(skipped),
    unverified: Object.fromEntries(unverified),
    lastAttempt: null,
    published: publishDates(previous, reading, latest.keys(), context.now().toISOString()),
    versionDates: Object.fromEntries(dates),
    gone: [...gone, ...left],
    withdrawn: [...(previous?.withdrawn ?? []).filter((one) => !isBack(one)), ...withdrawn],
  };
}

/** For every dataset in the reading, chosen or not, and for those that stay as last known. */
function publishDates(
  previous: Registry | null,
  { entries }: EntriesReading,
  listed: Iterable<string>,
  now: string,
): Record<string, string> {
  const dates = new Map<string, string | null | undefined>();
  for (const id of listed) dates.set(id, previous?.published?.[id]);
  for (const entry of entries) {
    // A skipped entry does not count as seen until there is something to check.
    if (entry.skipped === null) dates.set(entry.id, publishedAt(entry, previous, now));
  }
  return Object.fromEntries([...dates].filter((pair): pair is [string, string] => pair[1] != null));
}
