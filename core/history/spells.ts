// How long each verdict of a dataset lasted, from its strips (docs/history.md). Pure; the page
// bundles this file, so it imports types only.

import { isFault } from '../documents/vocabulary.ts';
import type { RunEvent } from './documents.ts';
import { dayOf } from './paths.ts';
import { endOf, isMinute } from './strips.ts';
import type { Strips } from './strips-document.ts';
import { statusOfVerdict } from './verdict-text.ts';

/** Moments are days or minutes (strips.ts). */
export interface Spell {
  /** As `error:files-missing`; null: the check was not made, or the archive did not list it. */
  readonly verdict: string | null;
  readonly isListed: boolean;
  readonly from: string;
  /** When it ended; null: it lasts. */
  readonly to: string | null;
}

/** The spells of a check, oldest first: each begins where the one before ends. */
export function spellsOf({ strips, notSeen }: Pick<Strips, 'strips' | 'notSeen'>, check: string) {
  const entries = strips[check] ?? [];
  const spells: Spell[] = [];
  const add = (spell: Spell) => {
    if (spell.to === null || spell.from < spell.to) spells.push(spell);
  };
  for (const [place, [from, verdict]] of entries.entries()) {
    const to = entries[place + 1]?.[0] ?? null;
    let begin = from;
    for (const [first, last] of notSeen) {
      const back = last === null ? null : endOf(last);
      if ((back !== null && back <= begin) || (to !== null && first >= to)) continue;
      const leaves = first > begin ? first : begin;
      add({ verdict, isListed: true, from: begin, to: leaves });
      const ends = back !== null && (to === null || back < to) ? back : to;
      add({ verdict: null, isListed: false, from: leaves, to: ends });
      if (ends === null) return joined(spells);
      begin = ends;
    }
    add({ verdict, isListed: true, from: begin, to });
  }
  return joined(spells);
}

/** A dataset that returned with the verdict that it had left with has two spells of it, not three. */
function joined(spells: readonly Spell[]): readonly Spell[] {
  const kept: Spell[] = [];
  for (const spell of spells) {
    const last = kept.at(-1);
    const isSame = last?.verdict === spell.verdict && last.isListed === spell.isListed;
    if (last && isSame) kept[kept.length - 1] = { ...last, to: spell.to };
    else kept.push(spell);
  }
  return kept;
}

const DAY = 24 * 60 * 60 * 1000;

/** Days between two moments. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / DAY;

/**
 * In days; whole ones if nothing more exact is known.
 * @param now the start of the last run, which a spell that lasts is counted to
 */
export function lengthOf({ from, to }: Pick<Spell, 'from' | 'to'>, now: string): number {
  const end = to ?? (isMinute(from) ? now : dayOf(now));
  return daysBetween(from, end);
}

/** Whether a copy was not in step. */
export const isBad = ({ verdict }: Spell): boolean =>
  verdict !== null && isFault(statusOfVerdict(verdict));

/**
 * How many days the spells of a check's verdict lasted, of those that began and ended within the
 * events: in the order in which they ended. Changes by other rules end a spell and are not counted.
 */
export function endedSpells(events: readonly RunEvent[], check: string, verdict: string): number[] {
  const begun = new Map<string, string>();
  const days: number[] = [];
  for (const event of events) {
    if (event.kind === 'withdrawn') begun.delete(event.id);
    if (event.kind !== 'verdict' || event.check !== check) continue;
    const { id, run, because } = event;
    const start = begun.get(id);
    if (event.from === verdict && start !== undefined && because === undefined) {
      days.push((Date.parse(run) - Date.parse(start)) / DAY);
    }
    begun.delete(id);
    if (event.to === verdict && because === undefined) begun.set(id, run);
  }
  return days;
}

/** Null of no numbers. */
export function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
