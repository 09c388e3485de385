// The first stage. Reads the registry; writes the archive's documents of every entry, then the
// list. An answer that cannot be trusted never replaces anything (docs/checks.md#registry).

import type { Attempt, Registry } from '../documents/documents.ts';
import { REGISTRY_PATH } from '../documents/paths.ts';
import { titleOf } from '../documents/title.ts';
import type { Failed } from '../failure.ts';
import { FIRST_STAGE } from './archive.ts';
import type { StageContext, StageReport } from './context.ts';
import { chooseDatasets, isOverAll, type Listed, type Wish } from './datasets.ts';
import type { Entry, EntrySource, EntryState } from './entries.ts';
import { type EntriesReading, type KeptPages, readEntries } from './entries-reading.ts';
import { inParallel, readOrNull } from './frame.ts';
import { shrinkFault } from './hold.ts';
import { nextRegistry } from './next-registry.ts';
import { readPublished } from './published-summary.ts';

/** How a reading goes about its work. */
export interface Reading {
  /** Where one that is cut off is kept; without it the next try starts over. */
  readonly kept?: KeptPages | undefined;
  /** Called before the first write; not if the run is refused. */
  readonly begin?: () => Promise<void>;
  /** Called with the entries whose documents are written next. */
  readonly before?: (ids: readonly string[]) => Promise<void>;
  /** Called whenever documents of an entry were written. */
  readonly after?: (id: string) => void;
}

export type RegistryOutcome =
  | { readonly kind: 'ready'; readonly registry: Registry; readonly report: StageReport }
  /**
   * Nothing was replaced; `why` is one sentence for a person. `refused`: it is about what the run
   * was asked for, not about the registry.
   */
  | { readonly kind: 'stopped' | 'refused'; readonly why: string; readonly report: StageReport };

/** Asks the registry what exists and updates the tree's registry documents. */
export async function fetchEntries(
  context: StageContext,
  selection: Wish,
  { kept, begin = async () => {}, before, after }: Reading = {},
): Promise<RegistryOutcome> {
  const { progress, store, archive } = context;
  const source = archive.entries(context);
  progress.start(FIRST_STAGE, 0);
  // Only names can be wrong.
  if (selection.datasets === null) await begin();
  const previous = await readOrNull<Registry>(context, REGISTRY_PATH);
  const reading = await readEntries(source, context.signal, kept);
  const notes: string[] = [];
  const report = (done: number, failure?: Failed): StageReport => ({
    stage: FIRST_STAGE,
    total: done,
    done,
    skipped: 0,
    failed: failure ? [{ dataset: '', reason: failure.reason }] : [],
    notes,
  });

  if (selection.datasets !== null && (reading.kind === 'read' || previous)) {
    const asked = chooseDatasets(listedBy(reading, previous), selection);
    if ('why' in asked) {
      progress.end(FIRST_STAGE);
      const why =
        reading.kind === 'failed'
          ? `${asked.why} (as of ${previous?.lastChecked}; now it could not be read: ${reading.reason})`
          : asked.why;
      return { kind: 'refused', why, report: report(0) };
    }
    notes.push(...asked.notes);
    await begin();
  }

  if (reading.kind === 'failed') {
    progress.end(FIRST_STAGE);
    if (!previous) {
      const why = `the registry could not be read (${reading.reason}: ${reading.detail})`;
      return { kind: 'stopped', why, report: report(0, reading) };
    }
    notes.push(
      `The registry could not be read (${reading.reason}); continuing with the one of ${previous.lastChecked}.`,
    );
    const lastAttempt: Attempt = { at: context.now().toISOString(), reason: reading.reason };
    const registry: Registry = { ...previous, lastAttempt };
    await store.writeDocument(REGISTRY_PATH, registry);
    return { kind: 'ready', registry, report: report(0, reading) };
  }

  notes.push(...reading.notes);
  const chosen = choose(reading.entries, selection, previous);
  const narrowed = !isOverAll(selection);
  const stop = (why: string): RegistryOutcome => {
    progress.end(FIRST_STAGE);
    return { kind: 'stopped', why, report: report(0) };
  };
  const faultOf = narrowed ? () => null : await openShrinkGuard(context, previous);
  const listed = new Set(reading.entries.map(({ id }) => id));
  const missing = Object.keys(previous?.latestSnapshots ?? {}).filter((id) => !listed.has(id));
  // If the list reaches its own count, a missing entry is lost, whatever the API says about its id.
  const lost = reading.allShown ? faultOf([...listed, ...missing.slice(0, reading.broken)]) : null;
  if (lost !== null) return stop(lost);

  // A narrowed run leaves everything else unchanged.
  const gone = reading.allShown ? (previous?.gone ?? []).map(({ id }) => id) : [];
  const unlisted = [...missing, ...gone.filter((id) => !listed.has(id))];
  const states = narrowed ? new Map() : await askMissing(context, source, unlisted, notes);
  const registry = nextRegistry(context, { previous, reading, chosen, narrowed, states }, notes);
  const fault = faultOf([
    ...Object.keys(registry.latestSnapshots),
    ...Object.keys(registry.skipped),
  ]);
  if (fault !== null) return stop(fault);

  // An entry without versions has no documents, or has lost them and stays as last known.
  const documented = chosen.filter(({ skipped }) => skipped === null);
  await before?.(documented.map(({ id }) => id));
  await inParallel(context.options.concurrency, documented, context.signal, async (entry) => {
    await source.keep?.(entry, previous?.latestSnapshots[entry.id]);
    after?.(entry.id);
    progress.step(FIRST_STAGE, entry.id, true);
  });
  if (context.signal.aborted) return stop('interrupted');
  await store.writeDocument(REGISTRY_PATH, registry);
  for (const entry of documented) {
    await source.kept?.(entry, previous?.latestSnapshots[entry.id]);
    after?.(entry.id);
  }
  progress.end(FIRST_STAGE);
  return { kind: 'ready', registry, report: report(chosen.length) };
}

/** What the registry document will list after this reading. */
function listedBy(reading: EntriesReading | Failed, previous: Registry | null): Listed {
  const entries = reading.kind === 'read' ? reading.entries : [];
  const versions = entries.flatMap(({ id, version, skipped }) =>
    skipped === null ? [[id, version] as const] : [],
  );
  const skipped = entries.flatMap(({ id, skipped }) =>
    skipped === null ? [] : [[id, skipped] as const],
  );
  return {
    latestSnapshots: { ...previous?.latestSnapshots, ...Object.fromEntries(versions) },
    skipped: { ...previous?.skipped, ...Object.fromEntries(skipped) },
  };
}

function choose(
  datasets: readonly Entry[],
  selection: Wish,
  previous: Registry | null,
): readonly Entry[] {
  const wanted = selection.datasets && new Set(selection.datasets);
  const some = datasets.filter((entry) => {
    if (wanted && !wanted.has(entry.id)) return false;
    return !selection.changed || previous === null || differs(entry, previous);
  });
  if (selection.maxDatasets === null) return some;
  // Datasets without snapshots are not checked, so they do not count.
  return some
    .filter(({ skipped }) => skipped === null)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, selection.maxDatasets);
}

/** Whether the registry's document would be another. */
function differs({ id, name, version, versionDate, skipped, inDoubt }: Entry, previous: Registry) {
  if (skipped !== null) return previous.skipped[id] === undefined;
  return (
    previous.latestSnapshots[id] !== version ||
    previous.versionDates?.[id] !== versionDate ||
    (name !== null && previous.names[id] !== titleOf(name)) ||
    (previous.unverified[id] !== undefined) !== (inDoubt === true)
  );
}

/**
 * What the registry says about known datasets that are not in its list; empty if it cannot be
 * asked.
 */
async function askMissing(
  context: StageContext,
  source: EntrySource,
  ids: readonly string[],
  notes: string[],
): Promise<ReadonlyMap<string, EntryState>> {
  const asked = ids.filter(context.archive.isId);
  if (asked.length === 0 || source.ask === undefined) return new Map();
  const answer = await source.ask(asked, context.signal);
  if (answer.kind === 'seen') return answer.value;
  const { reason, detail } = answer;
  context.log('warn', 'missing datasets not asked for', { datasets: asked.length, reason, detail });
  notes.push(
    `What became of ${asked.length} datasets that are not listed is not known (${reason}).`,
  );
  return new Map();
}

/**
 * A shrinking registry is a fault (docs/checks.md#registry). It is compared with the published
 * summary. Deletions that the API confirms also count: the API itself may be wrong.
 */
async function openShrinkGuard(
  context: StageContext,
  previous: Registry | null,
): Promise<(now: Iterable<string>) => string | null> {
  if (context.options.acceptShrink) return () => null;
  const published = await readPublished(context);
  const before =
    published?.rows.map(({ id }) => id) ?? Object.keys(previous?.latestSnapshots ?? {});
  return (now) => shrinkFault(before, now);
}
