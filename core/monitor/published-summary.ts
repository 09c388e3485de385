// What the last published summary said of each dataset, as far as a run compares with it.

import { type CompactSummary, compactFileName } from '../documents/compact.ts';
import { type CompactPart, readCompact } from '../documents/compact-read.ts';
import { SUMMARY_PATH } from '../documents/paths.ts';
import { type Row, type Rows, readSummary } from '../documents/rows.ts';
import { type PublishedSummary, summaryOf } from '../history/diff.ts';
import type { StageContext } from './context.ts';
import { readOrNull } from './frame.ts';
import type { HeldRow } from './hold.ts';

type Context = Pick<StageContext, 'archive' | 'store' | 'log'>;

export interface Published {
  readonly lastUpdated: string;
  readonly rows: readonly HeldRow[];
  /** The same rows as the history compares them. */
  readonly summary: PublishedSummary;
}

/**
 * Reads the compact summary, which the page shows and which is a tenth of all-datasets.json. If
 * there is none, as in a legacy tree, reads all-datasets.json. Null if nothing was published.
 */
export async function readPublished(context: Context): Promise<Published | null> {
  const compact = await readCompactRows(context);
  if (compact) return compact;
  const summary = await readPublishedSummary(context);
  if (summary === null) return null;
  const { lastUpdated, datasets: rows } = summary;
  return { lastUpdated, rows, summary: { ...summaryOf(rows), run: null, publication: null } };
}

/** The published summary; null if there is none. */
export async function readPublishedSummary(context: Context): Promise<Rows | null> {
  const document = await readOrNull<object>(context, SUMMARY_PATH);
  return document && readSummary(document, context.archive.summary);
}

/** The published rows by id, without names; empty if nothing was published. */
export async function readPublishedRows(context: Context): Promise<ReadonlyMap<string, Row>> {
  const parts = await readParts(context);
  const rows =
    parts?.flatMap(({ columns, row }) => columns.id.map((_, place) => row(place))) ??
    (await readPublishedSummary(context))?.datasets ??
    [];
  return new Map(rows.map((row) => [row.id, row]));
}

async function readCompactRows(context: Context): Promise<Published | null> {
  const parts = await readParts(context);
  if (parts === null) return null;
  const { lastUpdated } = parts[0];
  return { lastUpdated, rows: parts.flatMap(rowsOf), summary: summaryOfParts(parts) };
}

/** Makes a row when it is asked for, without the times of its checks. */
export function summaryOfParts(parts: readonly [CompactPart, ...CompactPart[]]): PublishedSummary {
  const places = new Map<string, readonly [CompactPart, number]>();
  for (const part of parts) {
    for (const [place, id] of part.columns.id.entries()) places.set(id, [part, place]);
  }
  const made = parts.flatMap(({ verdicts, checksOf }) =>
    verdicts.flatMap((verdict) => Object.keys(checksOf(verdict))),
  );
  return {
    run: parts[0].run,
    publication: parts[0].publication,
    ids: places.keys(),
    checks: new Set(made),
    rowOf(id) {
      const found = places.get(id);
      return found?.[0].row(found[1], false);
    },
    overallOf(id) {
      const found = places.get(id);
      return found?.[0].overall(found[1]);
    },
  };
}

/** All parts of the compact summary; null if there is none, or if they are not of one summary. */
async function readParts(context: Context): Promise<[CompactPart, ...CompactPart[]] | null> {
  const first = await readPart(context, compactFileName(0));
  if (!first) return null;
  const parts: [CompactPart, ...CompactPart[]] = [first];
  for (const name of first.more) {
    const part = await readPart(context, name);
    // The parts are written one by one: a killed run may have left parts of two summaries.
    if (part?.lastUpdated !== first.lastUpdated) return null;
    parts.push(part);
  }
  const rows = parts.reduce((sum, { columns }) => sum + columns.id.length, 0);
  return rows === first.total ? parts : null;
}

async function readPart(context: Context, name: string): Promise<CompactPart | null> {
  const document = await readOrNull<CompactSummary>(context, name);
  if (!document) return null;
  try {
    return readCompact(context.archive, document);
  } catch {
    // It fits the schema but its parts disagree: the same as none.
    return null;
  }
}

function rowsOf({ columns, verdicts, checksOf, unverified }: CompactPart): HeldRow[] {
  const known = verdicts.map((verdict) => {
    const { status, rulesVersion = null } = verdict;
    return { status, checks: checksOf(verdict), rulesVersion };
  });
  return columns.id.map((id, place) => {
    const verdict = known[columns.verdict[place] as number] as (typeof known)[number];
    const failed = Object.entries(unverified[place] ?? {}).flatMap(([check, lastAttempt]) => {
      const own = verdict.checks[check];
      return own && lastAttempt ? [[check, { ...own, lastAttempt }] as const] : [];
    });
    if (failed.length === 0) return { id, ...verdict };
    return { id, ...verdict, checks: { ...verdict.checks, ...Object.fromEntries(failed) } };
  });
}
