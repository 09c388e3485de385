// Months and index after one more run. Applying a run again changes nothing, so a run that was cut
// off is repeated, and all of it can be made again from the files of the runs.

import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { Changes, HistoryIndex, MonthCounts, Notices, RunHistory } from './documents.ts';
import { afterRun, NO_STATE } from './notice-state.ts';
import { dayOf, monthOf } from './paths.ts';
import { dayAfter, dayBefore } from './strips.ts';

export function withChanges(before: Changes | null, added: RunHistory): Changes {
  const { run, events } = added;
  const others = (before?.events ?? []).filter((event) => event.run !== run);
  const earlier = (before?.notices ?? []).filter((notice) => notice.run !== run);
  const notices = [...earlier, ...(added.notices ?? []).map((notice) => ({ run, ...notice }))];
  return {
    schemaVersion: SCHEMA_VERSION,
    month: monthOf(run),
    events: [...others, ...events.map((event) => ({ run, ...event }))],
    ...(notices.length > 0 && { notices }),
  };
}

/** Not to be applied twice: the state before a run is not in the state after it. */
export function withNotices(before: Notices | null, added: RunHistory): Notices {
  const { datasets, young } = afterRun(before ?? NO_STATE, added);
  return { schemaVersion: SCHEMA_VERSION, number: added.number, datasets, young };
}

export function withCounts(before: MonthCounts | null, { run, counts }: RunHistory): MonthCounts {
  const time = [...(before?.time ?? [])];
  const known = time.indexOf(run);
  const place = known < 0 ? time.push(run) - 1 : known;
  const names = new Set([...Object.keys(before?.columns ?? {}), ...Object.keys(counts)]);
  const columns = Array.from(names, (name) => {
    const column = before?.columns[name] ?? time.slice(0, -1).map(() => null);
    return [name, column.toSpliced(place, 1, counts[name] ?? null)] as const;
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    month: monthOf(run),
    time,
    columns: Object.fromEntries(columns),
  };
}

export function withIndex(before: HistoryIndex | null, added: RunHistory): HistoryIndex {
  const { run, until, number, events, rulesVersion, origin } = added;
  if (before !== null && before.runs >= number) return before;
  const withdrawn: Record<string, string> = { ...before?.withdrawn };
  for (const { kind, id } of events) {
    if (kind === 'withdrawn') withdrawn[id] = run;
    else if (kind === 'returned') delete withdrawn[id];
  }
  const months = new Set([...(before?.months ?? []), monthOf(run)]);
  const rules = before?.rulesVersions ?? [];
  const badges = added.badges ?? before?.badges;
  const feeds = added.feeds ?? before?.feeds;
  const isOther = rules.length === 0 || rules.at(-1)?.rulesVersion !== rulesVersion;
  return {
    schemaVersion: SCHEMA_VERSION,
    firstRun: before === null || before.startUp === before.runs ? run : before.firstRun,
    lastRun: run,
    runs: number,
    lastRuns: lastRunsOf(before, run),
    startUp: origin === 'start-up' ? number : before?.startUp,
    firstLook: before?.firstLook ?? (origin === undefined ? { run, until } : null),
    imported: origin === undefined ? (before?.imported ?? null) : run,
    months: [...months].sort(),
    gaps: [...(before?.gaps ?? []), ...gap(before?.lastRun, run)],
    rulesVersions: isOther ? [...rules, { from: run, rulesVersion }] : [...rules],
    withdrawn,
    ...(badges !== undefined && { badges }),
    ...(feeds !== undefined && { feeds }),
  };
}

/** So many runs in so many days are more often than daily; one by hand now and then is not. */
const MOST_RUNS = 30;
const OFTEN_MS = 20 * 24 * 60 * 60 * 1000;

const lastRunsOf = (before: Pick<HistoryIndex, 'lastRuns'> | null, run: string): string[] =>
  [...(before?.lastRuns ?? []), run].slice(-MOST_RUNS);

/** How exactly strips have the time of the next run. */
export function precisionOf(
  before: Pick<HistoryIndex, 'lastRuns'> | null,
  run: string,
): Pick<RunHistory, 'precision'> {
  const last = lastRunsOf(before, run);
  const passed = Date.parse(run) - Date.parse(last[0] as string);
  return last.length === MOST_RUNS && passed < OFTEN_MS ? { precision: 'minute' } : {};
}

/** The days between two runs, if there are any. */
function gap(last: string | undefined, run: string): HistoryIndex['gaps'] {
  if (last === undefined) return [];
  const [first, end] = [dayAfter(dayOf(last)), dayBefore(dayOf(run))];
  return first <= end ? [[first, end]] : [];
}
