// How long each verdict of a dataset lasted: by day (UTC), and where runs are more often than daily
// by the minute for the last months. A moment is a day, `2026-08-08`, or a minute,
// `2026-08-08T06:00Z`; as texts they are in the order of time, a day before its minutes.

import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { RunOfDataset } from './by-dataset.ts';
import type { Event } from './events.ts';
import { withNews } from './news.ts';
import { dayOf } from './paths.ts';
import type { Strips } from './strips-document.ts';
import { beginningOf } from './sync.ts';

/** A verdict that changes daily fills this in a year. */
const MOST_ENTRIES = 400;

type Entry = Strips['strips'][string][number];
type Period = Strips['unverified'][string][number];

/**
 * A dataset's strips after a run. Applying a run again changes nothing.
 * @param before null if it had none
 */
export function withRun(before: Strips | null, id: string, said: RunOfDataset): Strips {
  const { at } = said;
  const isNew = said.events.some(({ kind }) => kind === 'listed');
  const strips = new Map(Object.entries(before?.strips ?? {}));
  const unverified = new Map(Object.entries(before?.unverified ?? {}));
  let notSeen = before?.notSeen ?? [];
  let truncated = before?.truncated;
  let snapshots = before?.snapshots ?? [];
  const set = (check: string, verdict: string | null) => {
    const entries = withEntry(strips.get(check) ?? [], [at, verdict]);
    if (entries.length > MOST_ENTRIES) truncated = true;
    strips.set(check, entries.slice(-MOST_ENTRIES));
  };
  for (const [check, verdict] of Object.entries(said.states)) set(check, verdict);
  for (const event of said.events) {
    snapshots = withSnapshot(snapshots, said.run, event);
    if (event.kind === 'verdict') set(event.check, event.to);
    else if (event.kind === 'withdrawn') notSeen = begun(notSeen, at);
    else if (event.kind === 'returned') notSeen = ended(notSeen, at);
    else if (event.kind === 'unverified') {
      unverified.set(event.check, begun(unverified.get(event.check) ?? [], at));
    } else if (event.kind === 'verified') {
      unverified.set(event.check, ended(unverified.get(event.check) ?? [], at));
    }
  }
  return {
    schemaVersion: SCHEMA_VERSION,
    id,
    listed: before === null ? (isNew ? dayOf(at) : null) : before.listed,
    strips: Object.fromEntries(strips),
    unverified: Object.fromEntries([...unverified].filter(([, periods]) => periods.length > 0)),
    notSeen: [...notSeen],
    ...(snapshots.length > 0 && { snapshots }),
    ...(truncated && { truncated }),
    news: withNews(before?.news ?? [], said),
  };
}

type Snapshots = NonNullable<Strips['snapshots']>;
const MOST_SNAPSHOTS = 50;

function withSnapshot(snapshots: Snapshots, run: string, event: Event): Snapshots {
  const begun = beginningOf(event);
  const isKnown = snapshots.some(({ version }) => version === begun?.version);
  if (begun !== null && !isKnown) {
    const { version, created, seen } = begun;
    return [...snapshots, { version, created, seen }].slice(-MOST_SNAPSHOTS);
  }
  if (event.kind !== 'arrived') return snapshots;
  const { version, place } = event;
  return snapshots.map((one) =>
    one.version === version ? { ...one, seen: { [place]: run, ...one.seen } } : one,
  );
}

/** The last run of a moment decides; a later entry came from a clock that was ahead. */
function withEntry(entries: readonly Entry[], entry: Entry): Entry[] {
  const before = entries.filter(([at]) => at < entry[0]);
  return before.at(-1)?.[1] === entry[1] ? before : [...before, entry];
}

function begun(periods: readonly Period[], at: string): Period[] {
  const isOpen = periods.at(-1)?.[1] === null;
  return isOpen ? [...periods] : [...periods, [at, null]];
}

function ended(periods: readonly Period[], at: string): Period[] {
  const last = periods.at(-1);
  if (last === undefined || last[1] !== null) return [...periods];
  return [...periods.slice(0, -1), ...periodOf(last[0], at)];
}

/** A period that ends on the day, or in the minute, in which it began is none. */
const periodOf = (from: string, end: string): Period[] =>
  from < end ? [[from, isMinute(end) ? end : dayBefore(end)]] : [];

/** How long minutes are kept, from the beginning of a month back. */
const MINUTES_DAYS = 90;

/** In a month, older moments are days. @param month `2026-08` */
export const firstMinute = (month: string): string => shifted(`${month}-01`, -MINUTES_DAYS);

/** The same strips as they are kept in a month: as if older moments had been days from the first. */
export function inMonth(strips: Strips, month: string): Strips {
  const first = firstMinute(month);
  const kept = (at: string) => (at < first ? dayOf(at) : at);
  const isOld = (at: string | null) => at !== null && isMinute(at) && at < first;
  const entries = (own: readonly Entry[]) =>
    own.reduce<Entry[]>((all, [at, verdict]) => withEntry(all, [kept(at), verdict]), []);
  const periods = (own: readonly Period[]) =>
    own.flatMap(([from, to]): Period[] =>
      to === null || !isMinute(to) ? [[kept(from), to]] : periodOf(kept(from), kept(to)),
    );
  const { strips: verdicts, unverified, notSeen } = strips;
  const hasOld =
    Object.values(verdicts).some((own) => own.some(([at]) => isOld(at))) ||
    [...Object.values(unverified), notSeen].some((own) => own.flat().some(isOld));
  if (!hasOld) return strips;
  const made = Object.entries(unverified).map(([check, own]) => [check, periods(own)] as const);
  return {
    ...strips,
    strips: Object.fromEntries(
      Object.entries(verdicts).map(([check, own]) => [check, entries(own)]),
    ),
    unverified: Object.fromEntries(made.filter(([, own]) => own.length > 0)),
    notSeen: periods(notSeen),
  };
}

export const isMinute = (moment: string): boolean => moment.length > '2026-08-08'.length;

/** The moment after a period, whose last day it ends with, or before whose last minute. */
export const endOf = (last: string): string => (isMinute(last) ? last : dayAfter(last));

const DAY = 24 * 60 * 60 * 1000;
export const dayBefore = (day: string): string => shifted(day, -1);
export const dayAfter = (day: string): string => shifted(day, 1);
const shifted = (day: string, days: number) =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString());
