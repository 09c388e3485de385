// A pack (gitformat-pack): commits and trees by the name that their own bytes hash to, so that
// whoever starts from a known commit id can trust all it reaches. Tags, and file contents larger
// than asked for, are passed over: a server that ignores the filter costs time, not memory.

import { hash } from 'node:crypto';
import { applyDelta, resultSize } from './delta.ts';
import { malformed } from './fault.ts';
import { BLOB, COMMIT, entryHeadAt, inflateAt, OFS_DELTA, REF_DELTA, TREE } from './pack-entry.ts';

export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly data: Buffer;
}

export interface Pack {
  /** By object id, 40 hex digits, computed from the object's bytes. */
  readonly objects: ReadonlyMap<string, GitObject>;
  /** Deltas whose base is not in the pack, or is an object that was passed over. */
  readonly unresolved: number;
}

export interface PackLimits {
  readonly objects: number;
  /** Inflated bytes of one object. */
  readonly objectBytes: number;
  /** Inflated and rebuilt bytes of all objects together. */
  readonly totalBytes: number;
  /** Contents of up to so many bytes are kept; none when it is left out. */
  readonly blobBytes?: number;
}

const HEADER_BYTES = 12;
const TRAILER_BYTES = 20;

interface Delta {
  readonly offset: number;
  readonly delta: Buffer;
}

/** Every commit, tree and small content of a pack. Its trailing SHA-1 and each object's size are checked. */
export function readPack(pack: Buffer, limits: PackLimits): Pack {
  const count = checkedCount(pack, limits);
  const end = pack.length - TRAILER_BYTES;
  const nameOf = objectNamer();
  const objects = new Map<string, GitObject>();
  const byOffset = new Map<number, GitObject>();
  const passedOver = new Set<number>();
  // A base may come later in the pack than its delta: the delta waits for it.
  const waitingForOffset = new Map<number, Delta[]>();
  const waitingForName = new Map<string, Delta[]>();
  let unresolved = 0;
  let spent = 0;

  const spend = (bytes: number): void => {
    spent += bytes;
    if (bytes > limits.objectBytes) throw malformed(`an object of ${bytes} bytes`);
    if (spent > limits.totalBytes) throw malformed(`more than ${limits.totalBytes} bytes inflated`);
  };
  const blobBytes = limits.blobBytes ?? -1;
  const rebuild = (base: GitObject, delta: Buffer): GitObject => {
    spend(resultSize(delta));
    return { type: base.type, data: applyDelta(base.data, delta) };
  };
  const settle = (offset: number, object: GitObject): void => {
    const todo = [{ offset, object }];
    for (let next = todo.pop(); next; next = todo.pop()) {
      const base = next.object;
      const name = nameOf(base);
      objects.set(name, base);
      byOffset.set(next.offset, base);
      for (const waiting of [taken(waitingForOffset, next.offset), taken(waitingForName, name)]) {
        unresolved -= waiting.length;
        for (const { offset, delta } of waiting)
          todo.push({ offset, object: rebuild(base, delta) });
      }
    }
  };
  const settleDelta = <K>(
    base: GitObject | undefined,
    waiting: Map<K, Delta[]>,
    key: K,
    it: Delta,
  ) => {
    if (base) return settle(it.offset, rebuild(base, it.delta));
    unresolved++;
    const others = waiting.get(key);
    if (others) others.push(it);
    else waiting.set(key, [it]);
  };

  let at = HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const offset = at;
    const head = entryHeadAt(pack, offset, end);
    spend(head.size);
    const body = inflateAt(pack, head.next, end, head.size);
    at = body.next;
    if (head.type === COMMIT) settle(offset, { type: 'commit', data: body.data });
    else if (head.type === TREE) settle(offset, { type: 'tree', data: body.data });
    else if (head.type === BLOB && head.size <= blobBytes) {
      settle(offset, { type: 'blob', data: body.data });
    } else if (head.type === OFS_DELTA && !passedOver.has(head.baseOffset)) {
      const base = byOffset.get(head.baseOffset);
      settleDelta(base, waitingForOffset, head.baseOffset, { offset, delta: body.data });
    } else if (head.type === REF_DELTA) {
      const base = objects.get(head.baseName);
      settleDelta(base, waitingForName, head.baseName, { offset, delta: body.data });
    } else passedOver.add(offset);
  }
  if (at !== end) throw malformed('bytes between the last object and the trailer');
  return { objects, unresolved };
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
  if (count > limits.objects) throw malformed(`a pack of ${count} objects`);
  return count;
}

/** Object names: SHA-1 of type, length, NUL and the bytes, hashed in one call from one buffer. */
function objectNamer(): (object: GitObject) => string {
  let scratch = Buffer.allocUnsafe(1 << 16);
  return ({ type, data }) => {
    const head = `${type} ${data.length}\0`;
    const length = head.length + data.length;
    if (scratch.length < length) scratch = Buffer.allocUnsafe(length * 2);
    scratch.write(head, 'latin1');
    data.copy(scratch, head.length);
    return hash('sha1', scratch.subarray(0, length), 'hex');
  };
}

function taken<K>(map: Map<K, Delta[]>, key: K): readonly Delta[] {
  const values = map.get(key) ?? [];
  map.delete(key);
  return values;
}
