// What the main page shows of the datasets (filters, search, order), and its form in the address:
// `?status=error&issue=copy:copy-missing&q=bear&sort=-since`. An address from outside may contain
// anything; unknown parts are ignored.

import { sortKeysOf } from '../../core/documents/catalogue.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { CAUSES, CHECKS, COLUMNS, catalogue, IN_ADDRESS, ISSUES } from '../shared/catalogue.ts';

/** In the order of the table's columns. */
export const SORT_KEYS = sortKeysOf(catalogue);
export type SortKey = string;

export interface View {
  /** Any of these; all if empty. The same for checks, issues and causes. */
  readonly statuses: readonly Status[];
  /** Checks that found something. */
  readonly checks: readonly string[];
  /** Checks that compared nothing, though they were made. */
  readonly uncompared: readonly string[];
  readonly issues: readonly string[];
  /** Likely causes. */
  readonly causes: readonly string[];
  /** Only datasets with a check whose newest attempt failed. */
  readonly unverified: boolean;
  /** Only datasets with findings that do not count yet. */
  readonly justPublished: boolean;
  readonly query: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export const WHOLE_VIEW: View = {
  statuses: [],
  checks: [],
  uncompared: [],
  issues: [],
  causes: [],
  unverified: false,
  justPublished: false,
  query: '',
  // Worst first (core/documents/worst-first.ts).
  sort: 'status',
  descending: false,
};

/** Columns that are most useful in descending order: newest, most. */
const DESCENDING_FIRST: ReadonlySet<SortKey> = new Set(
  SORT_KEYS.filter((key) => key !== 'status' && key !== 'id'),
);

/** The view in an address's query string. */
export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const listed = <T extends string>(name: string, known: readonly T[]): T[] => {
    const asked = new Set(params.getAll(name).flatMap((value) => value.split(',')));
    return known.filter((value) => asked.has(value));
  };
  const sort = params.get('sort') ?? '';
  const name = sort.replace(/^-/, '');
  // Older addresses name the check's column, which is several now.
  const key =
    SORT_KEYS.find((known) => known === name) ?? COLUMNS.find(({ of }) => of === name)?.id;
  return {
    statuses: listed('status', STATUSES),
    checks: listed('check', CHECKS),
    uncompared: listed('not-comparable', CHECKS),
    issues: listed('issue', ISSUES),
    causes: listed('cause', CAUSES),
    unverified: params.get('unverified') === '1',
    justPublished: params.get('just-published') === '1',
    query: (params.get('q') ?? '').slice(0, 200),
    sort: key ?? WHOLE_VIEW.sort,
    descending: key !== undefined && sort.startsWith('-'),
  };
}

/** The query string of a view, with `?`; empty for the default view. */
export function writeView(view: View): string {
  const pairs: [string, string][] = [
    ['archive', IN_ADDRESS],
    ['status', view.statuses.join(',')],
    ['check', view.checks.join(',')],
    ['not-comparable', view.uncompared.join(',')],
    ['issue', view.issues.join(',')],
    ['cause', view.causes.join(',')],
    ['unverified', view.unverified ? '1' : ''],
    ['just-published', view.justPublished ? '1' : ''],
    ['q', view.query],
    ['sort', isWholeOrder(view) ? '' : `${view.descending ? '-' : ''}${view.sort}`],
  ];
  const text = pairs
    .filter(([, value]) => value !== '')
    // Colons and commas are legal in a query, and keep the address readable.
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(value.toWellFormed()).replace(/%3A/g, ':').replace(/%2C/g, ',')}`,
    )
    .join('&');
  return text === '' ? '' : `?${text}`;
}

const isWholeOrder = (view: View): boolean =>
  view.sort === WHOLE_VIEW.sort && view.descending === WHOLE_VIEW.descending;

export const isFiltered = (view: View): boolean =>
  filtersIn(view) + view.statuses.length > 0 || view.query.trim() !== '';

/** Number of filters beside status and search. */
export const filtersIn = (view: View): number =>
  [view.checks, view.uncompared, view.issues, view.causes].reduce((sum, of) => sum + of.length, 0) +
  Number(view.unverified) +
  Number(view.justPublished);

/** The view without its filters, in the same order. */
export const withoutFilters = (view: View): View => ({
  ...WHOLE_VIEW,
  sort: view.sort,
  descending: view.descending,
});

/** The list with the value added or removed, in the order of `known`. */
export function toggled<T>(list: readonly T[], value: T, known: readonly T[]): T[] {
  const on = !list.includes(value);
  return known.filter((each) => (each === value ? on : list.includes(each)));
}

/** The first order of a column. */
export const firstOrder = (sort: SortKey): Pick<View, 'sort' | 'descending'> => ({
  sort,
  descending: DESCENDING_FIRST.has(sort),
});

/** The view after a click on a column's head: sorted by that column, or in its other direction. */
export function sortedBy(view: View, sort: SortKey): View {
  if (view.sort === sort) return { ...view, descending: !view.descending };
  return { ...view, ...firstOrder(sort) };
}
