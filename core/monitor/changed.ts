// The datasets of a run over what changed: those that the registry lists otherwise than they were
// published, those that were not measured well, and those with a fault that may be fixed. To see
// that cheaply, one thing of each fault is asked again (its mark): as long as it is as it was, the
// fault is still there.

import type { Registry } from '../documents/documents.ts';
import type { CheckRow, Row } from '../documents/rows.ts';
import { failed } from '../failure.ts';
import type { Mark } from './archive.ts';
import type { StageContext } from './context.ts';
import { inParallel } from './frame.ts';
import { readPublishedRows } from './published-summary.ts';

/**
 * After this time without a good measurement an entry waits for the next run over everything: one
 * that can never be measured would start a run every hour.
 */
const TRIED_AGAIN_MS = 36 * 60 * 60 * 1000;

/** The latest version of an entry, and when it was created (ISO 8601). */
export interface Listed {
  readonly version: string | null;
  readonly date: string | null;
}

/** Marks of a dataset, and the verdicts that they are of. */
export interface KnownMarks {
  readonly of: string;
  readonly marks: readonly Mark[];
}

export function listedIn({ latestSnapshots, versionDates = {} }: Registry): Map<string, Listed> {
  const listed = Object.entries(latestSnapshots).map(([id, version]): [string, Listed] => [
    id,
    { version, date: versionDates[id] ?? null },
  ]);
  return new Map(listed);
}

/**
 * @param listed what the registry lists now
 * @param known marks by dataset, from the last time; those that are still of use are left in it, and
 *   new ones are added
 * @returns in the order of `listed`
 */
export async function findChanged(
  context: StageContext,
  listed: ReadonlyMap<string, Listed>,
  known: Map<string, KnownMarks> = new Map(),
): Promise<readonly string[]> {
  const published = await readPublishedRows(context);
  const changed = new Set<string>();
  const now = context.now();
  await inParallel(context.options.concurrency, listed, context.signal, async ([id, entry]) => {
    const row = published.get(id);
    if (row === undefined || isOther(row, entry) || isUnfinished(row, now)) changed.add(id);
    else if (isFaulty(row) && !(await isAsItWas(context, row, known))) changed.add(id);
    // Its documents will be others.
    if (changed.has(id) || (row && !isFaulty(row))) known.delete(id);
  });
  context.signal.throwIfAborted();
  for (const id of known.keys()) if (!listed.has(id)) known.delete(id);
  return [...listed.keys()].filter((id) => changed.has(id));
}

/** The published summary has dates in whole seconds. */
const seconds = (at: string | null) => at && Math.floor(Date.parse(at) / 1000);

function isOther({ version, versionDate }: Row, entry: Listed): boolean {
  if (version !== entry.version) return true;
  return entry.date !== null && seconds(versionDate) !== seconds(entry.date);
}

/** A check was never made, or its newest attempt failed and it was measured well not long ago. */
function isUnfinished({ checks, versionDate }: Row, now: Date): boolean {
  return Object.values(checks).some(({ at, lastAttempt }) => {
    if (lastAttempt === null) return at === null;
    const since = at ?? versionDate;
    return since === null || now.getTime() - Date.parse(since) < TRIED_AGAIN_MS;
  });
}

async function isAsItWas(
  context: StageContext,
  row: Row,
  known: Map<string, KnownMarks>,
): Promise<boolean> {
  const { marks: source } = context.archive;
  // Without marks it must be measured.
  if (source === undefined) return false;
  // Findings that do not count yet are in the documents only.
  const faulty = Object.entries(row.checks).filter(([, { subtype }]) => row.pending ?? subtype);
  const of = JSON.stringify(faulty.map(([id, check]) => [id, verdictOf(check)]));
  let last = known.get(row.id);
  if (last?.of !== of) {
    const marks = await source.of(
      context,
      row.id,
      faulty.map(([id]) => id),
    );
    last = { of, marks };
    known.set(row.id, last);
  }
  for (const mark of last.marks) {
    const answer = await source
      .holds(context, row.id, mark)
      .catch((error: unknown) => failed('internal', String(error)));
    // A question that failed tells nothing; the next whole run measures.
    if (answer === false) return false;
  }
  return true;
}

/** A check that waits for another one's fault has none of its own. */
const isFaulty = ({ checks, pending }: Row) =>
  pending !== null || Object.values(checks).some(({ subtype }) => subtype !== null);

/** Without its times. */
const verdictOf = ({ at: _, lastAttempt: __, ...verdict }: CheckRow) => verdict;
