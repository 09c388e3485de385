// The content of a row's cells, in the list and its exports.

import { ageColumns, checkOf, faultsIn, issuesOf } from '../../core/documents/catalogue.ts';
import type { Row } from '../../core/documents/rows.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { PENDING_WORDS } from '../../core/documents/words.ts';
import type { CheckDefinition, NumberWords } from '../../core/monitor/check.ts';
import { catalogue } from '../shared/catalogue.ts';

const AGES = ageColumns(catalogue);
const FAULTS = catalogue.checks.flatMap(faultsIn);

/** The numbers of faults that a check counts; `value` is null if the row has none. */
export const faultsOf = (
  check: string,
  row: Row,
): { readonly words: NumberWords; readonly value: number | null }[] =>
  FAULTS.filter(({ id }) => id === check).map(({ name, words }) => ({
    words,
    value: row.checks[check]?.numbers[name] ?? null,
  }));

/** Whether a check found a copy that is closed to everybody; default: any check. */
export function isClosed(row: Row, checks: readonly CheckDefinition[] = catalogue.checks): boolean {
  return checks.some(({ id, findings }) => findings[row.checks[id]?.subtype ?? '']?.closed);
}

/** The content checks that are measured with a name check. */
export const companionsOf = (check: string): string[] =>
  AGES.flatMap(({ id, base }) => (base === check ? [id] : []));

/** Matching names do not mean matching copies: the worst finding of a check's companions. */
export function worstInside(
  check: string,
  row: Row,
): { readonly issue: string; readonly status: Status } | null {
  const companions = companionsOf(check);
  const found = issuesOf(catalogue, row).flatMap((issue) => {
    const of = checkOf(issue);
    const status = companions.includes(of) ? row.checks[of]?.status : undefined;
    return status ? [{ issue, status }] : [];
  });
  const least = Math.min(...found.map(({ status }) => STATUSES.indexOf(status)));
  return found.find(({ status }) => STATUSES.indexOf(status) === least) ?? null;
}

/** The text instead of a check's numbers, if it has none. */
export function inPlaceOfNumbers(check: CheckDefinition, row: Row): string {
  const { id, findings, reasons, waits } = check;
  const own = row.checks[id];
  const found = findings[own?.subtype ?? ''];
  if (found) return found.brief ?? found.label.toLowerCase();
  const why = own?.notCompared ?? '';
  const reason = waits?.[why];
  const waiting = reason?.brief ?? reason?.label.toLowerCase();
  if (waiting && !reasons?.[why]?.onItsWay) return waiting;
  if (row.pending && own?.status === 'pending') {
    return PENDING_WORDS[row.pending.reason].label.toLowerCase();
  }
  if (waiting !== undefined || own?.status !== 'ok') return waiting ?? 'not compared';
  return faultsIn(check).length > 0 ? 'none' : 'ok';
}
