// Saves the result of a measurement: record and document of a check, or that the attempt failed.

import type { Attempt } from '../documents/documents.ts';
import { UnencodableError } from '../documents/json.ts';
import { type CheckRecord, NO_FACTS } from '../documents/records.ts';
import type { Failed } from '../failure.ts';
import { checkOf } from './check.ts';
import type { StageContext } from './context.ts';
import type { Stage } from './stage.ts';
import type { Session } from './store.ts';
import { RefusedPathError } from './stored-document.ts';
import { type CheckFacts, type Measured, type StillGood, verdictOf } from './verdict.ts';

export interface Who {
  readonly stage: Stage;
  readonly check: string;
  /** When all findings begin to count; null if they already do. */
  waitsUntil(dataset: string): string | null;
}

/** Saves a good measurement; returns anything else as it is. */
export async function saveIfMeasured<T extends StillGood | Failed>(
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
  const verdict = { ...result.facts, ...by };
  const since = sinceOf(session.record(check), verdict, checkedAt);
  const record = { ...verdict, ...about, ...(since !== undefined && { since }) };
  const outcome = await storing(session.save(record, document));
  const { status, subtype } = record;
  context.log('debug', 'checked', { stage, check, dataset, status, subtype, outcome });
  return outcome === 'older' ? 'older' : 'measured';
}

/** Carried on while the verdict stays the same, also over failed attempts. */
function sinceOf(
  last: CheckRecord | undefined,
  { status, subtype }: Pick<CheckRecord, 'status' | 'subtype'>,
  checkedAt: string,
): string | undefined {
  const isSame = last?.checkedAt != null && last.status === status && last.subtype === subtype;
  return isSame ? last.since : checkedAt;
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

/** Saves that an attempt failed, and logs it. */
export async function saveFailure(
  context: StageContext,
  { stage, check }: Pick<Who, 'stage' | 'check'>,
  session: Session,
  { reason, detail, httpStatus }: Failed,
  known: Pick<Parameters<typeof saveFailedAttempt>[2], 'previous' | 'document'>,
): Promise<void> {
  const { dataset } = session;
  context.log('warn', 'not measured', { stage, check, dataset, reason, detail });
  const lastAttempt = {
    at: context.now().toISOString(),
    reason,
    ...(httpStatus !== undefined && { httpStatus }),
  };
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

/** The store could not write; `cause` is its error. */
export class NotStored extends Error {
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
