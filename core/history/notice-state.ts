// What is remembered of a dataset's faults, so that each is told once and at the right time
// (notices.ts). Pure, and a function of the files of the runs alone.

import { STATUSES, type Status } from '../documents/vocabulary.ts';
import type { Notices, RunHistory } from './documents.ts';
import type { Event } from './events.ts';
import { DEFAULT_FROM } from './settings.ts';
import { OVERALL, statusOfVerdict } from './verdict-text.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Days in which the copies of a new dataset may be on their way. */
const YOUNG_MS = 8 * DAY;
/** For so long a fault that was told counts as one of several. */
const FLAPPING_MS = 14 * DAY;
/** How long a flapping dataset must stay as it is until anything is told of it again. */
const STEADY_MS = 7 * DAY;

export type NoticeState = Pick<Notices, 'datasets' | 'young'>;
export type Dataset = NoticeState['datasets'][string];
export type NoticedRun = Pick<RunHistory, 'run' | 'events' | 'origin' | 'notifyFrom'>;
export type IsBad = (verdict: string) => boolean;

export const NO_STATE: NoticeState = { datasets: {}, young: {} };

/** Which verdicts are bad to the settings of a run. */
export function badIn({ notifyFrom = DEFAULT_FROM }: Pick<RunHistory, 'notifyFrom'>): IsBad {
  return (verdict) => rank(verdict) <= rank(notifyFrom);
}

/** Lower is worse. */
export const rank = (verdict: string): number => STATUSES.indexOf(statusOfVerdict(verdict));

/** The state after a run with its notices. */
export function afterRun(
  before: NoticeState,
  run: NoticedRun & Pick<RunHistory, 'notices'>,
): NoticeState {
  const isBad = badIn(run);
  const { datasets, young } = seenIn(before, run);
  const next: Record<string, Dataset> = { ...datasets };
  for (const { id, kind, checks } of run.notices ?? []) {
    const own = next[id];
    if (own === undefined || kind === 'mended' || kind === 'withdrawn') continue;
    const bad = checks.filter(({ to }) => to !== null && isBad(to));
    const isFault = kind === 'fault' || kind === 'flaps';
    next[id] = {
      ...withoutSuspicion(own),
      told: Object.fromEntries(bad.map(({ check, to }) => [check, to as string])),
      ...(isFault && { at: [...(own.at ?? []), run.run] }),
      ...(kind === 'flaps' && { rests: run.run }),
    };
  }
  return { datasets: next, young };
}

/** The state with what a run saw, before anything is told of it. */
export function seenIn(before: NoticeState, run: NoticedRun): NoticeState {
  const isBad = badIn(run);
  const young: Record<string, string> = {};
  for (const [id, listed] of Object.entries(before.young)) {
    if (since(run, listed) < YOUNG_MS) young[id] = listed;
  }
  const datasets: Record<string, Dataset> = {};
  const keep = (id: string, own: Dataset) => {
    const aged = withAge(own, run);
    if (Object.keys(aged).length > 0) datasets[id] = aged;
    else delete datasets[id];
  };
  for (const [id, own] of Object.entries(before.datasets)) keep(id, own);
  for (const event of run.events) {
    const { id, kind } = event;
    if (kind === 'listed' || kind === 'returned') young[id] = run.run;
    if (kind === 'withdrawn') {
      delete young[id];
      delete datasets[id];
    } else if (run.origin === undefined) {
      keep(id, withEvent(datasets[id] ?? {}, event, run.run, isBad));
    }
  }
  return { datasets, young };
}

const since = ({ run }: Pick<RunHistory, 'run'>, before: string) =>
  Date.parse(run) - Date.parse(before);

function withAge({ at = [], rests, ...others }: Dataset, run: NoticedRun): Dataset {
  const recent = at.filter((told) => since(run, told) < FLAPPING_MS);
  const isResting = rests !== undefined && since(run, rests) < STEADY_MS;
  return { ...others, ...(recent.length > 0 && { at: recent }), ...(isResting && { rests }) };
}

function withEvent(own: Dataset, event: Event, run: string, isBad: IsBad): Dataset {
  if (event.kind === 'verdict' && event.check !== OVERALL) {
    return withVerdict(own, event, run, isBad);
  }
  const turn = turnOf(event, isBad);
  if (turn === null) return own;
  const { told, rests, ...others } = withoutSuspicion(own);
  const resting = rests !== undefined && { rests: run };
  switch (turn) {
    case 'bad':
      // It was bad, then unknown, and is bad again: it never was mended.
      if (told !== undefined) return own;
      return resting ? { ...others, told: {}, ...resting } : { ...own, since: own.since ?? run };
    case 'good':
      return { ...others, ...resting };
    case 'unknown':
      return { ...others, ...(told && { told }), ...(rests !== undefined && { rests }) };
  }
}

type VerdictEvent = Extract<Event, { kind: 'verdict' }>;

/** The verdict of one check changed. The overall one of the same run is known already. */
function withVerdict(
  own: Dataset,
  { check, from, to, because }: VerdictEvent,
  run: string,
  isBad: IsBad,
): Dataset {
  const { told, now } = own;
  const without = (all: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([one]) => one !== check));
  // What turned by other rules, and what a flapping dataset does, is not told and counts as told.
  if (because === 'rules' || own.rests !== undefined) {
    if (told === undefined) return own;
    return { ...own, told: { ...without(told), ...(isBad(to) && { [check]: to }) } };
  }
  const first = { ...own.from, [check]: own.from?.[check] ?? from };
  const isUntoldFault = told === undefined && own.since !== undefined && now === undefined;
  if (isUntoldFault) return { ...own, from: first };
  const changed = { ...without(now), ...(isNews(own, check, from, to, isBad) && { [check]: to }) };
  if (Object.keys(changed).length === 0) return withoutSuspicion(own);
  return { ...own, since: own.since ?? run, from: first, now: changed };
}

/**
 * Whether it differs from what was told. A dataset that was bad before anything could be told has
 * news if another check turns bad.
 */
function isNews(
  { told, now }: Dataset,
  check: string,
  from: string,
  to: string,
  isBad: IsBad,
): boolean {
  if (statusOfVerdict(to) === 'pending') return false;
  const before = told?.[check];
  if (before !== undefined) return to !== before;
  return isBad(to) && (told !== undefined || now?.[check] !== undefined || !isBad(from));
}

const withoutSuspicion = ({ since: _since, from: _from, now: _now, ...kept }: Dataset): Dataset =>
  kept;

/** Whether an event turns a dataset bad, good, or into one of which too little is known. */
export function turnOf(event: Event, isBad: IsBad): 'bad' | 'good' | 'unknown' | null {
  if (event.kind === 'listed' || event.kind === 'returned') return isBad(event.to) ? 'bad' : null;
  if (event.kind !== 'verdict' || event.check !== OVERALL) return null;
  const { from, to, because } = event;
  if (isBad(to)) return isBad(from) || because === 'rules' ? null : 'bad';
  const status: Status = statusOfVerdict(to);
  return status === 'pending' ? 'unknown' : 'good';
}
