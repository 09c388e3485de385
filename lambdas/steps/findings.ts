// What `summarize` says about each problem of the catalogue (lambdas/problems.ts), from what the run
// saw. A run over a part does not say that a problem is over which it did not look for.

import type { Registry } from '../../core/documents/documents.ts';
import type { RunTotals } from '../../core/documents/records.ts';
import { registryFault } from '../../core/monitor/hold.ts';
import type { SummarizeResult } from '../../core/monitor/summarize.ts';
import { isWhole, type Run } from '../contract.ts';
import type { Findings } from '../problems.ts';
import type { Report } from '../run-files.ts';

/** A daily reading that fails, and two hours. */
const STALE_REGISTRY_HOURS = 26;
const MANY_UNVERIFIED = 0.05;

export interface Seen {
  readonly run: Run;
  readonly now: Date;
  readonly registry: Registry;
  readonly reports: readonly Report[];
  /** Null if the run did not summarize. */
  readonly result: Pick<SummarizeResult, 'outcome' | 'why' | 'secondReading'> | null;
  readonly totals: RunTotals | null;
}

/** All but those that `summarize` cannot see. */
export function findingsOf({ run, now, registry, reports, result, totals }: Seen): Findings {
  const overIfWhole = isWhole(run.input) ? null : undefined;
  return {
    RunFailed: overIfWhole,
    PartialRunFailed: null,
    RegistryShrank: overIfWhole,
    RegistryStale: registryFault(registry, STALE_REGISTRY_HOURS / 24, now),
    TokenRefused: tokenFinding(reports) ?? overIfWhole,
    ...(result && {
      PublishHeld: result.outcome === 'held' ? result.why.join(' ') : null,
      ReadersDisagree: result.secondReading?.disagreements.join(' ') || overIfWhole,
    }),
    ...(totals && { ManyUnverified: unverifiedFinding(totals) }),
  };
}

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
