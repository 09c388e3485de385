// What an event means to a reader: a new fault, something mended, a new snapshot (docs/history.md,
// "Changes and show"). Command line, page, feeds and notifications say the same because they all
// ask here. Pure, and the page bundles it.

import { isFault, STATUSES, type Status } from '../documents/vocabulary.ts';
import type { RunEvent } from './documents.ts';
import { OVERALL, statusOfVerdict } from './verdict-text.ts';

/** In the order in which a day's changes are listed. */
export const CHANGE_KINDS = [
  'new-fault',
  'mended',
  'worse',
  'better',
  'changed',
  'snapshot',
  'listed',
  'returned',
  'withdrawn',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  /** Start of the run that saw it. */
  readonly run: string;
  readonly id: string;
  readonly kind: ChangeKind;
  /** Whose verdict changed; `overall` or null where it is no single check's. */
  readonly check: string | null;
  /** Verdicts, or versions of a `snapshot`; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  /** It is no news of the dataset: other rules, or other checks than before. */
  readonly because?: 'rules';
}

/**
 * The changes that an event tells, in the order of its verdicts; none for what is no news (another
 * count, a failed measurement). A check's verdict tells them; the overall one follows from it.
 */
export function changesOf(event: RunEvent): Change[] {
  const { run, id } = event;
  switch (event.kind) {
    case 'verdict': {
      const { check, from, to, because } = event;
      if (check === OVERALL) return [];
      const kind = kindOfVerdicts(from, to);
      return [{ run, id, kind, check, from, to, ...(because && { because }) }];
    }
    case 'versions': {
      const { latest } = event.to;
      if (latest == null) return [];
      const from = event.from.latest ?? null;
      return [{ run, id, kind: 'snapshot', check: null, from, to: latest }];
    }
    case 'listed':
    case 'returned': {
      const { kind, to } = event;
      const fault: Change = { run, id, kind: 'new-fault', check: OVERALL, from: null, to };
      const faults = isFault(statusOfVerdict(to)) ? [fault] : [];
      return [...faults, { run, id, kind, check: null, from: null, to }];
    }
    case 'withdrawn':
      return [{ run, id, kind: 'withdrawn', check: null, from: event.from, to: null }];
    case 'counts':
    case 'unverified':
    case 'verified':
    case 'arrived':
      return [];
  }
}

/** By rank of the statuses; `changed` is another finding of the same status. */
export function kindOfVerdicts(from: string, to: string): ChangeKind {
  const [was, is] = [statusOfVerdict(from), statusOfVerdict(to)];
  if (isFault(is) && !isFault(was)) return 'new-fault';
  if (isFault(was) && is === 'ok') return 'mended';
  const steps = rank(was) - rank(is);
  return steps > 0 ? 'worse' : steps < 0 ? 'better' : 'changed';
}

/** Higher is better. */
const rank = (status: Status) => STATUSES.indexOf(status);

/** What follows in other checks of a dataset from a new fault, or from one that was mended. */
const ASIDE: ReadonlySet<ChangeKind> = new Set(['worse', 'better', 'changed']);

/**
 * How many datasets have changes of a kind, those by new rules left out. Which are worse, better or
 * changed are counted without those that have a new fault or were mended.
 */
export function countChanges(changes: readonly Change[]): ReadonlyMap<ChangeKind, number> {
  const real = changes.filter(({ because }) => because === undefined);
  const idsOf = (...kinds: readonly ChangeKind[]) =>
    new Set(real.flatMap(({ kind, id }) => (kinds.includes(kind) ? [id] : [])));
  const told = idsOf('new-fault', 'mended');
  return new Map(
    CHANGE_KINDS.map((kind) => {
      const ids = idsOf(kind);
      return [kind, (ASIDE.has(kind) ? ids.difference(told) : ids).size];
    }),
  );
}

/** A run of the same day, by hand or after a fault, is not yesterday's. */
const YESTERDAY_MS = 20 * 60 * 60 * 1000;

/**
 * The last run at least 20 hours before the newest one; null if there is none.
 * @param runs starts of the published runs, ascending
 */
export function yesterdayOf(runs: readonly string[]): string | null {
  const newest = Date.parse(runs.at(-1) ?? '');
  return runs.findLast((run) => Date.parse(run) <= newest - YESTERDAY_MS) ?? null;
}
