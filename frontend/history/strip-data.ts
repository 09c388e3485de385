// What the strips of a dataset show: spells with their places on the line of time, and in words.

import { longDate } from '../../core/documents/format.ts';
import type { HistoryIndex } from '../../core/history/documents.ts';
import { dayOf } from '../../core/history/paths.ts';
import { isBad, lengthOf, type Spell, spellsOf } from '../../core/history/spells.ts';
import { dayAfter, dayBefore, endOf, isMinute } from '../../core/history/strips.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { verdictWords } from '../../core/history/words.ts';
import { catalogue } from '../shared/catalogue.ts';
import { daysText } from './sync-words.ts';

/** The part of a strips document that the page shows. */
export type Shown = Pick<Strips, 'listed' | 'strips' | 'unverified' | 'notSeen' | 'truncated'> & {
  readonly snapshots: NonNullable<Strips['snapshots']>;
  /** Whether a feed would have something to tell. */
  readonly hasNews: boolean;
};

export interface Time {
  /** The day of the history's first run. */
  readonly begin: string;
  /** The day of the first entry, the start of the last run, and the day after it. */
  readonly first: string;
  readonly now: string;
  readonly end: string;
}

export interface Strip {
  readonly check: string;
  readonly name: string;
  readonly spells: readonly Spell[];
  /** From when and until when it could not be measured. */
  readonly unverified: readonly (readonly [string, string])[];
}

export function timeOf(
  { strips }: Shown,
  { firstRun, lastRun }: Pick<HistoryIndex, 'firstRun' | 'lastRun'>,
): Time {
  const firsts = Object.values(strips).flatMap(([entry]) => (entry ? [entry[0]] : []));
  const first = dayOf(firsts.toSorted()[0] ?? lastRun);
  return { begin: dayOf(firstRun), first, now: lastRun, end: dayAfter(dayOf(lastRun)) };
}

/** All checks together first, then each in the catalogue's order. */
export function stripsOf(shown: Shown, { end }: Time): Strip[] {
  const names = [
    [OVERALL, 'All checks'] as const,
    ...catalogue.checks.map(({ id, words }) => [id, words.name] as const),
  ];
  return names.flatMap(([check, name]) => {
    const spells = spellsOf(shown, check);
    if (spells.length === 0) return [];
    const periods = shown.unverified[check] ?? [];
    const unverified = periods.map(([from, to]) => [from, to === null ? end : endOf(to)] as const);
    return [{ check, name, spells, unverified }];
  });
}

const DAY = 24 * 60 * 60 * 1000;
/** Percent of the line of time. */
export function placeOf({ first, end }: Time, moment: string): number {
  const share = (Date.parse(moment) - Date.parse(first)) / (Date.parse(end) - Date.parse(first));
  return 100 * Math.min(1, Math.max(0, share));
}

/** `Error: Files missing`, `not listed`, `not made`. */
export function verdictOf({ check }: Pick<Strip, 'check'>, { verdict, isListed }: Spell): string {
  if (!isListed) return 'not listed';
  return verdict === null ? 'not made' : verdictWords(catalogue, check, verdict);
}

/** Whether a spell may be older than the history, which does not tell its first day. */
export const isOlder = (spell: Spell, { begin }: Time, { listed }: Shown): boolean =>
  listed === null && spell.from <= begin;

/** `8 April – 2 May 2026, 24 days`, `since before 2 June 2026`. */
export function lengthWords(spell: Spell, time: Time, shown: Shown): string {
  const { from, to } = spell;
  const days = daysText(lengthOf(spell, time.now));
  const before = isOlder(spell, time, shown) ? 'before ' : '';
  // Of a first run nothing is known but that it was so before.
  const length = before && days === daysText(0) ? '' : `, ${before && 'at least '}${days}`;
  if (to === null) return `since ${before}${momentWords(from)}${length}`;
  return `${before}${rangeWords(from, to)}${length}`;
}

/** `8 April – 2 May 2026`, `8 April 2026, 06:00 – 12:00 UTC` */
export function rangeWords(from: string, to: string): string {
  if (from === to) return momentWords(from);
  if (isMinute(from) && dayOf(from) === dayOf(to)) {
    return `${longDate(from)}, ${timeOfDay(from)} – ${timeOfDay(to)} UTC`;
  }
  const year = from.slice(0, 4) === to.slice(0, 4) ? ` ${from.slice(0, 4)}` : '';
  return `${momentWords(from).replace(year, '')} – ${momentWords(to)}`;
}

/** `8 April 2026`, `8 April 2026, 06:00 UTC` */
const momentWords = (moment: string): string =>
  isMinute(moment) ? `${longDate(moment)}, ${timeOfDay(moment)} UTC` : longDate(moment);
const timeOfDay = (minute: string): string => minute.slice(11, 16);

/** The last day before a day; minutes stay as they are. */
export const lastOf = (end: string): string => (isMinute(end) ? end : dayBefore(end));

/** All that a spell tells, with the days on which it could not be measured. */
export function spellWords(strip: Strip, spell: Spell, time: Time, shown: Shown): string {
  const end = spell.to ?? time.end;
  const failed = strip.unverified
    .filter(([from, to]) => from < end && to > spell.from)
    .map(([from, to]) => `; could not be measured ${rangeWords(from, lastOf(to))}`);
  return `${verdictOf(strip, spell)}, ${lengthWords(spell, time, shown)}${failed.join('')}`;
}

/** Percent; a name would not fit beyond. */
const LAST_LABEL = 94;

/** First days of months, as far as they lie on the line; names for as many as there is room. */
export function ticksOf(time: Time, room = 12): { readonly day: string; readonly label: string }[] {
  const days: string[] = [];
  const month = new Date(`${time.first.slice(0, 7)}-01T00:00:00Z`);
  for (;;) {
    month.setUTCMonth(month.getUTCMonth() + 1);
    const day = month.toISOString().slice(0, 10);
    if (day >= time.end) break;
    days.push(day);
  }
  const every = [1, 2, 3, 6, 12].find((step) => days.length / step <= room) ?? 12;
  return days.map((day) => {
    const number = Number(day.slice(5, 7)) - 1;
    const isNamed = number % every === 0 && placeOf(time, day) < LAST_LABEL;
    const name = number === 0 ? day.slice(0, 4) : (longDate(day).split(' ')[1] ?? '').slice(0, 3);
    return { day, label: isNamed ? name : '' };
  });
}

export interface Facts {
  /** How often and how many days a copy was not in step in the last year. */
  readonly times: number;
  readonly days: number;
  /** The longest spell of all. */
  readonly longest: { readonly strip: Strip; readonly spell: Spell } | null;
}

const YEAR = 365;

export function factsOf(strips: readonly Strip[], { now }: Time): Facts {
  const overall = strips.find(({ check }) => check === OVERALL);
  const yearAgo = new Date(Date.parse(dayOf(now)) - YEAR * DAY).toISOString().slice(0, 10);
  const bad = overall?.spells.filter(isBad) ?? [];
  const recent = bad.filter(({ to }) => to === null || to > yearAgo);
  const days = recent.map(({ from, to }) =>
    lengthOf({ from: from < yearAgo ? yearAgo : from, to }, now),
  );
  const ofChecks = strips
    .filter(({ check }) => check !== OVERALL)
    .flatMap((strip) => strip.spells.filter(isBad).map((spell) => ({ strip, spell })));
  const longest = ofChecks.toSorted((a, b) => lengthOf(b.spell, now) - lengthOf(a.spell, now))[0];
  return {
    // An error that becomes a version mismatch is the same time.
    times: recent.filter(({ from }) => !bad.some(({ to }) => to === from)).length,
    days: days.reduce((sum, each) => sum + each, 0),
    longest: longest ?? null,
  };
}

/** A spell, by its strip and its place in it. */
export interface Stop {
  readonly row: number;
  readonly place: number;
}

/** Null if the key moves nothing. Up and down lead to the spell of the same time. */
export function nextStop(strips: readonly Strip[], { row, place }: Stop, key: string): Stop | null {
  const spells = strips[row]?.spells ?? [];
  const within = (to: number) => ({ row, place: Math.max(0, Math.min(spells.length - 1, to)) });
  const beside = (other: number): Stop => {
    const next = Math.max(0, Math.min(strips.length - 1, other));
    const from = spells[place]?.from ?? '';
    const same = strips[next]?.spells.findLastIndex((spell) => spell.from <= from) ?? 0;
    return { row: next, place: Math.max(0, same) };
  };
  switch (key) {
    case 'ArrowLeft':
      return within(place - 1);
    case 'ArrowRight':
      return within(place + 1);
    case 'Home':
      return within(0);
    case 'End':
      return within(spells.length - 1);
    case 'ArrowUp':
      return beside(row - 1);
    case 'ArrowDown':
      return beside(row + 1);
    default:
      return null;
  }
}
