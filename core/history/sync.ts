// How long new snapshots take to arrive (docs/history.md#time-to-sync). A snapshot that has not
// arrived yet, or never will since a newer one came, took longer than it has been watched: it
// counts as that (Kaplan and Meier 1958), and is not left out.

import type { ArrivalPlace } from '../documents/rows.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { RunHistory, Sync } from './documents.ts';
import type { Event } from './events.ts';
import { monthOf } from './paths.ts';
import { isLater } from './since.ts';

type Snapshot = Sync['snapshots'][number];

/** Newer snapshots are counted; older ones are kept only while they are waited for. */
const DAYS = 90;
/** Months of their creation are counted anew for as long as this. */
const KEPT_DAYS = 125;
const DAY = 24 * 60 * 60 * 1000;
/** Gaps between this many runs give the resolution. */
const MOST_RUNS = 30;

/**
 * Applying a run again changes nothing.
 * @param next the run that is applied right after it, if nobody looks at the result in between: then
 * only what that one needs is made
 */
export function withSync(
  before: Sync | null,
  added: RunHistory,
  places: readonly ArrivalPlace[],
  next: RunHistory | null = null,
): Sync | null {
  const { run, events } = added;
  if (places.length === 0 || !isCounted(added)) return before;
  const runs = [...new Set([...(before?.runs ?? []), run])].slice(-MOST_RUNS);
  const now = Date.parse(run);
  const oldest = new Date(now - KEPT_DAYS * DAY).toISOString();
  const isRecent = ({ created }: Snapshot) => !isLater(oldest, created);
  const names = places.map(({ place }) => place);
  const kept = followed(before?.snapshots ?? [], run, events).filter(
    (one) => isRecent(one) || isWaiting(one, names),
  );
  const whole = firstWhole(run);
  const isSoonMadeAgain = next !== null && isCounted(next) && firstWhole(next.run) === whole;
  const isOld = (event: Event) => monthOf(beginningOf(event)?.created ?? run) < whole;
  if (before !== null && isSoonMadeAgain && !events.some(isOld)) {
    return { ...before, run, runs, snapshots: kept };
  }
  const months = new Map((before?.months ?? []).map((one) => [one.month, one]));
  const recent = kept.filter(isRecent);
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

const isWaiting = ({ seen, ended }: Snapshot, places: readonly string[]) =>
  ended === undefined && places.some((place) => seen[place] === undefined);

/** A start-up says nothing of arrivals. */
const isCounted = ({ origin }: RunHistory) => origin !== 'start-up';

/** The first month that is whole in a run: it began after the oldest snapshot that is kept. */
const firstWhole = (run: string) =>
  monthOf(new Date(Date.parse(run) - (KEPT_DAYS - 31) * DAY).toISOString());

/** Snapshots that began to be watched in a run, were seen at a place, or are no longer watched. */
function followed(before: readonly Snapshot[], run: string, events: readonly Event[]): Snapshot[] {
  const snapshots = [...before];
  const told = new Set(events.map(({ id }) => id));
  /** Of a dataset that has events, the places in the list. */
  const places = new Map<string, number[]>();
  const add = (id: string, place: number) => {
    const own = places.get(id);
    if (own === undefined) places.set(id, [place]);
    else own.push(place);
  };
  for (const [place, { id }] of snapshots.entries()) if (told.has(id)) add(id, place);
  const at = (place: number) => snapshots[place] as Snapshot;
  for (const event of events) {
    const own = places.get(event.id) ?? [];
    const begun = beginningOf(event);
    if (begun !== null || event.kind === 'withdrawn') {
      for (const place of own) {
        const isOther = at(place).version !== begun?.version;
        if (isOther && at(place).ended === undefined) {
          snapshots[place] = { ...at(place), ended: run };
        }
      }
    }
    if (begun !== null && !own.some((place) => at(place).version === begun.version)) {
      add(event.id, snapshots.push(begun) - 1);
    }
    if (event.kind !== 'arrived') continue;
    const known = own.find((place) => at(place).version === event.version);
    if (known === undefined || at(known).seen[event.place] !== undefined) continue;
    snapshots[known] = { ...at(known), seen: { ...at(known).seen, [event.place]: run } };
  }
  return snapshots;
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
