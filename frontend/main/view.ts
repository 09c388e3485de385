// What the main page shows of the datasets (filters, search, order), and its form in the address:
// `?status=error&issue=copy:copy-missing&q=bear&sort=-since`. An address from outside may contain
// anything; unknown parts are ignored. With a saved board (`?board=…&h=…`) an address says only what
// differs from the board's view, and `status=` that no status is chosen.

import { sortKeysOf } from '../../core/documents/catalogue.ts';
import { capital } from '../../core/documents/coverage.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import {
  CAUSES,
  CHECKS,
  COLUMNS,
  catalogue,
  ENTRY,
  IN_ADDRESS,
  ISSUES,
} from '../shared/catalogue.ts';

/** In the order of the table's columns. */
export const SORT_KEYS = sortKeysOf(catalogue);
export type SortKey = string;

export const COLUMN_NAMES: Readonly<Record<SortKey, string>> = {
  id: capital(ENTRY),
  latest: 'Latest snapshot',
  ...Object.fromEntries(COLUMNS.map(({ id, name }) => [id, name])),
  status: 'Status',
  since: 'Since',
};

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

/** The part of an address's query string that names a saved board; empty if there is none. */
export function boardIn(search: string): string {
  const part = (name: string) => new RegExp(`[?&](${name}=[\\w-]+)`).exec(search)?.[1];
  const board = part('board');
  return board ? [board, part('h') ?? []].flat().join('&') : '';
}

/**
 * The view in an address's query string.
 * @param base what holds where the address says nothing
 */
export function readView(search: string, base = WHOLE_VIEW): View {
  const params = new URLSearchParams(search);
  const listed = <T extends string>(name: string, known: readonly T[], own: readonly T[]) => {
    const asked = new Set(params.getAll(name).flatMap((value) => value.split(',')));
    return params.has(name) ? known.filter((value) => asked.has(value)) : own;
  };
  const flag = (name: string, own: boolean) => (params.has(name) ? params.get(name) === '1' : own);
  const sort = params.get('sort') ?? '';
  const name = sort.replace(/^-/, '');
  // Older addresses name the check's column, which is several now.
  const key =
    SORT_KEYS.find((known) => known === name) ?? COLUMNS.find(({ of }) => of === name)?.id;
  const order = key
    ? { sort: key, descending: sort.startsWith('-') }
    : params.has('sort')
      ? WHOLE_VIEW
      : base;
  return {
    statuses: listed('status', STATUSES, base.statuses),
    checks: listed('check', CHECKS, base.checks),
    uncompared: listed('not-comparable', CHECKS, base.uncompared),
    issues: listed('issue', ISSUES, base.issues),
    causes: listed('cause', CAUSES, base.causes),
    unverified: flag('unverified', base.unverified),
    justPublished: flag('just-published', base.justPublished),
    query: (params.get('q') ?? base.query).slice(0, 200),
    sort: order.sort,
    descending: order.descending,
  };
}

const valuesOf = (view: View): readonly (readonly [string, string])[] => [
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

/**
 * The query string of a view, with `?`; empty for the default view.
 * @param base what it is told from
 * @param board as boardIn() reads it
 */
export function writeView(view: View, base = WHOLE_VIEW, board = ''): string {
  const own = valuesOf(base);
  const text = [
    IN_ADDRESS && `archive=${IN_ADDRESS}`,
    board,
    ...valuesOf(view)
      .filter(([, value], place) => value !== own[place]?.[1])
      // Colons and commas are legal in a query, and keep the address readable.
      .map(
        ([name, value]) =>
          `${name}=${encodeURIComponent(value.toWellFormed()).replace(/%3A/g, ':').replace(/%2C/g, ',')}`,
      ),
  ]
    .filter(Boolean)
    .join('&');
  return text && `?${text}`;
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
