// Boards as one JSON array of records, for moving them and keeping them: sorted by id, the same
// bytes for the same boards. A dump of the older system is read as well.

import * as z from 'zod';
import { compareBytes } from '../core/compare/byte-order.ts';
import { Refusal } from './answers.ts';
import { checkBoard, type JsonObject } from './check.ts';
import { isId } from './digest.ts';
import { upgraded } from './migrations.ts';
import { fromJson, type RecordJson, recordSchema, toJson } from './record.ts';
import type { BoardSettings } from './settings.ts';
import type { BoardRecord, BoardStore } from './store.ts';

/** @param all also those that are not whitelisted */
export async function exportBoards(store: BoardStore, all: boolean): Promise<string> {
  const records: BoardRecord[] = [];
  let next: string | null = null;
  do {
    const page: Awaited<ReturnType<BoardStore['list']>> = await store.list(next);
    records.push(...page.records.filter(({ whitelisted }) => all || whitelisted));
    next = page.next;
  } while (next !== null);
  const sorted = records.sort((a, b) => compareBytes(a.id, b.id)).map(toJson);
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

export interface Imported {
  readonly written: number;
  readonly unchanged: number;
  /** Ids of boards that were left out, and why. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

/** A record of the older system's database, as its own export writes it. */
const olderSchema = z.object({
  _id: z.union([z.string(), z.object({ $uuid: z.string() }).transform(({ $uuid }) => $uuid)]),
  dashboard: z.record(z.string(), z.unknown()),
  last_access: z.object({ $date: z.union([z.string(), z.number()]) }).optional(),
  whitelisted: z.boolean().optional(),
  protected: z.boolean().optional(),
});

/**
 * Writes what is not there yet in the same form. A board that fits no schema is left out.
 * @throws DumpError if the text is no dump; then nothing is written
 */
export async function importBoards(
  store: BoardStore,
  text: string,
  schema: z.ZodType,
  settings: BoardSettings,
): Promise<Imported> {
  const refused: { id: string; why: string }[] = [];
  const records = parseDump(text).flatMap((entry): BoardRecord[] => {
    try {
      return [checked(entry, schema, settings)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const [first] = error.details.errors ?? [];
      const at = first ? ` ${first.path}: ${first.message}` : '';
      refused.push({ id: entry.id, why: `${error.message}${at}` });
      return [];
    }
  });
  let written = 0;
  for (const record of records) written += Number(await upsert(store, record));
  return { written, unchanged: records.length - written, refused };
}

export class DumpError extends Error {
  override readonly name = 'DumpError';
}

function parseDump(text: string): RecordJson[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    throw new DumpError('it is not JSON, or only a part of it');
  }
  if (!Array.isArray(entries)) throw new DumpError('it is not a list of boards');
  return entries.map((entry, i) => {
    const own = recordSchema.safeParse(entry);
    if (own.success) return own.data;
    const older = olderSchema.safeParse(entry);
    if (!older.success) throw new DumpError(`entry ${i + 1} is not a board`);
    return fromOlder(older.data, i);
  });
}

function fromOlder(
  { _id, dashboard, last_access: used, ...flags }: z.infer<typeof olderSchema>,
  at: number,
): RecordJson {
  const time = new Date(used?.$date ?? 0);
  if (Number.isNaN(time.getTime())) throw new DumpError(`entry ${at + 1} has no time of use`);
  const lastAccess = time.toISOString();
  return {
    // Its ids may be of another form; they are told in the form in which they were given.
    id: _id.toLowerCase(),
    board: dashboard,
    ...{ rev: 1, createdAt: lastAccess, lastAccess, keyHash: null, forkedFrom: null },
    ...{ whitelisted: flags.whitelisted ?? false, protected: flags.protected ?? false },
  };
}

function checked(entry: RecordJson, schema: z.ZodType, settings: BoardSettings): BoardRecord {
  if (!isId(entry.id)) throw new Refusal(422, 'Its id is not a UUID.');
  const board: JsonObject = JSON.parse(upgraded(JSON.stringify(entry.board)));
  return fromJson(entry, checkBoard(board, schema, settings).body);
}

/** @returns whether anything was written */
async function upsert(store: BoardStore, record: BoardRecord): Promise<boolean> {
  for (;;) {
    const seen = await store.read(record.id, true);
    if (seen !== null && isSame(seen, record)) return false;
    // Readers of the board that is replaced may know its revision.
    const rev = seen === null || seen.body === record.body ? record.rev : seen.rev + 1;
    if (await store.put({ ...record, rev }, seen)) return true;
  }
}

/** Revisions aside. */
function isSame(a: BoardRecord, b: BoardRecord): boolean {
  const textOf = (record: BoardRecord) => JSON.stringify(toJson({ ...record, rev: 1 }));
  return textOf(a) === textOf(b);
}
