// Datasets whose worker died before it reported them. Their newest attempt failed, and only the
// process that started the worker can record that (docs/checks.md#unverified).

import type { Registry } from '../documents/documents.ts';
import { checkPath } from '../documents/paths.ts';
import type { FailureReason } from '../failure.ts';
import { checkOf } from './check.ts';
import type { StageContext } from './context.ts';
import { inParallel, readOrNull } from './frame.ts';
import { openLastRecords } from './last-records.ts';
import { saveFailedAttempt } from './save-result.ts';

/** The datasets of one worker, and why it did not finish. */
export interface Unreported {
  readonly check: string;
  readonly datasets: readonly string[];
  readonly reason: FailureReason;
}

/**
 * @returns how many checks are recorded as failed; checks that the worker finished are unchanged
 */
export async function recordUnreported(
  context: StageContext,
  registry: Registry,
  unreported: readonly Unreported[],
): Promise<number> {
  if (unreported.length === 0) return 0;
  const known = openLastRecords(context, registry);
  const { runStart, log, options, signal } = context;
  let recorded = 0;
  for (const { check, datasets, reason } of unreported) {
    await inParallel(options.concurrency, datasets, signal, async (dataset) => {
      const session = await context.store.open(dataset);
      const previous = await known.record(session, check);
      if (previous?.runStart === runStart) return;
      const path = checkPath(checkOf(context.archive, check), dataset);
      const value = await readOrNull<object>(context, path);
      await saveFailedAttempt(context, session, {
        dataset,
        check,
        runStart,
        lastAttempt: { at: context.now().toISOString(), reason },
        previous,
        document: value && { path, value },
      });
      recorded += 1;
      log('warn', 'not measured', { check, dataset, reason, detail: 'its worker did not finish' });
    });
  }
  return recorded;
}
