// A dataset's row of the summary, from its records (docs/checks.md#summary).

import type { Attempt, Pending } from '../../../core/documents/documents.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import type { SummaryRow } from '../../../core/documents/summary.ts';
import { titleOf } from '../../../core/documents/title.ts';
import { type Status, worst } from '../../../core/documents/vocabulary.ts';
import {
  CHECK_SUBTYPES,
  CHECKS,
  type Check,
  isOfNames,
  NOT_COMPARED_REASONS,
  perCheck,
} from '../vocabulary.ts';

/** What the registry says of a dataset, as far as its row shows it. */
export interface RegistryEntry {
  /** Tag of the latest snapshot. */
  readonly latest: string | null;
  readonly name: string | null;
  /** When the latest snapshot was created; null when not known. */
  readonly latestDate: string | null;
}

export type Records = { readonly [C in Check]?: CheckRecord | undefined };

export function summarizeDataset(id: string, entry: RegistryEntry, records: Records): SummaryRow {
  const { github, s3Version, s3Files } = records;
  // One of contents without a record is "not checked": that is neither ok nor a fault.
  const checks = perCheck<Status>(
    (check) => records[check]?.status ?? (isOfNames(check) ? 'pending' : undefined),
  ) as SummaryRow['checks'];
  const lastChecked = perCheck((check) => records[check]?.checkedAt);
  const issueSubtypes = perCheck<string>((check) => {
    const record = records[check];
    return record && oneOf<string>(CHECK_SUBTYPES[check], record.subtype);
  }) as NonNullable<SummaryRow['issueSubtypes']>;
  const blocked = issueSubtypes.s3Version === 'blocked';
  const compared = s3Files?.subtype !== 'export-missing' && s3Files?.notCompared == null;
  return {
    id,
    status: worst(Object.values(checks)),
    checks,
    s3Blocked: blocked ? true : null,
    lastChecked: unlessEmpty(lastChecked),
    s3FilesAdded: (compared && s3Files?.added) || null,
    s3FilesRemoved: (compared && s3Files?.removed) || null,
    issueSubtypes: unlessEmpty(issueSubtypes),
    githubVersion: github?.version ?? null,
    s3Version: blocked ? null : (s3Version?.version ?? null),
    latestSnapshotDate: entry.latestDate,
    // Documents of older systems hold it as it was written.
    name: entry.name === null ? null : titleOf(entry.name),
    latestSnapshot: entry.latest,
    checkedAt: oldest(Object.values(lastChecked)),
    unverified: unlessEmpty(perCheck((check) => records[check]?.lastAttempt)),
    findings: CHECKS.flatMap((check) => furtherFindings(records[check])),
    notCompared: oneOf(NOT_COMPARED_REASONS, s3Files?.notCompared),
    causes: s3Files?.causes,
    rulesVersion: oldestRules(Object.values(records)),
    pending: lastToEnd(records) ?? undefined,
    compared: records.s3Content?.compared,
  };
}

/**
 * The row of a dataset whose entry in the registry could not be read and stays as last known: its mirror was
 * compared with that, so this check is not verified.
 */
export function withKeptEntry(row: SummaryRow, attempt: Attempt | undefined): SummaryRow {
  if (attempt === undefined || row.unverified?.github != null) return row;
  const none = { github: null, s3Version: null, s3Files: null };
  return { ...row, unverified: { ...none, ...row.unverified, github: attempt } };
}

/** The date of all that waits: checks that were measured in different runs may tell different ones. */
function lastToEnd(records: Records): Pending | null {
  return Object.values(records)
    .flatMap((record) => record?.pending ?? [])
    .reduce<Pending | null>((last, one) => (last && last.until >= one.until ? last : one), null);
}

/** Undefined when one of them is older than the numbers of rules. */
function oldestRules(records: readonly (CheckRecord | undefined)[]): number | undefined {
  const versions = records.flatMap((record) => (record ? [record.rulesVersion ?? 0] : []));
  return versions.length === 0 ? undefined : Math.min(...versions) || undefined;
}

/** All of a check's, the first among them; one alone stands in issueSubtypes. */
function furtherFindings(record: CheckRecord | undefined): SummaryRow['findings'] {
  return record !== undefined && record.findings.length > 1 ? record.findings : [];
}

function oneOf<T extends string>(words: readonly T[], word: string | null | undefined): T | null {
  return words.find((known) => known === word) ?? null;
}

/** The old documents show null, not an object of nulls. */
function unlessEmpty<T extends { readonly [C in Check]?: unknown }>(values: T): T | null {
  return Object.values(values).every((value) => value == null) ? null : values;
}

/** Instants may be written with and without fractions, so they are compared as times. */
function oldest(instants: readonly (string | null | undefined)[]): string | null {
  return instants
    .filter((instant) => instant != null)
    .reduce<string | null>(
      (least, instant) =>
        least !== null && Date.parse(least) <= Date.parse(instant) ? least : instant,
      null,
    );
}
