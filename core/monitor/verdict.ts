// Makes a check's verdict from its findings: for all checks, new measurements, kept evidence and
// validation.

import type { Attempt, Pending } from '../documents/documents.ts';
import type { CheckDocument, EvidenceOf } from '../documents/envelope.ts';
import { checkPath } from '../documents/paths.ts';
import { type CheckRecord, NO_FACTS } from '../documents/records.ts';
import { SCHEMA_VERSION, type Status } from '../documents/vocabulary.ts';
import { type CheckDefinition, isOnItsWay, nameOf } from './check.ts';

export interface Verdict {
  readonly status: Status;
  readonly subtype: string | null;
  /** Findings that count today, worst first. */
  readonly findings: readonly string[];
  readonly pending: Pending | null;
}

/** The input of a verdict. */
export interface Seen {
  /** Worst first. */
  readonly found: readonly string[];
  readonly notCompared: string | null;
  readonly evidence: object;
}

/**
 * The worst of the findings that count. For a newly published dataset some findings wait; if there
 * are no others, the check is pending (docs/checks.md#new-datasets).
 * @param until when all of them begin to count; null if they already do
 */
export function verdictOf(
  check: Pick<CheckDefinition, 'findings' | 'reasons'>,
  { found, notCompared, evidence }: Seen,
  until: string | null,
): Verdict {
  const isWaiting = (finding: string) =>
    until !== null && isOnItsWay(check, finding, found, evidence);
  const findings = found.filter((finding) => !isWaiting(finding));
  const [first] = findings;
  const reason = notCompared === null ? undefined : check.reasons?.[notCompared];
  const waits = until !== null && (findings.length < found.length || reason?.onItsWay === true);
  return {
    status: severityOf(check, first) ?? (waits ? 'pending' : statusWithout(notCompared, reason)),
    subtype: first ?? null,
    findings,
    pending: waits ? { reason: 'just-published', until } : null,
  };
}

const severityOf = ({ findings }: Pick<CheckDefinition, 'findings'>, finding?: string) =>
  finding === undefined ? undefined : findings[finding]?.severity;

/** The verdict of a check that found nothing. */
const statusWithout = (
  notCompared: string | null,
  reason: { readonly severity?: Status } | undefined,
): Status => (notCompared === null ? 'ok' : (reason?.severity ?? 'pending'));

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

/** The last measurement still holds: nothing was requested, nothing is written. */
export interface StillGood {
  readonly kind: 'still-good';
}

/** A measured check with its document. */
export interface MeasuredAs<T extends object | null> extends Measured {
  readonly document: { readonly path: string; readonly value: T };
}

export interface Measurement<C extends CheckDefinition> {
  readonly evidence: EvidenceOf<C>;
  /** What the registry says, in the form that the check's `judge` needs. */
  readonly entry: unknown;
  /** Why nothing was compared, if the evidence does not say. */
  readonly notCompared?: string | null;
}

/** The document of a good measurement, in which everything counts. */
export function documentOf<C extends CheckDefinition>(
  check: C,
  datasetId: string,
  { evidence, entry, notCompared = null }: Measurement<C>,
): CheckDocument<C> {
  const findings = check.judge(evidence, entry);
  const found = findings.map(nameOf);
  const untold = found.length === 0 ? (check.reasonOf?.(evidence) ?? null) : null;
  const seen = { found, evidence, notCompared: notCompared ?? untold };
  const { status, subtype } = verdictOf(check, seen, null);
  return {
    schemaVersion: SCHEMA_VERSION,
    datasetId,
    ...evidence,
    status,
    subtype,
    findings,
    notCompared: seen.notCompared,
    lastAttempt: null,
  } as unknown as CheckDocument<C>;
}

/** @param document null if nothing was compared, with the reason */
export function measured<C extends CheckDefinition, D extends CheckDocument<C> | null>(
  check: C,
  datasetId: string,
  document: D,
  facts: Partial<CheckFacts> = {},
): MeasuredAs<D> {
  const { findings, notCompared } = foundIn(document ?? facts);
  const seen = { found: findings.map(nameOf), notCompared, evidence: document ?? {} };
  const { status, subtype, findings: found } = verdictOf(check, seen, null);
  const verdict = { status, subtype, findings: found, notCompared } as CheckFacts;
  return {
    kind: 'measured',
    document: { path: checkPath(check, datasetId), value: document },
    facts: { ...NO_FACTS, ...facts, ...verdict },
  };
}

/**
 * Judges the same evidence by today's rules and entry. Waiting findings wait until the next
 * measurement.
 */
export function judgedAgain<D extends KeptDocument>(
  check: CheckDefinition,
  document: D,
  entry: unknown,
): D {
  const findings = check.judge(document, entry);
  const { notCompared } = foundIn(document);
  const seen = { found: findings.map(nameOf), notCompared, evidence: document };
  const { status, subtype } = verdictOf(check, seen, document.pending?.until ?? null);
  return { ...document, status, subtype, findings };
}

/** The fields of a check's document that decide its verdict. */
export interface KeptDocument {
  readonly status: Status;
  readonly subtype: string | null;
  readonly findings?: readonly (string | { readonly subtype: string })[] | undefined;
  readonly notCompared?: string | null | undefined;
  readonly pending?: Pending | null | undefined;
  readonly lastAttempt: Attempt | null;
}

const foundIn = ({ findings = [], notCompared = null }: Partial<KeptDocument>) => ({
  findings,
  notCompared,
});
