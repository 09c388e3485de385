// A store with its index in memory, over a shelf that holds the bodies: in memory as well, or in a
// folder. Totals follow from the index, so they are always right. It is the shelf's only writer.

import { compareBytes } from '../core/compare/byte-order.ts';
import { keyedMutex } from '../core/keyed-mutex.ts';
import type { BoardRecord, BoardStore, Evictable, Totals } from './store.ts';

/** All of a record but its body. */
export type Indexed = Omit<BoardRecord, 'body'>;

/** Where boards lie. Methods throw StoreAway when it cannot be used now. */
export interface Shelf {
  /** Undefined if it is gone. */
  read(id: string): Promise<string | undefined>;
  write(record: BoardRecord): Promise<void>;
  /** For good, also after a power cut. */
  remove(id: string): Promise<void>;
  /** Less thorough, for evictions: there are many. */
  discard(id: string): Promise<void>;
  touch(id: string, lastAccess: number): Promise<void>;
}

const PAGE = 100;

/** @param there what the shelf holds */
export function indexedStore(shelf: Shelf, there: Iterable<Indexed>): BoardStore {
  const inTurn = keyedMutex();
  const index = new Map<string, Indexed>();
  let bytes = 0;
  const keep = (one: Indexed): void => {
    bytes += one.size - (index.get(one.id)?.size ?? 0);
    index.set(one.id, one);
  };
  for (const one of there) keep(one);

  const isAs = (seen: BoardRecord | null, id: string): boolean => {
    const now = index.get(id);
    if (seen === null || now === undefined) return seen === null && now === undefined;
    return (
      now.rev === seen.rev &&
      now.whitelisted === seen.whitelisted &&
      now.protected === seen.protected
    );
  };
  const forget = (id: string): true => {
    bytes -= index.get(id)?.size ?? 0;
    index.delete(id);
    return true;
  };
  const totals = async (): Promise<Totals> => ({ bytes, boards: index.size });

  return {
    totals,
    recount: totals,

    read: (id) =>
      inTurn(id, async () => {
        const found = index.get(id);
        const body = found && (await shelf.read(id));
        return body === undefined ? null : { ...(found as Indexed), body };
      }),

    put: (next, seen) =>
      inTurn(next.id, async () => {
        if (!isAs(seen, next.id)) return false;
        await shelf.write(next);
        const { body, ...indexed } = next;
        keep(indexed);
        return true;
      }),

    remove: (seen) =>
      inTurn(seen.id, async () => {
        if (!isAs(seen, seen.id)) return false;
        await shelf.remove(seen.id);
        return forget(seen.id);
      }),

    touch: (id, lastAccess) =>
      inTurn(id, async () => {
        const found = index.get(id);
        if (found === undefined) return;
        await shelf.touch(id, lastAccess);
        keep({ ...found, lastAccess });
      }),

    async *evictable() {
      yield* Iterator.from(index.values())
        .filter(({ whitelisted }) => !whitelisted)
        .toArray()
        .sort((a, b) => a.lastAccess - b.lastAccess || compareBytes(a.id, b.id));
    },

    evict: ({ id, lastAccess }: Evictable) =>
      inTurn(id, async () => {
        const now = index.get(id);
        if (now === undefined || now.whitelisted || now.lastAccess !== lastAccess) return false;
        await shelf.discard(id);
        return forget(id);
      }),

    async list(after) {
      const ids = [...index.keys()].sort(compareBytes);
      const from = after === null ? 0 : ids.findIndex((id) => compareBytes(id, after) > 0);
      const page = from < 0 ? [] : ids.slice(from, from + PAGE);
      const found = await Promise.all(page.map((id) => this.read(id, true)));
      const isLast = from < 0 || from + PAGE >= ids.length;
      return {
        records: found.filter((one) => one !== null),
        next: isLast ? null : (page.at(-1) ?? null),
      };
    },
  };
}

/** For tests, and for what need not last. */
export function memoryStore(): BoardStore {
  const bodies = new Map<string, string>();
  const shelf: Shelf = {
    read: async (id) => bodies.get(id),
    write: async ({ id, body }) => void bodies.set(id, body),
    remove: async (id) => void bodies.delete(id),
    discard: async (id) => void bodies.delete(id),
    touch: async () => {},
  };
  return indexedStore(shelf, []);
}
