// The rows of the summary: reads the records of all entries, and makes a row of each.

import { catalogueOf } from '../documents/catalogue.ts';
import type { Registry } from '../documents/documents.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { Row } from '../documents/rows.ts';
import { LAST_STAGE } from './archive.ts';
import { madeChecks, type StageContext } from './context.ts';
import { inParallel } from './frame.ts';
import { openLastRecords, type Records } from './last-records.ts';
import { makeRow } from './make-row.ts';

/**
 * Rows in the order of the ids. A dataset's records are released after all its checks were seen.
 * @param recorded gets the ids of all datasets that have records
 */
export async function makeRows(
  context: StageContext,
  registry: Registry,
  ids: readonly string[],
  recorded: Set<string>,
): Promise<Row[]> {
  const catalogue = catalogueOf(context.archive);
  const wanted = new Map<string, Row | null>(ids.map((id) => [id, null]));
  const dates = await versionDates(context, registry, ids);
  const rowOf = (id: string, records: Records): Row => {
    const latest = registry.latestSnapshots[id] ?? null;
    const name = registry.names[id] ?? null;
    const latestDate = dates.get(id) ?? null;
    const row = makeRow(catalogue, id, { latest, name, latestDate }, records);
    context.progress.step(LAST_STAGE, id, true);
    return row;
  };

  const incomplete = new Map<string, Record<string, CheckRecord>>();
  const made = madeChecks(context);
  for await (const record of context.store.listRecords()) {
    const id = record.dataset;
    recorded.add(id);
    // The check is switched off, so it is unknown whether its findings still hold.
    if (!made.includes(record.check)) continue;
    // The registry no longer has the dataset, or its record came twice.
    if (wanted.get(id) !== null) continue;
    const own = incomplete.get(id) ?? {};
    own[record.check] = record;
    if (made.every((check) => own[check] !== undefined)) {
      incomplete.delete(id);
      wanted.set(id, rowOf(id, own));
    } else incomplete.set(id, own);
  }

  const known = openLastRecords(context, registry);
  const others = ids.filter((id) => wanted.get(id) === null);
  await inParallel(context.options.concurrency, others, context.signal, async (id) => {
    // A legacy tree has documents and no records.
    const derived = only(await known.derived(id), made);
    wanted.set(id, rowOf(id, { ...derived, ...incomplete.get(id) }));
  });
  context.signal.throwIfAborted();
  return [...wanted.values()] as Row[];
}

/** When the latest versions were created; those that the registry's document lacks are read. */
async function versionDates(
  context: StageContext,
  { latestSnapshots, versionDates = {} }: Registry,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const dates = new Map<string, string | null>();
  const read = context.archive.versionDate;
  await inParallel(context.options.concurrency, ids, context.signal, async (id) => {
    const latest = latestSnapshots[id] ?? null;
    if (latest === null) return;
    dates.set(id, versionDates[id] ?? (await read?.(context, id, latest)) ?? null);
  });
  context.signal.throwIfAborted();
  return dates;
}

/** The records of these checks only. */
function only(records: Records, checks: readonly string[]): Records {
  return Object.fromEntries(checks.map((check) => [check, records[check]]));
}
