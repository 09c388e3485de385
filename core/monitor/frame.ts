// What the three check stages have in common: each dataset on its own, so many at once, a failure
// recorded and never in the way of the others (docs/checks.md#unverified).

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

/** A good measurement: the document to keep and what the record says of it. */
export interface Measured {
  readonly kind: 'measured';
  /** With the value null there is no such document any more. */
  readonly document: { readonly path: string; readonly value: object | null };
  readonly facts: CheckFacts;
}

export type CheckFacts = Pick<
  CheckRecord,
  'status' | 'subtype' | 'findings' | 'version' | 'numbers' | 'notCompared' | 'causes'
>;

/** Checks of a dataset that were measured together, because one reading serves them all. */
export interface Together {
  readonly kind: 'together';
  readonly main: Measured | Failed;
  readonly also: readonly Companion[];
}

export interface Companion {
  readonly check: string;
  readonly result: Measured | Failed;
}

/** Still good from last time: nothing was asked, nothing is written. */
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
  /** The document that holds the last good measurement, to say there that the newest one failed. */
  lastDocument(dataset: string): Promise<{ path: string; value: object } | null>;
  /**
   * Whether what this run measured before it was cut off no longer holds: what it was judged by
   * (the registry, the tag, the version) may be another when the run goes on.
   */
  outdated(session: Session, record: CheckRecord): Promise<boolean>;
  /** The record of last time; for trees of older systems it is derived from their documents. */
  lastRecord(session: Session): Promise<CheckRecord | undefined>;
  /** From when on all findings count; null when they do already. */
  waitsUntil(dataset: string): string | null;
}

/** How datasets come to a check and go on from it, where other checks run beside it. */
export interface Flow {
  /** The datasets as they come; at once and in the order given where it is absent. */
  readonly from?: AsyncIterableIterator<string>;
  /** Told of each dataset that the check is through with, whatever came of it. */
  readonly through?: (dataset: string) => void;
}

/**
 * Runs one check over the datasets, `concurrency` at once, in the order given or as they come.
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

/** In a report, of a result that was measured and not kept. */
export const THROWN_AWAY = 'older';
export const thrownAwayNote = (results: number): string =>
  `${results} measured already by a run that began later (by its clock); those stay, and these results were thrown away`;

/** Datasets of which a result of this run was measured and not kept: they are as good as not measured. */
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
    // First what goes with it: a run that goes on takes the check itself for the end of all.
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

/** Record and document with the verdict that counts on this day (docs/checks.md#new-datasets), and whose rules it is by. */
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
    // The document keeps all findings: they are its evidence.
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

/** The newest attempt failed: the verdict stays as it was, and the record and document say so. */
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

/** A failure of this dataset alone is a failed measurement; one of the store is thrown. */
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
    // An abandoned question is no measurement, good or failed.
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
 * A write within a measurement. That the store cannot write (a full disk) stops the run; that a
 * document is none concerns its dataset only.
 */
export async function storing<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    const ofDocument = cause instanceof UnencodableError || cause instanceof RefusedPathError;
    throw ofDocument ? cause : new NotStored('not stored', { cause });
  }
}

/** No verdict, so none by other rules. */
const NEVER_MEASURED = {
  ...NO_FACTS,
  status: 'pending',
  checkedAt: null,
} as const;

/**
 * Handles items with at most `width` in work; begins none once the signal is aborted. The first
 * error stops the rest from beginning and is thrown when what was in work has ended.
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
      // What came while the run was being stopped is not begun.
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

/** A document of last time; one that cannot be read counts as none, with a warning. */
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
