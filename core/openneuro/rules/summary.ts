// A dataset's row of the summary, from its three records (checks.md section 6).

import type { Attempt, SummaryRow } from '../../model/documents.ts';
import type { CheckRecord } from '../../model/records.ts';
import {
  type Check,
  GITHUB_SUBTYPES,
  S3_FILES_SUBTYPES,
  S3_VERSION_SUBTYPES,
  worst,
} from '../../model/vocabulary.ts';

/** What the registry says of a dataset, as far as its row shows it. */
export interface RegistryEntry {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  readonly name: string | null;
  /** When the latest snapshot was created; null when not known. */
  readonly latestDate: string | null;
}

export type Records = { readonly [C in Check]?: CheckRecord | undefined };

export function summarizeDataset(id: string, entry: RegistryEntry, records: Records): SummaryRow {
  const { github, s3Version, s3Files } = records;
  const checks = perCheck((check) => records[check]?.status ?? 'pending');
  const lastChecked = perCheck((check) => records[check]?.checkedAt ?? null);
  const issueSubtypes = {
    github: oneOf(GITHUB_SUBTYPES, github?.subtype),
    s3Version: oneOf(S3_VERSION_SUBTYPES, s3Version?.subtype),
    s3Files: oneOf(S3_FILES_SUBTYPES, s3Files?.subtype),
  };
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
    name: entry.name,
    latestSnapshot: entry.latest,
    checkedAt: oldest(Object.values(lastChecked)),
    unverified: unlessEmpty(
      perCheck<Attempt | null>((check) => records[check]?.lastAttempt ?? null),
    ),
    findings: github !== undefined && github.findings.length > 1 ? github.findings : [],
    notCompared: s3Files?.notCompared ?? null,
  };
}

function perCheck<T>(value: (check: Check) => T): Record<Check, T> {
  return { github: value('github'), s3Version: value('s3Version'), s3Files: value('s3Files') };
}

function oneOf<T extends string>(words: readonly T[], word: string | null | undefined): T | null {
  return words.find((known) => known === word) ?? null;
}

/** The old documents show null, not an object of nulls. */
function unlessEmpty<T extends Record<Check, unknown>>(values: T): T | null {
  return Object.values(values).every((value) => value === null) ? null : values;
}

/** Instants may be written with and without fractions, so they are compared as times. */
function oldest(instants: readonly (string | null)[]): string | null {
  return instants
    .filter((instant) => instant !== null)
    .reduce<string | null>(
      (least, instant) =>
        least !== null && Date.parse(least) <= Date.parse(instant) ? least : instant,
      null,
    );
}
