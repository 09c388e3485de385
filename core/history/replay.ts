// What would have been told over a recorded history: imported runs, taken as if they were our own.
// It shows whether the rules of notices.ts are right for an archive.

import type { RunHistory } from './documents.ts';
import { NOTICE_KINDS, type Notice } from './events.ts';
import { afterRun, badIn, NO_STATE, type NoticeState, turnOf } from './notice-state.ts';
import { type Look, noticesOf } from './notices.ts';
import { OVERALL, statusOfVerdict } from './verdict-text.ts';

export interface Replayed {
  readonly runs: number;
  readonly days: number;
  /** Of datasets that were known, and of those listed less than eight days before. */
  readonly known: Figures;
  readonly young: Figures;
  /** Notices by kind. */
  readonly told: Readonly<Record<Notice['kind'], number>>;
  /** The most faults told after one run. */
  readonly most: number;
}

export interface Figures {
  /** How often one turned bad, or was when it was listed. */
  spells: number;
  /** How many of them were told. */
  told: number;
}

/** @param runs in the order in which they were published; runs of a start-up do not count */
export async function replay(runs: AsyncIterable<RunHistory>): Promise<Replayed> {
  const told = Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, 0])) as Record<
    Notice['kind'],
    number
  >;
  const known: Figures = { spells: 0, told: 0 };
  const young: Figures = { spells: 0, told: 0 };
  const days = new Set<string>();
  const seen = verdicts();
  /** Datasets that are bad, and what their spell counts for. */
  const spells = new Map<string, Figures>();
  let state: NoticeState = NO_STATE;
  let most = 0;
  let count = 0;
  for await (const { origin, ...run } of runs) {
    if (origin === 'start-up') continue;
    count += 1;
    days.add(run.run.slice(0, 10));
    seen.add(run);
    const notices = noticesOf(state, run, seen.look);
    const after = afterRun(state, { ...run, notices });
    for (const event of run.events) {
      const turn = turnOf(event, badIn(run));
      if (turn === 'good' || event.kind === 'withdrawn') spells.delete(event.id);
      if (turn !== 'bad' || spells.has(event.id)) continue;
      const figures = after.young[event.id] === undefined ? known : young;
      figures.spells += 1;
      spells.set(event.id, figures);
    }
    for (const { id, kind } of notices) {
      told[kind] += 1;
      const figures = kind === 'fault' || kind === 'flaps' ? spells.get(id) : undefined;
      if (figures) figures.told += 1;
    }
    most = Math.max(most, notices.filter(({ kind }) => kind === 'fault').length);
    state = after;
  }
  return { runs: count, days: days.size, known, young, told, most };
}

/** The verdicts of all datasets, as the events tell them. */
function verdicts() {
  const all = new Map<string, Map<string, string>>();
  const unverified = new Set<string>();
  const nameOf = ({ id, check }: { readonly id: string; readonly check: string }) =>
    `${id} ${check}`;
  return {
    add({ events, states }: Pick<RunHistory, 'events' | 'states'>): void {
      const of = (id: string) => {
        const own = all.get(id) ?? new Map<string, string>();
        all.set(id, own);
        return own;
      };
      for (const [id, place] of Object.entries(states.of)) {
        for (const [check, verdict] of Object.entries(states.verdicts[place] ?? {})) {
          if (verdict === null) of(id).delete(check);
          else of(id).set(check, verdict);
        }
      }
      for (const event of events) {
        if (event.kind === 'verdict') of(event.id).set(event.check, event.to);
        else if (event.kind === 'withdrawn') all.delete(event.id);
        else if (event.kind === 'unverified') unverified.add(nameOf(event));
        else if (event.kind === 'verified') unverified.delete(nameOf(event));
      }
    },
    look(id: string): Look | undefined {
      const own = all.get(id);
      if (own === undefined) return undefined;
      const checks = [...own].filter(([check]) => check !== OVERALL);
      return {
        status: statusOfVerdict(own.get(OVERALL) ?? 'pending'),
        checks: Object.fromEntries(
          checks.map(([check, verdict]) => [check, { verdict, since: null }]),
        ),
        isMeasured: !checks.some(
          ([check, verdict]) => verdict !== 'ok' && unverified.has(nameOf({ id, check })),
        ),
        causes: [],
      };
    },
  };
}
