// The rows of a recorded run, by today's rules: from its documents, not from the recorded rows. Where
// a document is missing, the verdict is that of the recorded row.

import { compareBytes } from '../../compare/byte-order.ts';
import { type Catalogue, catalogueOf } from '../../documents/catalogue.ts';
import type { Registry, Timestamps } from '../../documents/documents.ts';
import { REGISTRY_PATH, timesPath } from '../../documents/paths.ts';
import type { CheckRow, Row } from '../../documents/rows.ts';
import { worst } from '../../documents/vocabulary.ts';
import type { Archive, LegacyRecords, Reading } from '../../monitor/archive.ts';
import { inParallel, readOrNull } from '../../monitor/frame.ts';
import type { Records } from '../../monitor/last-records.ts';
import { makeRow } from '../../monitor/make-row.ts';
import { readRecordedSummary } from './summary.ts';
import type { RecordedTree } from './tree.ts';

export interface RecordedRun {
  /** When the summary was made. */
  readonly time: string;
  /** By id in byte order. */
  readonly rows: readonly Row[];
  /** What the recorded rows say themselves. */
  readonly recorded: ReadonlyMap<string, Row>;
  /** By dataset; absent if all its checks have documents. */
  readonly fromRow: ReadonlyMap<string, FromRow>;
}

export interface FromRow {
  /** Whose verdict is that of the recorded row. */
  readonly checks: ReadonlySet<string>;
  /** The row is of a time when rows told no findings, versions and counts. */
  readonly isUntold: boolean;
}

export interface RowOptions {
  /** Copy the recorded rows. */
  readonly asRecorded: boolean;
  readonly signal: AbortSignal;
}

/** Blobs that are asked for at once. */
const AT_ONCE = 32;

/** What the documents of a dataset gave; it holds until one of them changes. */
interface Derived {
  readonly of: string;
  readonly records: Records;
  readonly date: string | null;
}

/**
 * @returns a function that is called at every commit with the datasets that changed, and gives the
 * rows, or why there are none
 */
export function recordedRows(
  archive: Archive,
  tree: RecordedTree,
  { asRecorded, signal }: RowOptions,
): (changed: ReadonlySet<string>) => Promise<RecordedRun | string> {
  const catalogue = catalogueOf(archive);
  const context: Reading = { store: tree, log: () => {} };
  const known = new Map<string, Derived>();

  return async (changed) => {
    for (const id of changed) known.delete(id);
    const summary = await readRecordedSummary(archive, tree);
    if (typeof summary === 'string') return summary;
    const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
    const latestOf = (row: Row) => registry?.latestSnapshots[row.id] ?? row.version;
    const fromRow = new Map<string, FromRow>();
    const about = {
      time: new Date(summary.lastUpdated).toISOString(),
      recorded: new Map(summary.datasets.map((row) => [row.id, row])),
      fromRow,
    };
    if (asRecorded) {
      const rows = summary.datasets.map((row) => ({ ...row, version: latestOf(row) }));
      for (const row of rows) fromRow.set(row.id, fromRowOf(row, Object.keys(row.checks)));
      return { ...about, rows: inOrder(rows) };
    }
    const legacy = registry && archive.legacy?.(context, registry);
    const times = await readTimes(context, catalogue);
    const rows: Row[] = [];
    await inParallel(AT_ONCE, summary.datasets, signal, async (recorded) => {
      const { id } = recorded;
      const latest = latestOf(recorded);
      const of = JSON.stringify([latest, [...times].map(([, at]) => at[id] !== undefined)]);
      let derived = known.get(id);
      if (derived?.of !== of) {
        derived = { of, ...(await derive(archive, context, legacy, id, latest)) };
        known.set(id, derived);
      }
      const entry = { latest, name: null, latestDate: derived.date ?? recorded.versionDate };
      const row = makeRow(catalogue, id, entry, timed(derived.records, id, times));
      const missing = Object.keys(recorded.checks).filter((check) => !derived.records[check]);
      if (missing.length > 0) fromRow.set(id, fromRowOf(recorded, missing));
      rows.push(missing.length > 0 ? completed(row, recorded, missing) : row);
    });
    signal.throwIfAborted();
    return { ...about, rows: inOrder(rows) };
  };
}

function fromRowOf({ checks }: Row, own: readonly string[]): FromRow {
  const isUntold = ({ subtype, version }: CheckRow) => subtype === null && version === null;
  return { checks: new Set(own), isUntold: Object.values(checks).every(isUntold) };
}

const inOrder = (rows: readonly Row[]) => rows.toSorted((a, b) => compareBytes(a.id, b.id));

async function derive(
  archive: Archive,
  context: Reading,
  legacy: LegacyRecords | null | undefined,
  id: string,
  latest: string | null,
): Promise<Pick<Derived, 'records' | 'date'>> {
  const records = (await legacy?.of(id)) ?? {};
  const date = latest === null ? null : await archive.versionDate?.(context, id, latest);
  return { records, date: date ?? null };
}

type Times = ReadonlyMap<string, Timestamps>;

async function readTimes(context: Reading, { checks }: Catalogue): Promise<Times> {
  const times = new Map<string, Timestamps>();
  for (const check of checks) {
    times.set(check.id, (await readOrNull<Timestamps>(context, timesPath(check))) ?? {});
  }
  return times;
}

/** Kept records with the times of this run: a check that found the same again has a newer one. */
function timed(records: Records, id: string, times: Times): Records {
  return Object.fromEntries(
    Object.entries(records).map(([check, record]) => {
      const at = times.get(check)?.[id];
      const isTimed = record && record.checkedAt !== null && at !== undefined;
      return [check, isTimed ? { ...record, checkedAt: at } : record];
    }),
  );
}

function completed(row: Row, recorded: Row, missing: readonly string[]): Row {
  const own = missing.map((check) => [check, recorded.checks[check]] as const);
  const checks = { ...row.checks, ...Object.fromEntries(own) } as Row['checks'];
  return { ...row, status: worst(Object.values(checks).map(({ status }) => status)), checks };
}
