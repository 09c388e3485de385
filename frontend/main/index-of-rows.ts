// Rows prepared for filtering and sorting, directly from the columns of the compact summary.
// Filters are bits and orders are lists of row numbers, so that a pass over 10,000 datasets takes a
// few milliseconds. A row is made only when it is shown or exported.

import { faultsIn, issuesOf, versionColumns } from '../../core/documents/catalogue.ts';
import type { CompactPart } from '../../core/documents/compact-read.ts';
import type { CheckRow, Row } from '../../core/documents/rows.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { compareWorst, isWholeLoss, severityOf } from '../../core/documents/worst-first.ts';
import { CAUSES, CHECKS, COLUMNS, catalogue, chosen, ISSUES } from '../shared/catalogue.ts';
import { SORT_KEYS, type SortKey, type View } from './view.ts';

export interface Index {
  readonly ids: readonly string[];
  /** Bits by place in STATUSES, and in CHECKS: those that found something, or compared nothing. */
  readonly statuses: Uint8Array;
  readonly checks: Uint8Array;
  readonly uncompared: Uint8Array;
  /** Place in `issueSets`: there are more issues than a number has bits. */
  readonly issues: Uint16Array;
  /** Places in ISSUES, for each set that some row has. */
  readonly issueSets: readonly (readonly number[])[];
  /** Bits by place in CAUSES, and in CHECKS (those not made). */
  readonly causes: Uint32Array;
  readonly unchecked: Uint8Array;
  readonly unverified: Uint8Array;
  /** 1 if some findings do not count yet. */
  readonly pending: Uint8Array;
  /** A number for each row; a column sorts by it in ascending order. */
  readonly keys: Readonly<Record<SortKey, Float64Array>>;
  /** As core/documents/worst-first.ts has them: ties of any order. */
  readonly severity: Float64Array;
  readonly since: Float64Array;
  /** Row numbers in order, by sort key and direction; made on demand. */
  readonly orders: Map<string, Uint32Array>;
  /** Its `name` is null. */
  readonly row: (place: number) => Row;
}

export interface Counts {
  /** By place in CHECKS: datasets whose check found something, or compared nothing. */
  readonly checks: Uint32Array;
  readonly uncompared: Uint32Array;
  /** By place in ISSUES. */
  readonly issues: Uint32Array;
  /** By place in CAUSES. */
  readonly causes: Uint32Array;
  readonly unverified: number;
  readonly pending: number;
}

/** Parts of one summary, in order: rows are sorted by id in byte order. */
export function indexParts(parts: readonly CompactPart[]): Index {
  const ids = parts.flatMap((part) => part.columns.id);
  const ranks = versionRanks(parts);
  const numbers = () => new Float64Array(ids.length);
  const issueSets: number[][] = [];
  const index: Index = {
    ids,
    statuses: new Uint8Array(ids.length),
    checks: new Uint8Array(ids.length),
    uncompared: new Uint8Array(ids.length),
    issues: new Uint16Array(ids.length),
    issueSets,
    causes: new Uint32Array(ids.length),
    unchecked: new Uint8Array(ids.length),
    unverified: new Uint8Array(ids.length),
    pending: new Uint8Array(ids.length),
    keys: Object.fromEntries(SORT_KEYS.map((key) => [key, numbers()])) as Index['keys'],
    severity: numbers(),
    since: numbers(),
    orders: new Map(),
    row: (place) => {
      let left = place;
      for (const part of parts) {
        if (left < part.columns.id.length) return part.row(left);
        left -= part.columns.id.length;
      }
      throw new RangeError(`there is no row ${place}`);
    },
  };
  const places = new Map<string, number>();
  const placeOfSet = (set: number[]): number => {
    const name = set.join();
    const place = places.get(name) ?? issueSets.push(set) - 1;
    places.set(name, place);
    return place;
  };
  let first = 0;
  for (const part of parts) {
    fill(index, part, first, ranks, placeOfSet);
    first += part.columns.id.length;
  }
  return index;
}

function fill(
  index: Index,
  part: CompactPart,
  first: number,
  ranks: Map<string, number>,
  placeOfSet: (set: number[]) => number,
): void {
  const { columns, verdicts, versions } = part;
  const columnOf = (name: string) => (columns[name] ?? []) as readonly number[];
  // There are only some tens of different verdicts, for any number of rows.
  const bits = verdicts.map((verdict) => {
    const checks = part.checksOf(verdict);
    return {
      status: verdict.status,
      place: STATUSES.indexOf(verdict.status),
      isWhole: isWholeLoss(catalogue, { checks }),
      // A check that was not made is neither, nor one whose findings do not count yet.
      checks: bitsOf(CHECKS, (check) => isFinding(checks[check])),
      uncompared: bitsOf(CHECKS, (check) => isUncompared(checks[check])),
      unchecked: bitsOf(CHECKS, (check) => checks[check] === undefined),
      issues: placeOfSet(issuesOf(catalogue, { checks }).map((issue) => ISSUES.indexOf(issue))),
      causes: bitsOf(CAUSES, (cause) => verdict.causes?.includes(cause) === true),
    };
  });
  const versionOf = versionColumns(catalogue).map(
    ({ column }) => [column, columnOf(column)] as const,
  );
  const countsOf = COLUMNS.flatMap(({ id, number }) =>
    number === undefined ? [] : [[id, columnOf(number)] as const],
  );
  const faults = catalogue.checks.flatMap(faultsIn).map(({ words }) => columnOf(words.column));
  const end = Date.parse(part.lastUpdated);
  const rank = (code: number, at: number): number => {
    const own = code === 1 ? (columns.latest[at] as number) - 1 : code - 2;
    return ranks.get(versions[own] ?? '') ?? 0;
  };
  const { keys } = index;
  for (let at = 0; at < columns.id.length; at++) {
    const row = first + at;
    const verdict = bits[columns.verdict[at] as number];
    if (!verdict) continue;
    index.statuses[row] = 1 << verdict.place;
    index.checks[row] = verdict.checks;
    index.uncompared[row] = verdict.uncompared;
    index.issues[row] = verdict.issues;
    index.causes[row] = verdict.causes;
    index.unchecked[row] = verdict.unchecked;
    (keys.status as Float64Array)[row] = verdict.place;
    (keys.id as Float64Array)[row] = row;
    (keys.latest as Float64Array)[row] = columns.latestDate[at] ?? 0;
    for (const [key, codes] of versionOf)
      (keys[key] as Float64Array)[row] = rank(codes[at] ?? 0, at);
    for (const [key, counts] of countsOf) (keys[key] as Float64Array)[row] = counts[at] ?? 0;
    let files = 0;
    for (const counts of faults) files += counts[at] ?? 0;
    index.severity[row] = severityOf({ ...verdict, files });
    const days = columns.since?.[at] as number | null | undefined;
    index.since[row] = days == null ? 0 : end - days * DAY_MS;
    (keys.since as Float64Array)[row] = index.since[row] as number;
  }
  for (const at of Object.keys(part.unverified)) index.unverified[first + Number(at)] = 1;
  for (const at of Object.keys(part.pending)) index.pending[first + Number(at)] = 1;
}

const DAY_MS = 86_400_000;

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Version → its place among all, from 1. */
function versionRanks(parts: readonly CompactPart[]): Map<string, number> {
  const all = [...new Set(parts.flatMap((part) => part.versions))].sort(
    chosen.compareVersions ?? byText,
  );
  return new Map(all.map((version, place) => [version, place + 1]));
}

/**
 * Numbers of the rows that a view shows, in its order.
 * @param texts the searched text of each row, in lower case
 * @param pinned ids of those that come first, whatever the view filters by
 */
export function select(
  index: Index,
  texts: readonly string[],
  view: View,
  pinned: ReadonlySet<string> = new Set(),
): Uint32Array {
  const order = orderOf(index, view.sort, view.descending);
  const isFound = filter(index, texts, view);
  if (pinned.size === 0) return order.filter(isFound);
  const isPinned = (row: number) => pinned.has(index.ids[row] as string);
  const others = order.filter((row) => isFound(row) && !isPinned(row));
  return Uint32Array.from([...order.filter(isPinned), ...others]);
}

/**
 * How many rows each choice would show. A group's own choices do not narrow its counts, so that a
 * second choice in the group shows its effect.
 */
export function countChoices(index: Index, texts: readonly string[], view: View): Counts {
  const checks = new Uint32Array(CHECKS.length);
  const uncompared = new Uint32Array(CHECKS.length);
  const issues = new Uint32Array(ISSUES.length);
  const rowsBySet = new Uint32Array(index.issueSets.length);
  const causes = new Uint32Array(CAUSES.length);
  let unverified = 0;
  let pending = 0;
  const forChecks = filter(index, texts, { ...view, checks: [] });
  const forUncompared = filter(index, texts, { ...view, uncompared: [] });
  const forIssues = filter(index, texts, { ...view, issues: [] });
  const forCauses = filter(index, texts, { ...view, causes: [] });
  const forUnverified = filter(index, texts, { ...view, unverified: false });
  const forPending = filter(index, texts, { ...view, justPublished: false });
  for (let row = 0; row < index.ids.length; row++) {
    const [checkBits = 0, causeBits = 0] = [index.checks[row], index.causes[row]];
    if (checkBits !== 0 && forChecks(row)) addBits(checks, checkBits);
    const uncomparedBits = index.uncompared[row] as number;
    if (uncomparedBits !== 0 && forUncompared(row)) addBits(uncompared, uncomparedBits);
    const set = index.issues[row] as number;
    if (forIssues(row)) rowsBySet[set] = (rowsBySet[set] ?? 0) + 1;
    if (causeBits !== 0 && forCauses(row)) addBits(causes, causeBits);
    if (index.unverified[row] && forUnverified(row)) unverified++;
    if (index.pending[row] && forPending(row)) pending++;
  }
  for (const [place, set] of index.issueSets.entries()) {
    for (const issue of set) issues[issue] = (issues[issue] ?? 0) + (rowsBySet[place] ?? 0);
  }
  return { checks, uncompared, issues, causes, unverified, pending };
}

/** Datasets whose check was not made, by place in CHECKS, for any view. */
export function countUnchecked(index: Index): Uint32Array {
  const counts = new Uint32Array(CHECKS.length);
  for (const bits of index.unchecked) addBits(counts, bits);
  return counts;
}

/** Datasets by status in the order of STATUSES, for any view: the summary. */
export function countStatuses(index: Index): number[] {
  const counts = new Uint32Array(STATUSES.length);
  for (const bits of index.statuses) addBits(counts, bits);
  return [...counts];
}

function filter(index: Index, texts: readonly string[], view: View): (row: number) => boolean {
  const statuses = bitsOf(STATUSES, (status) => view.statuses.includes(status));
  const checks = bitsOf(CHECKS, (check) => view.checks.includes(check));
  const uncompared = bitsOf(CHECKS, (check) => view.uncompared.includes(check));
  const wanted = new Set(view.issues.map((issue) => ISSUES.indexOf(issue)));
  const issues = index.issueSets.map((set) => set.some((issue) => wanted.has(issue)));
  const causes = bitsOf(CAUSES, (cause) => view.causes.includes(cause));
  const words = wordsIn(index, view.query);
  return (row) =>
    (statuses === 0 || ((index.statuses[row] as number) & statuses) !== 0) &&
    (checks === 0 || ((index.checks[row] as number) & checks) !== 0) &&
    (uncompared === 0 || ((index.uncompared[row] as number) & uncompared) !== 0) &&
    (wanted.size === 0 || issues[index.issues[row] as number] === true) &&
    (causes === 0 || ((index.causes[row] as number) & causes) !== 0) &&
    (!view.unverified || index.unverified[row] === 1) &&
    (!view.justPublished || index.pending[row] === 1) &&
    (words.length === 0 || words.every((word) => (texts[row] as string).includes(word)));
}

/** Of an address, the id in it: `https://github.com/example/DS000117.git` means ds000117. */
function wordsIn(index: Index, query: string): string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!/[/:]/.test(query)) return words;
  const ids = new Set(index.ids.map((id) => id.toLowerCase()));
  return words.map((word) => word.split(/[^\p{L}\p{N}_-]+/u).find((part) => ids.has(part)) ?? word);
}

function orderOf(index: Index, sort: SortKey, descending: boolean): Uint32Array {
  const name = `${descending ? '-' : ''}${sort}`;
  const known = index.orders.get(name);
  if (known) return known;
  const key = index.keys[sort] as Float64Array;
  const sign = descending ? -1 : 1;
  const { severity, since } = index;
  const at = (values: Float64Array, row: number) => values[row] as number;
  // Ties go worst first in both directions of the column.
  const order = Uint32Array.from(index.ids.keys()).sort(
    (a, b) =>
      sign * (at(key, a) - at(key, b)) ||
      compareWorst(at(severity, a), at(since, a), at(severity, b), at(since, b)) ||
      a - b,
  );
  index.orders.set(name, order);
  return order;
}

/** Something was found that counts. */
const isFinding = (check: CheckRow | undefined): boolean =>
  check !== undefined && !['ok', 'pending'].includes(check.status) && check.notCompared === null;

const isUncompared = (check: CheckRow | undefined): boolean =>
  check !== undefined &&
  (check.notCompared !== null || (check.status === 'pending' && check.findings.length === 0));

function bitsOf<T>(known: readonly T[], has: (value: T) => boolean): number {
  return known.reduce((sum, value, place) => (has(value) ? sum | (1 << place) : sum), 0);
}

function addBits(counts: Uint32Array, bits: number): void {
  for (let place = 0, left = bits; left !== 0; place++, left >>>= 1) {
    if (left & 1) counts[place] = (counts[place] as number) + 1;
  }
}
