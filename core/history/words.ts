// Changes in words, for every output about them. The page bundles this file.

import type { Catalogue, Labels } from '../documents/catalogue.ts';
import { counted, longDate, number } from '../documents/format.ts';
import { STATUS_WORDS } from '../documents/words.ts';
import type { Change, ChangeKind } from './classify.ts';
import { OVERALL, statusOfVerdict, subtypeOfVerdict } from './verdict-text.ts';

/** Titles of lists. */
export const CHANGE_WORDS: Readonly<Record<ChangeKind, string>> = {
  'new-fault': 'New faults',
  mended: 'Fixed',
  worse: 'Worse',
  better: 'Better',
  changed: 'Changed',
  snapshot: 'New snapshots',
  listed: 'Listed',
  returned: 'Listed again',
  withdrawn: 'Withdrawn',
};

/** Of changes that other rules made, or other checks than before. */
export const BY_RULES = 'By new rules, which is no news of the datasets';

/**
 * `2 new faults, 1 fixed, 3 new datasets`; empty if there is nothing.
 * @param counts datasets by kind (classify.ts)
 * @param entry what the archive calls its entries
 */
export function countsText(counts: ReadonlyMap<ChangeKind, number>, entry: string): string {
  const parts: Readonly<Record<ChangeKind, (count: number) => string>> = {
    'new-fault': (count) => counted(count, 'new fault'),
    mended: (count) => `${number(count)} fixed`,
    worse: (count) => `${number(count)} worse`,
    better: (count) => `${number(count)} better`,
    changed: (count) => `${number(count)} changed`,
    snapshot: (count) => counted(count, 'new snapshot'),
    listed: (count) => counted(count, `new ${entry}`),
    returned: (count) => `${number(count)} listed again`,
    withdrawn: (count) => `${number(count)} withdrawn`,
  };
  return Array.from(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => parts[kind](count))
    .join(', ');
}

type Words = Pick<Catalogue, 'checkById'> & { readonly issues: Labels };

/** `Error: Files missing` */
export function verdictWords(
  { issues }: Pick<Words, 'issues'>,
  check: string,
  verdict: string,
): string {
  const status = STATUS_WORDS[statusOfVerdict(verdict)];
  const subtype = subtypeOfVerdict(verdict);
  if (subtype === null) return status;
  // A finding that the rules of today no longer have.
  return `${status}: ${issues.get(`${check}:${subtype}`)?.label ?? subtype}`;
}

/** `Export files: OK → Error: Files missing`, `1.0.0 → 1.0.1`, `Pending`. */
export function changeWords(catalogue: Words, { kind, check, from, to }: Change): string {
  const words = (text: string) =>
    kind === 'snapshot' ? text : verdictWords(catalogue, check ?? OVERALL, text);
  const both = [from, to].flatMap((text) => (text === null ? [] : [words(text)])).join(' → ');
  const name = check === null ? undefined : catalogue.checkById.get(check)?.words.name;
  return name === undefined ? both : `${name}: ${both}`;
}

/**
 * `since 8 April 2026`, or `since before 18 March 2026`.
 * @param since null: before the first run, or nobody knows
 * @param firstRun null if there is no history
 */
export function sinceWords(since: string | null, firstRun: string | null): string {
  if (since !== null) return `since ${longDate(since)}`;
  return firstRun === null ? 'since when is not determined' : `since before ${longDate(firstRun)}`;
}
