// Reads a dataset's documents as far as the page shows them. zod is too big for the page, so each
// reader checks by hand and throws. Evidence of an older schema has no verdict and is refused;
// snapshots never change and are read in any schema. load() turns a throw into "broken".

import type { Attempt, Pending } from '../../core/documents/documents.ts';
import type { LikelyCause } from '../../core/documents/likely-causes.ts';
import {
  PENDING_REASONS,
  SCHEMA_VERSION,
  STATUSES,
  type Status,
} from '../../core/documents/vocabulary.ts';
import { CAUSES } from '../shared/catalogue.ts';

/** The fields that the documents of all checks have. */
export interface Verdict {
  readonly status: Status;
  /** The newest attempt, if it failed. */
  readonly lastAttempt: Attempt | null;
  /** Why findings do not count yet. */
  readonly pending: Pending | null;
  /** The numbers of faults, if the document counts them like the row. */
  readonly faults?: Readonly<Record<string, number>>;
}

/** The content of a check's document, whatever its evidence is. */
export interface PlainEvidence extends Verdict {
  readonly findings: readonly string[];
  readonly notCompared: string | null;
}

export function readEvidence(document: unknown): PlainEvidence {
  const from = record(document);
  const findings = list(from.findings ?? [], (one) =>
    typeof one === 'string' ? one : text(record(one).subtype),
  );
  const subtype = textOrNull(from.subtype);
  return {
    findings: findings.length > 0 || subtype === null ? findings : [subtype],
    notCompared: textOrNull(from.notCompared),
    ...verdict(from),
  };
}

export function readCauses(document: unknown): readonly LikelyCause[] {
  return list(record(document).causes, (each) => {
    const from = record(each);
    return {
      cause: oneOf(CAUSES, from.cause),
      evidence: list(from.evidence, text),
      verify: textOrNull(from.verify),
      mend: textOrNull(from.mend),
      ...(from.untested === true && { untested: true as const }),
    };
  });
}

/** When a dataset was withdrawn, by the registry's document; undefined if it was not. */
export function withdrawnIn(registry: unknown, id: string): string | undefined {
  const withdrawn = list(record(registry).withdrawn ?? [], record);
  const own = withdrawn.find((one) => one.id === id);
  return own && text(own.since);
}

export function verdict(from: Readonly<Record<string, unknown>>): Verdict {
  if (from.schemaVersion !== SCHEMA_VERSION) throw new Error();
  const status = STATUSES.find((known) => known === from.status);
  if (status === undefined) throw new Error();
  const attempt = from.lastAttempt;
  return {
    status,
    lastAttempt: attempt == null ? null : (record(attempt) as unknown as Attempt),
    pending: from.pending == null ? null : readPending(record(from.pending)),
  };
}

function readPending({ reason, until }: Readonly<Record<string, unknown>>): Pending {
  return { reason: oneOf(PENDING_REASONS, reason), until: text(until) };
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error();
  }
  return value as Record<string, unknown>;
}

export function list<T>(value: unknown, each: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Error();
  return value.map(each);
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error();
  return value;
}

export const textOrNull = (value: unknown): string | null => (value == null ? null : text(value));

export function count(value: unknown): number | null {
  if (value == null) return null;
  if (typeof value !== 'number') throw new Error();
  return value;
}

/** The value, if it is one of the known words; throws otherwise. */
export function oneOf<T extends string>(words: readonly T[], value: unknown): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new Error();
  return word;
}

export function texts(value: unknown): Record<string, string> {
  const from = record(value);
  Object.values(from).forEach(text);
  return from as Record<string, string>;
}
