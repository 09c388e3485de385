// A pack (gitformat-pack): commits and trees under the id that their own bytes hash to. So a reader
// that starts from a known commit id can trust everything it reaches. Tags, and file contents
// larger than requested, are skipped: a server that ignores the filter costs time, not memory.

import { hash } from 'node:crypto';
import { applyDelta, resultSize } from './delta.ts';
import { malformed } from './fault.ts';
import { inflateInto } from './inflate.ts';
import { ObjectTable, type ObjectType } from './object-table.ts';
import {
  BLOB,
  COMMIT,
  type EntryHead,
  entryHeadAt,
  OFS_DELTA,
  REF_DELTA,
  TREE,
} from './pack-entry.ts';
import { RecentContents } from './recent-contents.ts';

export interface Pack {
  readonly objects: ObjectTable;
  /** Deltas whose base is not in the pack, or was named by id and skipped. */
  readonly unresolved: number;
}

export interface PackLimits {
  readonly objects: number;
  /** Inflated bytes of one object. */
  readonly objectBytes: number;
  /** Inflated and rebuilt bytes of all objects together. */
  readonly totalBytes: number;
  /** Contents of up to so many bytes are kept. Default: none. */
  readonly blobBytes?: number;
  /** Which of them are kept whole; for the others only size and MD5. Default: all. */
  readonly isWhole?: (blob: Buffer) => boolean;
}

const HEADER_BYTES = 12;
const TRAILER_BYTES = 20;
/** For contents that were not kept and are the base of deltas. */
const RECENT_BYTES = 8 << 20;

interface Delta {
  /** Its place among the pack's entries. */
  readonly entry: number;
  readonly delta: Buffer;
}

/** States of an entry that has no object number. */
const UNSETTLED = -1;
const PASSED_OVER = -2;

/** Every commit, tree and small content of a pack. Checks its trailing SHA-1 and all sizes. */
export function readPack(pack: Buffer, limits: PackLimits): Pack {
  const count = checkedCount(pack, limits);
  const end = pack.length - TRAILER_BYTES;
  const objects = new ObjectTable(limits.isWhole);
  /** By entry: its offset in the pack, and the number of its object. */
  const offsets = new Uint32Array(count);
  const numbers = new Int32Array(count).fill(UNSETTLED);
  /** The first entry of each object kept as a digest, to read it again. */
  const entries = new Map<number, number>();
  const recent = new RecentContents(RECENT_BYTES);
  // A base may come later in the pack than its delta. The delta waits for it.
  const waitingForEntry = new Map<number, Delta[]>();
  const waitingForName = new Map<string, Delta[]>();
  let unresolved = 0;
  let spent = 0;
  let scratch = Buffer.alloc(0);

  const spend = (bytes: number): void => {
    spent += bytes;
    if (bytes > limits.objectBytes) throw malformed(`an object of ${bytes} bytes`);
    if (spent > limits.totalBytes) throw malformed(`more than ${limits.totalBytes} bytes inflated`);
  };
  /** The bytes of an object; if they were not kept, they are read from the pack again. */
  const contentOf = (object: number): Buffer => {
    const deltas: { readonly entry: number; readonly delta: Buffer }[] = [];
    let content: Buffer | undefined;
    for (let at = object; content === undefined; ) {
      if (objects.typeAt(at) !== 'digest') content = objects.dataAt(at);
      else {
        const entry = entries.get(at) as number;
        content = recent.get(entry);
        if (content !== undefined) break;
        const head = entryHeadAt(pack, offsets[entry] as number, end);
        spend(head.size);
        const inflated = Buffer.allocUnsafe(head.size);
        inflateInto(pack, head.next, end, inflated);
        if (head.type === BLOB) {
          content = inflated;
          recent.put(entry, content);
        } else {
          deltas.push({ entry, delta: inflated });
          // The entry was resolved, so its base was too.
          at = baseOf(head, entry);
        }
      }
    }
    for (let next = deltas.pop(); next; next = deltas.pop()) {
      spend(resultSize(next.delta));
      content = applyDelta(content, next.delta);
      recent.put(next.entry, content);
    }
    return content;
  };
  const baseOf = (head: EntryHead, entry: number): number =>
    head.type === OFS_DELTA
      ? (numbers[entryOf(offsets, entry, head.baseOffset) as number] as number)
      : objects.find(Buffer.from(head.baseName, 'hex'));
  const rebuild = (base: number, { entry, delta }: Delta): number => {
    const size = resultSize(delta);
    spend(size);
    const source = contentOf(base);
    objects.room(size);
    const room = objects.piece.subarray(objects.filled, objects.filled + size);
    applyDelta(source, delta, room);
    const type = objects.typeAt(base);
    if (type !== 'digest') return objects.add(type, size);
    recent.put(entry, Buffer.from(room));
    return objects.add('blob', size);
  };
  const assign = (entry: number, object: number): void => {
    numbers[entry] = object;
    if (objects.typeAt(object) === 'digest' && !entries.has(object)) entries.set(object, entry);
  };
  const settle = (entry: number, object: number): void => {
    if (unresolved === 0) {
      assign(entry, object);
      return;
    }
    const todo = [{ entry, object }];
    for (let next = todo.pop(); next; next = todo.pop()) {
      const base = next.object;
      assign(next.entry, base);
      const ready = [
        taken(waitingForEntry, next.entry),
        taken(waitingForName, objects.oidAt(base)),
      ].flat();
      unresolved -= ready.length;
      for (const it of ready) todo.push({ entry: it.entry, object: rebuild(base, it) });
    }
  };
  const settleDelta = <K>(base: number, waiting: Map<K, Delta[]>, key: K, it: Delta): void => {
    if (base >= 0) {
      settle(it.entry, rebuild(base, it));
      return;
    }
    unresolved++;
    const kept = { ...it, delta: Buffer.from(it.delta) };
    const others = waiting.get(key);
    if (others) others.push(kept);
    else waiting.set(key, [kept]);
  };
  /** Temporary memory for bytes that are not needed after this entry. */
  const forNow = (size: number): Buffer => {
    if (scratch.length < size) scratch = Buffer.allocUnsafeSlow(Math.max(2 * size, 1 << 16));
    return scratch.subarray(0, size);
  };

  let at = HEADER_BYTES;
  for (let entry = 0; entry < count; entry++) {
    const head = entryHeadAt(pack, at, end);
    offsets[entry] = at;
    spend(head.size);
    const type = keptType(head.type, head.size, limits.blobBytes ?? -1);
    if (type !== null) {
      objects.room(head.size);
      const { piece, filled } = objects;
      at = inflateInto(pack, head.next, end, piece, filled, filled + head.size);
      settle(entry, objects.add(type, head.size));
      continue;
    }
    const data = forNow(head.size);
    at = inflateInto(pack, head.next, end, data);
    if (head.type === OFS_DELTA) {
      // If no entry starts there, the delta waits for itself and is never resolved.
      const place = entryOf(offsets, entry, head.baseOffset) ?? entry;
      const base = numbers[place] as number;
      if (base === PASSED_OVER) numbers[entry] = PASSED_OVER;
      else settleDelta(base, waitingForEntry, place, { entry, delta: data });
    } else if (head.type === REF_DELTA) {
      const base = objects.find(Buffer.from(head.baseName, 'hex'));
      settleDelta(base, waitingForName, head.baseName, { entry, delta: data });
    } else numbers[entry] = PASSED_OVER;
  }
  if (at !== end) throw malformed('bytes between the last object and the trailer');
  return { objects, unresolved };
}

/** Null for skipped types and for deltas. */
function keptType(type: number, size: number, blobBytes: number): ObjectType | null {
  if (type === COMMIT) return 'commit';
  if (type === TREE) return 'tree';
  return type === BLOB && size <= blobBytes ? 'blob' : null;
}

/** Which of the first `count` entries starts at `offset`, if any. */
function entryOf(offsets: Uint32Array, count: number, offset: number): number | undefined {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low < count && offsets[low] === offset ? low : undefined;
}

function checkedCount(pack: Buffer, limits: PackLimits): number {
  if (pack.length < HEADER_BYTES + TRAILER_BYTES || pack.toString('latin1', 0, 4) !== 'PACK') {
    throw malformed('not a pack');
  }
  const version = pack.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw malformed(`a pack of version ${version}`);
  const body = pack.subarray(0, -TRAILER_BYTES);
  if (!hash('sha1', body, 'buffer').equals(pack.subarray(-TRAILER_BYTES))) {
    throw malformed('the pack does not have its SHA-1');
  }
  const count = pack.readUInt32BE(8);
  // There cannot be more objects than bytes. Tables are allocated for this count.
  if (count > Math.min(limits.objects, pack.length)) throw malformed(`a pack of ${count} objects`);
  return count;
}

function taken<K>(map: Map<K, Delta[]>, key: K): readonly Delta[] {
  const values = map.get(key) ?? [];
  map.delete(key);
  return values;
}
