// What people are told, and when: a fault that two runs saw, and that it is over
// (docs/history.md#feeds-badges-notifications). A fault that one run saw may be gone in the next one,
// and a new dataset's copies take days. Pure: state and run in, notices out.

import { compareBytes } from '../compare/byte-order.ts';
import type { Row } from '../documents/rows.ts';
import type { Status } from '../documents/vocabulary.ts';
import type { CheckDefinition } from '../monitor/check.ts';
import { stillHolds } from '../monitor/good-for.ts';
import type { Notice } from './events.ts';
import {
  badIn,
  type Dataset,
  type IsBad,
  type NoticedRun,
  type NoticeState,
  rank,
  seenIn,
  turnOf,
} from './notice-state.ts';
import { statusOfVerdict, verdictText } from './verdict-text.ts';

/** Between the two runs that see a fault, at least. A run by hand soon after is not a second one. */
const CONFIRMED_MS = 20 * 60 * 60 * 1000;
/** After so many faults in two weeks the next one is the last that is told. */
const MOST_FAULTS = 2;

/** What a run knows of a dataset. */
export interface Look {
  readonly status: Status;
  /** By check. */
  readonly checks: Readonly<
    Record<string, { readonly verdict: string; readonly since: string | null }>
  >;
  /** Whether the run measured all that is not well: a verdict that was kept confirms nothing. */
  readonly isMeasured: boolean;
  readonly causes: readonly string[];
}

/** What the row of a run says. */
export function lookAt(checks: readonly CheckDefinition[], row: Row, run: string): Look {
  const definitions = new Map(checks.map((check) => [check.id, check]));
  const own = Object.entries(row.checks);
  const isMeasured = own.every(([id, { status, at, lastAttempt }]) => {
    if (status === 'ok' || status === 'pending') return true;
    const definition = definitions.get(id);
    const isOfRun = at !== null && Date.parse(at) >= Date.parse(run);
    const holds = definition !== undefined && stillHolds(definition, row.id, at, run);
    return lastAttempt === null && (isOfRun || holds);
  });
  return {
    status: row.status,
    checks: Object.fromEntries(
      own.map(([id, check]) => [id, { verdict: verdictText(check), since: check.since }]),
    ),
    isMeasured,
    causes: row.causes ?? [],
  };
}

/**
 * The notices of a run, by dataset in byte order.
 * @param before the state before the run
 * @param look undefined if the run does not have the dataset
 */
export function noticesOf(
  before: NoticeState,
  run: NoticedRun,
  look: (id: string) => Look | undefined,
): Notice[] {
  if (run.origin !== undefined) return [];
  const isBad = badIn(run);
  const notices: Notice[] = [];
  for (const event of run.events) {
    const { id } = event;
    if (event.kind === 'withdrawn') {
      notices.push({ id, kind: 'withdrawn', status: statusOfVerdict(event.from), checks: [] });
    }
    const isRules = 'because' in event && event.because !== undefined;
    if (turnOf(event, isBad) !== 'good' || isRules) continue;
    const { told, rests } = before.datasets[id] ?? {};
    const now = look(id);
    if (told === undefined || rests !== undefined || now === undefined) continue;
    const checks = Object.entries(told).map(([check, from]) => changeOf(now, check, from));
    notices.push({ id, kind: 'mended', status: now.status, checks });
  }
  const { datasets, young } = seenIn(before, run);
  for (const [id, own] of Object.entries(datasets)) {
    if (own.since === undefined || own.rests !== undefined || young[id] !== undefined) continue;
    if (Date.parse(run.run) - Date.parse(own.since) < CONFIRMED_MS) continue;
    const now = look(id);
    if (now?.isMeasured && isBad(now.status)) notices.push(confirmed(id, own, now, isBad));
  }
  return notices.sort((a, b) => compareBytes(a.id, b.id));
}

/** A fault, or another one than was told. All bad checks of the dataset, worst first. */
function confirmed(id: string, own: Dataset, now: Look, isBad: IsBad): Notice {
  const { told, now: changed, from = {} } = own;
  const bad = Object.keys(now.checks).filter((check) => isBad(now.checks[check]?.verdict ?? 'ok'));
  const isUnknown = (check: string) => now.checks[check]?.verdict === 'pending';
  const over = Object.keys(told ?? {}).filter((check) => !bad.includes(check));
  const before = (check: string) => told?.[check] ?? from[check] ?? null;
  const checks = [...bad, ...over]
    .map((check) => {
      const change = changeOf(now, check, before(check));
      return isUnknown(check) ? { ...change, to: change.from } : change;
    })
    .sort((a, b) => rank(a.to ?? 'ok') - rank(b.to ?? 'ok'));
  const about = { id, status: now.status, checks };
  const causes = now.causes.length > 0 && { causes: [...now.causes] };
  if (changed === undefined) {
    const flaps = (own.at?.length ?? 0) >= MOST_FAULTS;
    return { ...about, kind: flaps ? 'flaps' : 'fault', ...causes };
  }
  const isWorse = Object.entries(changed).some(
    ([check, to]) => rank(to) < rank(told === undefined ? 'ok' : (told[check] ?? 'ok')),
  );
  return { ...about, kind: isWorse ? 'worse' : 'changed', ...causes };
}

function changeOf(now: Look, check: string, from: string | null): Notice['checks'][number] {
  const is = now.checks[check];
  return { check, from, to: is?.verdict ?? null, since: is?.since ?? null };
}
