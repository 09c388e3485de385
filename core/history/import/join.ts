// Puts imported runs before runs that were published here. These are numbered anew, and the first of
// them says what changed since the last imported run.

import { isDeepStrictEqual } from 'node:util';
import { SCHEMA_VERSION } from '../../documents/vocabulary.ts';
import { stateWriter } from '../diff.ts';
import type { RunHistory } from '../documents.ts';
import type { Event, Verdicts } from '../events.ts';
import { OVERALL } from '../verdict-text.ts';

type State = Readonly<Record<string, string>>;
type States = ReadonlyMap<string, State>;

/**
 * @param imported the new beginning
 * @param before all runs as they are now, in order
 * @returns the runs published here after the imported ones, as they must be, and by how much their
 * numbers grow
 */
export function joined(
  imported: readonly RunHistory[],
  before: readonly RunHistory[],
): { readonly own: readonly RunHistory[]; readonly shift: number } {
  const end = imported.at(-1)?.run ?? '';
  const at = before.findIndex(({ origin, run }) => origin === undefined && run > end);
  const first = before[at];
  if (first === undefined) return { own: [], shift: 0 };
  const shift = imported.length + 1 - first.number;
  const own = before.slice(at).map((run) => ({ ...run, number: run.number + shift }));
  // It was compared with this end already.
  if (isDeepStrictEqual(before[at - 1], imported.at(-1))) return { own, shift };
  const states = statesAfter(before.slice(0, at + 1));
  const rebased = { ...follow(first, states, imported), number: imported.length + 1 };
  return { own: [rebased, ...own.slice(1)], shift };
}

/** All verdicts after these runs. */
function statesAfter(runs: readonly RunHistory[]): States {
  const all = new Map<string, State>();
  const set = (id: string, verdicts: Verdicts) => {
    const made = Object.entries({ ...all.get(id), ...verdicts }).filter(([, verdict]) => verdict);
    all.set(id, Object.fromEntries(made) as State);
  };
  for (const { events, states } of runs) {
    for (const event of events) if (event.kind === 'withdrawn') all.delete(event.id);
    for (const [id, place] of Object.entries(states.of)) set(id, states.verdicts[place] ?? {});
    for (const event of events) {
      if (event.kind === 'verdict') set(event.id, { [event.check]: event.to });
    }
  }
  return all;
}

/** A run after the imported ones: its verdicts are the same, and what it tells of them is not. */
function follow(run: RunHistory, now: States, imported: readonly RunHistory[]): RunHistory {
  const before = statesAfter(imported);
  const seen = new Set(imported.flatMap(({ states }) => Object.keys(states.of)));
  const checksOf = (states: States) => new Set([...states.values()].flatMap(Object.keys));
  const isByRules = imported.at(-1)?.rulesVersion !== run.rulesVersion;
  const isOther = checksOf(before).symmetricDifference(checksOf(now)).size > 0;
  const verdicts: Event[] = [];
  const others: Event[] = [];
  const untold = stateWriter();
  for (const [id, state] of now) {
    const last = before.get(id);
    if (last === undefined) {
      others.push({ kind: seen.has(id) ? 'returned' : 'listed', id, to: state[OVERALL] as string });
      untold.add(id, state);
      continue;
    }
    for (const [check, to] of Object.entries(state)) {
      const from = last[check];
      if (from === undefined || from === to) continue;
      const rules = isByRules || (check === OVERALL && isOther);
      verdicts.push({ kind: 'verdict', id, check, from, to, ...(rules && { because: 'rules' }) });
    }
    const begun = Object.entries(state).filter(([check]) => last[check] === undefined);
    const ended = Object.keys(last).flatMap((check) => (state[check] ? [] : [[check, null]]));
    untold.add(id, Object.fromEntries([...begun, ...ended]));
  }
  for (const [id, last] of before) {
    if (!now.has(id)) others.push({ kind: 'withdrawn', id, from: last[OVERALL] as string });
  }
  const isKept = ({ kind }: Event) => !REPLACED.has(kind);
  const count = (kinds: readonly string[]) =>
    others.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    ...run,
    schemaVersion: SCHEMA_VERSION,
    events: [...verdicts, ...others, ...run.events.filter(isKept)],
    states: untold.written(),
    counts: {
      ...run.counts,
      listed: count(['listed', 'returned']),
      withdrawn: count(['withdrawn']),
      changes: verdicts.filter((event) => 'check' in event && event.check === OVERALL).length,
    },
  };
}

const REPLACED: ReadonlySet<string> = new Set(['verdict', 'listed', 'returned', 'withdrawn']);
