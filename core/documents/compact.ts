// The compact summary, data/summary.json: the rows of data/all-datasets.json as columns, small
// enough to be the first thing a page loads. Nothing is lost but the names, which are in
// data/names.json because they would double it. core/documents/compact-read.ts reads it back.

import * as z from 'zod';
import {
  CHECKS,
  type Check,
  type ContentCheck,
  isOfNames,
  type NameCheck,
  perCheck,
} from '../../archives/openneuro/vocabulary.ts';
import { instantSchema } from '../ids.ts';
import { pendingSchema } from './documents.ts';
import { type Summary, type SummaryRow, summaryRowSchema } from './summary.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

/** Rows in one file: above it the summary is split, so that the first rows never wait for all. */
export const SHARD_ROWS = 20_000;

const count = z.int().nonnegative();
const schemaVersion = z.literal(SCHEMA_VERSION);

const verdictSchema = summaryRowSchema.pick({
  status: true,
  checks: true,
  s3Blocked: true,
  issueSubtypes: true,
  findings: true,
  notCompared: true,
  causes: true,
  rulesVersion: true,
});

const age = z.array(z.number().nullable());

/** In the order of the checks. */
const agesOf = <T>(of: (check: Check) => T) =>
  Object.fromEntries(CHECKS.map((check) => [check, of(check)])) as {
    [C in NameCheck]: Exclude<T, z.ZodOptional>;
  } & { [C in ContentCheck]: T };

/** data/summary.json, and data/summary-2.json … where it is split */
export const compactSummarySchema = z.object({
  schemaVersion,
  lastUpdated: instantSchema,
  /** Rows of all files together. */
  total: count,
  /** The other files, beside this one; empty in all but the first. */
  more: z.array(z.string().regex(/^summary-\d+\.json$/)),
  /** Every combination of verdicts that occurs, the most frequent first. */
  verdicts: z.array(verdictSchema),
  /** Every version that occurs, the most frequent first. */
  versions: z.array(z.string()),
  /** One entry a row, by id in byte order. */
  columns: z.object({
    id: z.array(summaryRowSchema.shape.id),
    /** Index into verdicts. */
    verdict: z.array(count),
    /** 0 none, otherwise 1 + index into versions. */
    latest: z.array(count),
    /** 0 none, 1 the same as the latest snapshot, otherwise 2 + index into versions. */
    mirror: z.array(count),
    export: z.array(count),
    added: z.array(count),
    removed: z.array(count),
    /** Seconds since 1970; null when unknown. */
    latestDate: z.array(z.number().nullable()),
    /**
     * Seconds before lastUpdated, one list a check; null when never measured. Of a check of contents it is
     * seconds before s3Files, with which these are mostly measured: mostly 0.
     */
    ...agesOf((check) => (isOfNames(check) ? age : age.optional())),
    /** Files compared by content, by size, not at all; null where contents were not compared. */
    comparedContent: z.array(count.nullable()).optional(),
    comparedSize: z.array(count.nullable()).optional(),
    comparedNone: z.array(count.nullable()).optional(),
  }),
  /** Row (from 0) → its failed attempts. */
  unverified: z.record(z.string().regex(/^\d+$/), summaryRowSchema.shape.unverified.unwrap()),
  /** Row (from 0) → what keeps its findings from counting yet. */
  pending: z.record(z.string().regex(/^\d+$/), pendingSchema).optional(),
});
export type CompactSummary = z.infer<typeof compactSummarySchema>;
export type Verdict = z.infer<typeof verdictSchema>;

/** data/names.json: dataset id → name, of the datasets that have one. */
export const namesSchema = z.object({
  schemaVersion,
  names: z.record(summaryRowSchema.shape.id, z.string()),
});
export type Names = z.infer<typeof namesSchema>;

/** File name of a part of the compact summary; part 0 comes first. */
export const compactFileName = (part: number): string =>
  part === 0 ? 'summary.json' : `summary-${part + 1}.json`;

/** The files of the compact summary, by name below data/. */
export function compactSummary(
  summary: Summary,
  shardRows = SHARD_ROWS,
): Map<string, CompactSummary> {
  const parts = Math.max(1, Math.ceil(summary.datasets.length / shardRows));
  const more = Array.from({ length: parts - 1 }, (_, i) => compactFileName(i + 1));
  const files = new Map<string, CompactSummary>();
  for (let part = 0; part < parts; part++) {
    const rows = summary.datasets.slice(part * shardRows, (part + 1) * shardRows);
    files.set(compactFileName(part), {
      schemaVersion: SCHEMA_VERSION,
      lastUpdated: summary.lastUpdated,
      total: summary.datasets.length,
      more: part === 0 ? more : [],
      ...columnsOf(rows, summary.lastUpdated),
    });
  }
  return files;
}

export function namesOf(summary: Summary): Names {
  const named = summary.datasets.filter((row) => row.name !== null);
  return {
    schemaVersion: SCHEMA_VERSION,
    names: Object.fromEntries(named.map((row) => [row.id, row.name as string])),
  };
}

function columnsOf(
  rows: readonly SummaryRow[],
  lastUpdated: string,
): Pick<CompactSummary, 'verdicts' | 'versions' | 'columns' | 'unverified' | 'pending'> {
  const verdicts = byFrequency(rows.map((row) => JSON.stringify(verdictOf(row))));
  const versions = byFrequency(
    rows.flatMap((row) => [row.latestSnapshot, row.githubVersion, row.s3Version]),
  );
  const version = (row: SummaryRow, value: string | null) => {
    if (value === null) return 0;
    return value === row.latestSnapshot ? 1 : 2 + (versions.get(value) as number);
  };
  const end = seconds(lastUpdated);
  const ages = (check: Check, since?: Check) =>
    rows.map((row) => {
      const at = row.lastChecked?.[check] ?? null;
      const before = since && row.lastChecked?.[since];
      return at === null ? null : difference(before ? seconds(before) : end, seconds(at));
    });
  return {
    verdicts: [...verdicts.keys()].map((json) => JSON.parse(json) as Verdict),
    versions: [...versions.keys()],
    columns: {
      id: rows.map((row) => row.id),
      verdict: rows.map((row) => verdicts.get(JSON.stringify(verdictOf(row))) as number),
      latest: rows.map(({ latestSnapshot: latest }) =>
        latest === null ? 0 : 1 + (versions.get(latest) as number),
      ),
      mirror: rows.map((row) => version(row, row.githubVersion)),
      export: rows.map((row) => version(row, row.s3Version)),
      added: rows.map((row) => row.s3FilesAdded ?? 0),
      removed: rows.map((row) => row.s3FilesRemoved ?? 0),
      latestDate: rows.map((row) =>
        row.latestSnapshotDate === null ? null : seconds(row.latestSnapshotDate),
      ),
      ...agesOf((check) => ages(check, isOfNames(check) ? undefined : 's3Files')),
      comparedContent: rows.map((row) => row.compared?.content ?? null),
      comparedSize: rows.map((row) => row.compared?.size ?? null),
      comparedNone: rows.map((row) => row.compared?.none ?? null),
    },
    unverified: Object.fromEntries(
      rows.flatMap((row, i) => (row.unverified === null ? [] : [[i, row.unverified]])),
    ),
    pending: Object.fromEntries(rows.flatMap((row, i) => (row.pending ? [[i, row.pending]] : []))),
  };
}

/** Its keys in a fixed order: the JSON text is what tells two verdicts apart. */
function verdictOf(row: SummaryRow): Verdict {
  const all = <T>(values: { readonly [C in Check]?: T | null | undefined }) =>
    perCheck((check) => values[check] ?? null);
  return {
    status: row.status,
    checks: all(row.checks),
    s3Blocked: row.s3Blocked,
    issueSubtypes: row.issueSubtypes === null ? null : all<string>(row.issueSubtypes),
    findings: row.findings,
    notCompared: row.notCompared,
    causes: row.causes ?? [],
    ...(row.rulesVersion !== undefined && { rulesVersion: row.rulesVersion }),
  } as Verdict;
}

/** Value → its place, the most frequent first; ties by UTF-16 units, so the same in every run. */
function byFrequency(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const order = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return new Map(order.map(([value], place) => [value, place]));
}

const seconds = (instant: string): number => Date.parse(instant) / 1000;
/** Milliseconds stay exact: 0.1 + 0.2 is not 0.3 in seconds. */
const difference = (a: number, b: number): number => Math.round((a - b) * 1000) / 1000;
