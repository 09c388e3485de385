// How long new snapshots take to arrive (docs/history.md#time-to-sync). A snapshot that has not
// arrived yet, or never will since a newer one came, took longer than it has been watched: it
// counts as that (Kaplan and Meier 1958), and is not left out.

import type { ArrivalPlace } from '../documents/rows.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { RunHistory, Sync } from './documents.ts';
import type { Event } from './events.ts';
import { monthOf } from './paths.ts';

type Snapshot = Sync['snapshots'][number];

/** Newer snapshots are counted; older ones are kept only while they are waited for. */
const DAYS = 90;
/** Months of their creation are counted anew for as long as this. */
const KEPT_DAYS = 125;
const DAY = 24 * 60 * 60 * 1000;
/** Gaps between this many runs give the resolution. */
const MOST_RUNS = 30;

/** Applying a run again changes nothing. */
export function withSync(
  before: Sync | null,
  { run, events, origin }: RunHistory,
  places: readonly ArrivalPlace[],
): Sync | null {
  if (places.length === 0 || origin === 'start-up') return before;
  const runs = [...new Set([...(before?.runs ?? []), run])].slice(-MOST_RUNS);
  const snapshots = new Map((before?.snapshots ?? []).map((one) => [keyOf(one), one]));
  for (const event of events) follow(snapshots, run, event);
  const now = Date.parse(run);
  const names = places.map(({ place }) => place);
  const kept = [...snapshots.values()].filter(
    (one) => daysBetween(one.created, now) <= KEPT_DAYS || isWaiting(one, names),
  );
  const months = new Map((before?.months ?? []).map((one) => [one.month, one]));
  const recent = kept.filter((one) => daysBetween(one.created, now) <= KEPT_DAYS);
  // A month that began before the oldest kept snapshot is no longer whole.
  const whole = monthOf(new Date(now - (KEPT_DAYS - 31) * DAY).toISOString());
  for (const [month, own] of Map.groupBy(recent, ({ created }) => monthOf(created))) {
    if (month >= whole || !months.has(month))
      months.set(month, { month, ...statsOf(own, names, now) });
  }
  return {
    schemaVersion: SCHEMA_VERSION,
    run,
    resolution: resolutionOf(runs),
    last90Days: statsOf(
      kept.filter((one) => daysBetween(one.created, now) <= DAYS),
      names,
      now,
    ),
    waiting: kept.filter((one) => isWaiting(one, names)).length,
    months: [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1)),
    runs,
    snapshots: kept,
  };
}

const keyOf = ({ id, version }: Pick<Snapshot, 'id' | 'version'>) => `${id} ${version}`;
const isWaiting = ({ seen, ended }: Snapshot, places: readonly string[]) =>
  ended === undefined && places.some((place) => seen[place] === undefined);

/** A snapshot begins to be watched, is seen at a place, or is no longer watched. */
function follow(snapshots: Map<string, Snapshot>, run: string, event: Event): void {
  const begun = beginningOf(event);
  if (begun !== null || event.kind === 'withdrawn') {
    for (const [key, one] of snapshots) {
      const isOther = one.id === event.id && one.version !== begun?.version;
      if (isOther && one.ended === undefined) snapshots.set(key, { ...one, ended: run });
    }
  }
  if (begun !== null && !snapshots.has(keyOf(begun))) snapshots.set(keyOf(begun), begun);
  if (event.kind !== 'arrived') return;
  const one = snapshots.get(keyOf(event));
  if (one !== undefined && one.seen[event.place] === undefined) {
    snapshots.set(keyOf(event), { ...one, seen: { ...one.seen, [event.place]: run } });
  }
}

/** The snapshot that an event tells of; null if it tells of none, or not when it was created. */
export function beginningOf(event: Event): Snapshot | null {
  const told =
    event.kind === 'versions'
      ? { version: event.to.latest, created: event.to.date }
      : event.kind === 'listed' || event.kind === 'returned'
        ? event
        : {};
  const { version, created } = told;
  return version == null || created == null ? null : { id: event.id, version, created, seen: {} };
}

/** By place, in days. */
function statsOf(
  snapshots: readonly Snapshot[],
  places: readonly string[],
  now: number,
): { snapshots: number; places: Sync['last90Days']['places'] } {
  const of = (place: string) => {
    const watched = snapshots.map(({ created, seen, ended }) => {
      const end = seen[place] ?? ended;
      const days = Math.max(
        0,
        end === undefined ? daysBetween(created, now) : daysBetween(created, Date.parse(end)),
      );
      return { days, arrived: seen[place] !== undefined, ended: ended !== undefined };
    });
    const arrived = watched.filter((one) => one.arrived).length;
    return {
      median: quantile(watched, 0.5),
      p90: quantile(watched, 0.9),
      arrived,
      waiting: watched.filter((one) => !one.arrived && !one.ended).length,
      replaced: watched.filter((one) => !one.arrived && one.ended).length,
    };
  };
  return {
    snapshots: snapshots.length,
    places: Object.fromEntries(places.map((place) => [place, of(place)])),
  };
}

/**
 * The days within which this share arrived; null while fewer have. Kaplan and Meier's estimate:
 * who was watched for a shorter time says nothing about longer times.
 */
export function quantile(
  watched: readonly { readonly days: number; readonly arrived: boolean }[],
  share: number,
): number | null {
  const inOrder = watched.toSorted((a, b) => a.days - b.days);
  let still = 1;
  for (let from = 0, to = 0; from < inOrder.length; from = to) {
    const days = inOrder[from]?.days as number;
    let arrived = 0;
    for (; inOrder[to]?.days === days; to += 1) if (inOrder[to]?.arrived) arrived += 1;
    still *= 1 - arrived / (inOrder.length - from);
    // Without the error of the multiplications: 0.1 is reached, not almost.
    if (arrived > 0 && still <= 1 - share + 1e-9) return Math.round(days * 100) / 100;
  }
  return null;
}

/** Usual days between two runs: arrivals are not seen more exactly. Null with fewer than two. */
function resolutionOf(runs: readonly string[]): number | null {
  const gaps = runs
    .slice(1)
    .map((run, i) => Date.parse(run) - Date.parse(runs[i] as string))
    .sort((a, b) => a - b);
  const middle = gaps[Math.floor(gaps.length / 2)];
  return middle === undefined ? null : Math.round((middle / DAY) * 100) / 100;
}

const daysBetween = (from: string, to: number): number => (to - Date.parse(from)) / DAY;
