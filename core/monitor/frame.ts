// What all measurements share: datasets are handled separately, several at once. A failure is
// recorded and does not stop the others (docs/checks.md#unverified).

import { isFromFuture } from '../clock-ahead.ts';
import { checkPath } from '../documents/paths.ts';
import type { CheckRecord } from '../documents/records.ts';
import { type Failed, failed } from '../failure.ts';
import type { Reading } from './archive.ts';
import { checkOf } from './check.ts';
import type { StageContext, StageReport } from './context.ts';
import { NotStored, saveFailure, saveIfMeasured, storing, type Who } from './save-result.ts';
import type { Flow } from './stage.ts';
import { type Session, StoredDocumentError } from './store.ts';
import type { Measured, StillGood } from './verdict.ts';

/** Checks of a dataset that were measured together, because they share one reading. */
export interface Together {
  readonly kind: 'together';
  readonly main: Measured | Failed;
  readonly also: readonly Companion[];
}

export interface Companion {
  readonly check: string;
  readonly result: Measured | Failed;
}

export interface DatasetCheck extends Who {
  measure(
    session: Session,
    previous: CheckRecord | undefined,
  ): Promise<Measured | Together | StillGood | Failed>;
  /** The document of the last good measurement; a failed attempt is written into it. */
  lastDocument(dataset: string): Promise<{ path: string; value: object } | null>;
  /**
   * Whether a measurement made before this run was cut off is out of date: its registry, tag or
   * version may have changed when the run continues.
   */
  outdated(session: Session, record: CheckRecord): Promise<boolean>;
  /** The record of the last run; for legacy trees it is derived from their documents. */
  lastRecord(session: Session): Promise<CheckRecord | undefined>;
}

/**
 * Runs one check over the datasets, `concurrency` at once, in the given order or as they arrive.
 * @throws what the store throws when it cannot write (a full disk stops the run); a bug in a
 * measurement is recorded as `internal`.
 */
export async function runCheck(
  context: StageContext,
  check: DatasetCheck,
  datasets: readonly string[],
  { from, through }: Flow = {},
): Promise<StageReport> {
  const { progress, signal } = context;
  const failures: { dataset: string; reason: string }[] = [];
  let done = 0;
  let skipped = 0;
  let older = 0;
  let fromFuture = '';
  const onFuture = (runStart: string) => {
    if (runStart > fromFuture) fromFuture = runStart;
  };
  progress.start(check.stage, datasets.length);
  await inParallel(context.options.concurrency, from ?? datasets, signal, async (dataset) => {
    const outcome = await checkDataset(context, check, dataset, onFuture);
    if (outcome === 'aborted') return;
    done += 1;
    if (outcome === 'skipped') skipped += 1;
    else if (outcome === 'older') {
      older += 1;
      failures.push({ dataset, reason: THROWN_AWAY });
    } else if (outcome !== 'measured') failures.push({ dataset, reason: outcome.reason });
    progress.step(check.stage, dataset, typeof outcome === 'string' && outcome !== 'older');
    through?.(dataset);
  });
  progress.end(check.stage);
  return {
    stage: check.stage,
    total: datasets.length,
    done,
    skipped,
    failed: failures.sort((a, b) => (a.dataset < b.dataset ? -1 : 1)),
    ...(fromFuture !== '' && { fromFuture }),
    notes: older > 0 ? [thrownAwayNote(older)] : [],
  };
}

/** In a report: a result that was measured but not kept. */
export const THROWN_AWAY = 'older';
export const thrownAwayNote = (results: number): string =>
  `${results} measured already by a run that began later (by its clock); its results stay, and these were discarded`;

/** Datasets whose result of this run was not kept: they count as not measured. */
export function discardedResults(
  reports: readonly Pick<StageReport, 'failed'>[],
): ReadonlySet<string> {
  return new Set(
    reports.flatMap(({ failed }) =>
      failed.filter(({ reason }) => reason === THROWN_AWAY).map(({ dataset }) => dataset),
    ),
  );
}

async function checkDataset(
  context: StageContext,
  check: DatasetCheck,
  dataset: string,
  onFuture: (runStart: string) => void,
): Promise<'measured' | 'skipped' | 'older' | 'aborted' | Failed> {
  const { runStart, options } = context;
  const session = await context.store.open(dataset);
  const previous = await check.lastRecord(session);
  if (previous && isFromFuture(previous.runStart, context.now())) onFuture(previous.runStart);
  const doneInThisRun =
    previous?.runStart === runStart &&
    previous.lastAttempt === null &&
    previous.rulesVersion === context.archive.rules;
  if (doneInThisRun && !options.force && !(await check.outdated(session, previous))) {
    return 'skipped';
  }

  const result = await safely(context, check, dataset, async () => {
    const measured = await check.measure(session, previous);
    if (measured.kind !== 'together')
      return await saveIfMeasured(context, check, session, measured);
    // The others first: a continued run takes this check's record as the sign that all are done.
    for (const companion of measured.also) await saveCompanion(context, check, session, companion);
    return await saveIfMeasured(context, check, session, measured.main);
  });
  if (typeof result === 'string') return result;
  if (result.kind === 'still-good') return 'skipped';
  const document = await check.lastDocument(dataset);
  await saveFailure(context, check, session, result, { previous, document });
  return result;
}

async function saveCompanion(
  context: StageContext,
  { stage, waitsUntil }: Who,
  session: Session,
  { check, result }: Companion,
): Promise<void> {
  const saved = await saveIfMeasured(context, { stage, check, waitsUntil }, session, result);
  if (typeof saved === 'string') return;
  const previous = session.record(check);
  const path = checkPath(checkOf(context.archive, check), session.dataset);
  const value = await readOrNull<object>(context, path);
  const document = value && { path, value };
  await storing(saveFailure(context, { stage, check }, session, saved, { previous, document }));
}

/** A failure of this dataset only is a failed measurement; a failure of the store is thrown. */
async function safely<T>(
  context: StageContext,
  { stage }: DatasetCheck,
  dataset: string,
  work: () => Promise<T>,
): Promise<T | Failed | 'aborted'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotStored) throw error.cause;
    // An aborted request is not a measurement, neither good nor failed.
    if (context.signal.aborted) return 'aborted';
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.log('error', 'a check broke', { stage, dataset, error: message });
    return failed('internal', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Handles items, at most `width` at once. No more items begin after the signal is aborted or after
 * the first error; the error is thrown when the items in progress have ended.
 */
export async function inParallel<T>(
  width: number,
  items: Iterable<T> | AsyncIterableIterator<T>,
  signal: AbortSignal,
  handle: (item: T) => Promise<void>,
): Promise<void> {
  const queue = Symbol.iterator in items ? items[Symbol.iterator]() : items;
  let broken = false;
  const worker = async (): Promise<void> => {
    while (!signal.aborted && !broken) {
      const next = await queue.next();
      // Items that arrive while the run stops are not begun.
      if (next.done || signal.aborted || broken) return;
      try {
        await handle(next.value);
      } catch (error) {
        broken = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, worker));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

/** The last document; an unreadable one counts as absent, with a warning. */
export async function readOrNull<T>(context: Reading, path: string): Promise<T | null> {
  try {
    return ((await context.store.readDocument(path)) as T | undefined) ?? null;
  } catch (error) {
    if (!(error instanceof StoredDocumentError)) throw error;
    context.log('warn', 'unreadable document, measuring again', { path, error: error.message });
    return null;
  }
}
