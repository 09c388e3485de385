// What the page of changes shows, and its form in the address:
// `?from=2026-07-01&kind=new-fault,mended&check=files`. An address from outside may contain
// anything; unknown parts are ignored.

import { CHANGE_KINDS, type Change, type ChangeKind } from '../../core/history/classify.ts';
import { dayOf } from '../../core/history/paths.ts';
import { isDay } from '../history/documents.ts';
import { CHECKS, IN_ADDRESS } from '../shared/catalogue.ts';

export interface View {
  /** First and last day (UTC); empty: no limit. */
  readonly from: string;
  readonly to: string;
  /** Any of these; all if empty. */
  readonly kinds: readonly ChangeKind[];
  /** A check's id; empty: all. */
  readonly check: string;
  /** From 1. */
  readonly page: number;
}

export const WHOLE_VIEW: View = { from: '', to: '', kinds: [], check: '', page: 1 };
export const PAGE_SIZE = 100;

export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const day = (name: string) => {
    const text = params.get(name);
    return isDay(text) && !Number.isNaN(Date.parse(text)) ? text : '';
  };
  const kinds = new Set(params.getAll('kind').flatMap((value) => value.split(',')));
  const page = Number(params.get('page') ?? 1);
  return {
    from: day('from'),
    to: day('to'),
    kinds: CHANGE_KINDS.filter((kind) => kinds.has(kind)),
    check: CHECKS.find((check) => check === params.get('check')) ?? '',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The query string of a view, with `?`; empty for the whole view. */
export function writeView({ from, to, kinds, check, page }: View): string {
  const pairs = [
    ['archive', IN_ADDRESS],
    ['from', from],
    ['to', to],
    ['kind', kinds.join(',')],
    ['check', check],
    ['page', page === 1 ? '' : `${page}`],
  ].filter(([, value]) => value !== '');
  return pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`;
}

/** Whether a view shows a change. */
export const isShown = ({ from, to, kinds, check }: View, change: Change): boolean =>
  (from === '' || dayOf(change.run) >= from) &&
  (to === '' || dayOf(change.run) <= to) &&
  (kinds.length === 0 || kinds.includes(change.kind)) &&
  (check === '' || change.check === check);
