// What all measurements share: datasets are handled separately, several at once. A failure is
// recorded and does not stop the others (docs/checks.md#unverified).

import { isFromFuture } from '../clock-ahead.ts';
import type { Attempt } from '../documents/documents.ts';
import { UnencodableError } from '../documents/json.ts';
import { checkPath } from '../documents/paths.ts';
import { type CheckRecord, NO_FACTS } from '../documents/records.ts';
import { type Failed, failed } from '../failure.ts';
import { checkOf } from './archive.ts';
import type { Stage, StageContext, StageReport } from './context.ts';
import { type Session, StoredDocumentError } from './store.ts';
import { RefusedPathError } from './stored-document.ts';
import { verdictOf } from './verdict.ts';

/** A good measurement: the document to keep and the facts for the record. */
export interface Measured {
  readonly kind: 'measured';
  /** The value null means that the document no longer exists. */
  readonly document: { readonly path: string; readonly value: object | null };
  readonly facts: CheckFacts;
}

export type CheckFacts = Pick<
  CheckRecord,
  'status' | 'subtype' | 'findings' | 'version' | 'numbers' | 'notCompared' | 'causes'
>;

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

/** The last measurement still holds: nothing was requested, nothing is written. */
export interface StillGood {
  readonly kind: 'still-good';
}

export interface DatasetCheck {
  readonly stage: Stage;
  readonly check: string;
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
  /** When all findings begin to count; null if they already do. */
  waitsUntil(dataset: string): string | null;
}

/** How datasets reach and leave a measurement that runs beside others. */
export interface Flow {
  /** The datasets as they arrive. Default: all are there from the start, in the given order. */
  readonly from?: AsyncIterableIterator<string>;
  /** Called for each dataset that is finished, measured or failed. */
  readonly through?: (dataset: string) => void;
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
  `${results} measured already by a run that began later (by its clock); those stay, and these results were thrown away`;

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

type Who = Pick<DatasetCheck, 'stage' | 'check' | 'waitsUntil'>;

async function saveIfMeasured<T extends StillGood | Failed>(
  context: StageContext,
  { stage, check, waitsUntil }: Who,
  session: Session,
  result: Measured | T,
): Promise<'measured' | 'older' | T> {
  if (result.kind !== 'measured') return result;
  const { dataset } = session;
  const { by, document } = asCounted(context, check, result, waitsUntil(dataset));
  const checkedAt = context.now().toISOString();
  const about = { dataset, check, runStart: context.runStart, checkedAt, lastAttempt: null };
  const record = { ...result.facts, ...by, ...about };
  const outcome = await storing(session.save(record, document));
  const { status, subtype } = record;
  context.log('debug', 'checked', { stage, check, dataset, status, subtype, outcome });
  return outcome === 'older' ? 'older' : 'measured';
}

/**
 * Record and document with the verdict that counts today (docs/checks.md#new-datasets), and the
 * rules' number.
 */
function asCounted(
  { archive }: StageContext,
  check: string,
  { facts, document: { path, value } }: Measured,
  until: string | null,
) {
  const { findings: found, notCompared } = facts;
  const seen = { found, notCompared, evidence: value ?? {} };
  const { findings, ...verdict } = verdictOf(checkOf(archive, check), seen, until);
  const by = {
    ...(verdict as Pick<CheckRecord, 'status' | 'subtype' | 'pending'>),
    rulesVersion: archive.rules,
  };
  return {
    by: { ...by, findings: findings as CheckFacts['findings'] },
    // The document keeps all findings as its evidence.
    document: { path, value: value && { ...value, ...by } },
  };
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

async function saveFailure(
  context: StageContext,
  { stage, check }: Pick<DatasetCheck, 'stage' | 'check'>,
  session: Session,
  { reason, detail }: Failed,
  known: Pick<Parameters<typeof saveFailedAttempt>[2], 'previous' | 'document'>,
): Promise<void> {
  const { dataset } = session;
  context.log('warn', 'not measured', { stage, check, dataset, reason, detail });
  const lastAttempt = { at: context.now().toISOString(), reason };
  const { runStart } = context;
  await saveFailedAttempt(context, session, { dataset, check, runStart, lastAttempt, ...known });
}

/** The newest attempt failed. The verdict stays; record and document say that it failed. */
export async function saveFailedAttempt(
  { archive }: Pick<StageContext, 'archive'>,
  session: Session,
  attempt: Pick<CheckRecord, 'dataset' | 'check' | 'runStart'> & {
    readonly lastAttempt: Attempt;
    readonly previous: CheckRecord | undefined;
    readonly document: { readonly path: string; readonly value: object } | null;
  },
): Promise<void> {
  const { previous, document, lastAttempt, ...who } = attempt;
  await session.save(
    { ...(previous ?? { ...NEVER_MEASURED, rulesVersion: archive.rules }), ...who, lastAttempt },
    document && { path: document.path, value: { ...document.value, lastAttempt } },
  );
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

class NotStored extends Error {
  override readonly name = 'NotStored';
}

/**
 * A write within a measurement. If the store cannot write (a full disk), the run stops. If a
 * document does not fit its schema, only its dataset fails.
 */
export async function storing<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    const ofDocument = cause instanceof UnencodableError || cause instanceof RefusedPathError;
    throw ofDocument ? cause : new NotStored('not stored', { cause });
  }
}

/** No verdict, so no rules either. */
const NEVER_MEASURED = {
  ...NO_FACTS,
  status: 'pending',
  checkedAt: null,
} as const;

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
export async function readOrNull<T>(
  context: Pick<StageContext, 'store' | 'log'>,
  path: string,
): Promise<T | null> {
  try {
    return ((await context.store.readDocument(path)) as T | undefined) ?? null;
  } catch (error) {
    if (!(error instanceof StoredDocumentError)) throw error;
    context.log('warn', 'unreadable document, measuring again', { path, error: error.message });
    return null;
  }
}
