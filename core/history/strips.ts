// How long each verdict of a dataset lasted, by day (UTC).

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
  const day = dayOf(said.run);
  const isNew = said.events.some(({ kind }) => kind === 'listed');
  const strips = new Map(Object.entries(before?.strips ?? {}));
  const unverified = new Map(Object.entries(before?.unverified ?? {}));
  let notSeen = before?.notSeen ?? [];
  let truncated = before?.truncated;
  let snapshots = before?.snapshots ?? [];
  const set = (check: string, verdict: string | null) => {
    const entries = withEntry(strips.get(check) ?? [], [day, verdict]);
    if (entries.length > MOST_ENTRIES) truncated = true;
    strips.set(check, entries.slice(-MOST_ENTRIES));
  };
  for (const [check, verdict] of Object.entries(said.states)) set(check, verdict);
  for (const event of said.events) {
    snapshots = withSnapshot(snapshots, said.run, event);
    if (event.kind === 'verdict') set(event.check, event.to);
    else if (event.kind === 'withdrawn') notSeen = begun(notSeen, day);
    else if (event.kind === 'returned') notSeen = ended(notSeen, day);
    else if (event.kind === 'unverified') {
      unverified.set(event.check, begun(unverified.get(event.check) ?? [], day));
    } else if (event.kind === 'verified') {
      unverified.set(event.check, ended(unverified.get(event.check) ?? [], day));
    }
  }
  return {
    schemaVersion: SCHEMA_VERSION,
    id,
    listed: before === null ? (isNew ? day : null) : before.listed,
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

/** The last run of a day decides; an entry of a later day came from a clock that was ahead. */
function withEntry(entries: readonly Entry[], entry: Entry): Entry[] {
  const before = entries.filter(([day]) => day < entry[0]);
  return before.at(-1)?.[1] === entry[1] ? before : [...before, entry];
}

function begun(periods: readonly Period[], day: string): Period[] {
  const isOpen = periods.at(-1)?.[1] === null;
  return isOpen ? [...periods] : [...periods, [day, null]];
}

/** A period that ends on the day on which it began is none. */
function ended(periods: readonly Period[], day: string): Period[] {
  const last = periods.at(-1);
  if (last === undefined || last[1] !== null) return [...periods];
  const others = periods.slice(0, -1);
  return last[0] < day ? [...others, [last[0], dayBefore(day)]] : others;
}

const DAY = 24 * 60 * 60 * 1000;
export const dayBefore = (day: string): string => shifted(day, -1);
export const dayAfter = (day: string): string => shifted(day, 1);
const shifted = (day: string, days: number) =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString());
