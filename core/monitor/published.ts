// What the last published summary said of each dataset, as far as a run compares with it.

import { type CompactSummary, compactFileName } from '../documents/compact.ts';
import { type CompactPart, readCompact } from '../documents/compact-read.ts';
import { SUMMARY_PATH } from '../documents/paths.ts';
import type { Summary, SummaryRow } from '../documents/summary.ts';
import type { StageContext } from './context.ts';
import { readOrNull } from './frame.ts';

export type PublishedRow = Pick<
  SummaryRow,
  'id' | 'status' | 'checks' | 'unverified' | 'rulesVersion'
>;

export interface Published {
  readonly lastUpdated: string;
  readonly rows: readonly PublishedRow[];
}

/**
 * Out of the compact summary, which is what the page shows and a tenth of all-datasets.json; out of
 * that where there is none, as in the tree of an older system. Null when nothing was published.
 */
export async function readPublished(context: StageContext): Promise<Published | null> {
  const compact = await readCompactRows(context);
  if (compact) return compact;
  const summary = await readOrNull<Summary>(context, SUMMARY_PATH);
  return summary && { lastUpdated: summary.lastUpdated, rows: summary.datasets };
}

async function readCompactRows(context: StageContext): Promise<Published | null> {
  const first = await readPart(context, compactFileName(0));
  if (!first) return null;
  const rows = rowsOf(first);
  for (const name of first.more) {
    const part = await readPart(context, name);
    // Written one after the other: a run that was killed may have left parts of two summaries.
    if (part?.lastUpdated !== first.lastUpdated) return null;
    for (const row of rowsOf(part)) rows.push(row);
  }
  return rows.length === first.total ? { lastUpdated: first.lastUpdated, rows } : null;
}

async function readPart(context: StageContext, name: string): Promise<CompactPart | null> {
  const document = await readOrNull<CompactSummary>(context, name);
  if (!document) return null;
  try {
    return readCompact(document);
  } catch {
    // Of the right shape and yet not of one piece: as good as none.
    return null;
  }
}

function rowsOf({ columns, verdicts, unverified }: CompactPart): PublishedRow[] {
  return columns.id.map((id, place) => {
    const { status, checks, rulesVersion } = verdicts[
      columns.verdict[place] as number
    ] as (typeof verdicts)[number];
    return { id, status, checks, unverified: unverified[place] ?? null, rulesVersion };
  });
}
