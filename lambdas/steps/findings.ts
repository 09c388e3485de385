// What `summarize` says about each problem of the catalogue (lambdas/problems.ts), from what the run
// saw. A run over a part does not say that a problem is over which it did not look for.

import type { Registry } from '../../core/documents/documents.ts';
import type { RunTotals } from '../../core/documents/records.ts';
import { registryFault } from '../../core/monitor/hold.ts';
import type { SummarizeResult } from '../../core/monitor/summarize.ts';
import { isWhole, type Run } from '../contract.ts';
import type { Findings } from '../problems.ts';
import type { Report } from '../run-files/reports.ts';

/** A daily reading, and two hours. */
export const STALE_REGISTRY_HOURS = 26;
const MANY_UNVERIFIED = 0.05;
const LEAST_COVERED_PERCENT = 95;
/** A weekly run may fail once. */
const OLD_VERDICT_HOURS = 8 * 24;
const MOST_NAMED = 5;

/** What became of the functions that measured. */
export interface Work {
  readonly died: number;
  readonly shardsLost: number;
}
export type Measured = Pick<SummarizeResult, 'covered' | 'summary'>;

export interface Seen {
  readonly run: Run;
  readonly now: Date;
  readonly registry: Registry;
  /** Hours until a run of the schedule or a look at what changed reads it again, at most. */
  readonly nextReadingHours: number;
  /** Datasets that the stack is sized for. */
  readonly sizedFor: number;
  readonly reports: readonly Report[];
  readonly work: Work;
  /** Null if the run did not summarize. */
  readonly result: (Measured & Pick<SummarizeResult, 'outcome' | 'why' | 'secondReading'>) | null;
  readonly totals: RunTotals | null;
}

/** All but those that `summarize` cannot see. */
export function findingsOf(seen: Seen): Findings {
  const { run, now, reports, work, result, totals } = seen;
  const overIfWhole = isWhole(run.input) ? null : undefined;
  return {
    RunFailed: overIfWhole,
    PartialRunFailed: null,
    RegistryShrank: overIfWhole,
    RegistryStale: staleFinding(seen),
    ArchiveOutgrown: outgrownFinding(seen),
    TokenRefused: tokenFinding(reports) ?? overIfWhole,
    FunctionsDied: diedFinding(work, reports) ?? overIfWhole,
    ShardsLost: work.shardsLost > 0 ? `Shards lost: ${work.shardsLost}.` : overIfWhole,
    ...(result && {
      PublishHeld: result.outcome === 'held' ? result.why.join(' ') : null,
      ReadersDisagree: result.secondReading?.disagreements.join(' ') || overIfWhole,
    }),
    ...(result && {
      OldVerdicts: oldFinding(result, now),
      // A run over a part measures no more than that.
      ...(overIfWhole === null && { LowCoverage: coverageFinding(result) }),
    }),
    ...(totals && { ManyUnverified: unverifiedFinding(totals) }),
  };
}

/**
 * A run of the schedule tells it too if it will be so before the next reading. Undefined where the
 * newest reading failed and it is not yet so.
 */
function staleFinding({ run, registry, now, nextReadingHours }: Seen): string | null | undefined {
  if (registry.lastAttempt === null) return null;
  const early = run.input.scheduled ? nextReadingHours : 0;
  const days = Math.max(0, STALE_REGISTRY_HOURS - early) / 24;
  return registryFault(registry, days, now) ?? undefined;
}

const outgrownFinding = ({ registry: { totalCount }, sizedFor }: Seen): string | null =>
  totalCount > sizedFor ? `It has ${totalCount}; the stack is sized for ${sizedFor}.` : null;

/** Undefined where no function had a fault with a token. */
function tokenFinding(reports: readonly Report[]): string | undefined {
  const faults = new Set(reports.flatMap(({ tokenFault }) => tokenFault ?? []));
  return faults.size > 0 ? `The reason: ${[...faults].join(', ')}.` : undefined;
}

function unverifiedFinding({ datasets, unverified }: RunTotals): string | null {
  if (unverified <= datasets * MANY_UNVERIFIED) return null;
  const percent = ((unverified / datasets) * 100).toFixed(1);
  return `${unverified} of ${datasets} datasets (${percent} %) could not be measured.`;
}

/** Undefined where none died. */
function diedFinding({ died }: Work, reports: readonly Report[]): string | undefined {
  if (died === 0) return undefined;
  const failures = reports.flatMap(({ failed }) => failed);
  const killers = new Set(
    failures.flatMap(({ dataset, reason }) => (reason === 'killed' ? [dataset] : [])),
  );
  const some = [...killers].slice(0, MOST_NAMED).join(', ');
  const more = killers.size > MOST_NAMED ? ` and ${killers.size - MOST_NAMED} more` : '';
  return `Functions that died: ${died}.${some && ` Of measuring ${some}${more}.`}`;
}

function coverageFinding(result: Measured): string | null {
  const percent = coveredPercent(result);
  if (percent >= LEAST_COVERED_PERCENT) return null;
  const { covered, summary } = result;
  return `${covered} of ${summary.datasets.length} datasets (${percent.toFixed(1)} %) were measured.`;
}

function oldFinding(result: Measured, now: Date): string | null {
  const oldest = oldestVerdict(result);
  if (oldest === null || hoursSince(oldest.at, now) <= OLD_VERDICT_HOURS) return null;
  return `The oldest is ${oldest.id}, last measured ${oldest.at}.`;
}

export const coveredPercent = ({ covered, summary: { datasets } }: Measured): number =>
  datasets.length === 0 ? 100 : (covered / datasets.length) * 100;

/** Null if nothing was ever measured. */
export function oldestVerdict({
  summary: { datasets },
}: Measured): { readonly id: string; readonly at: string } | null {
  let oldest: { id: string; at: string } | null = null;
  for (const { id, checkedAt: at } of datasets) {
    if (at === null) continue;
    if (oldest === null || Date.parse(at) < Date.parse(oldest.at)) oldest = { id, at };
  }
  return oldest;
}

/** A clock may be ahead. */
export const hoursSince = (at: string, now: Date): number =>
  Math.max(0, (now.getTime() - Date.parse(at)) / 3_600_000);
