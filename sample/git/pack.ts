// Packs, gitformat-pack(5), with deltas between folders and files that are likely to be alike.

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encodeDelta } from './delta.ts';
import type { GitObject } from './objects.ts';
import type { Selected } from './selection.ts';

/** How a server packs; everything except `usual` is for testing readers. */
export interface PackStyle {
  /** usual: where they save bytes; none: no deltas; base-later: every base comes after its deltas. */
  readonly deltas: 'usual' | 'none' | 'base-later';
  /** Send blobs and trees although the client filters them out. */
  readonly ignoreFilter: boolean;
}

export const USUAL_STYLE: PackStyle = { deltas: 'usual', ignoreFilter: false };

const TYPE_CODES = { commit: 1, tree: 2, blob: 3, tag: 4, ofsDelta: 6, refDelta: 7 } as const;

/** Below it a delta saves too little; above it, finding one takes too long. */
const DELTA_SIZES = { least: 64, most: 2 ** 20 };
/** Git's own default for the longest chain. */
const MAX_CHAIN = 50;
/** Bytes compared in one pack; at about 20 ns a byte, a third of a second. */
const DELTA_BUDGET = 2 ** 24;

interface Planned {
  readonly object: GitObject;
  readonly base: Planned | undefined;
  /** Deltas between this and a whole object, if all planned ones are made. */
  readonly chain: number;
  offset: number;
}

/**
 * The bytes of a pack, produced as they are read. A client that did not offer ofs-delta gets
 * REF_DELTA; so does every base-later pack, since offsets only point back.
 */
export function* packBytes(
  selected: readonly Selected[],
  style: PackStyle,
  ofsDelta: boolean,
): Generator<Buffer> {
  const planned = plan(selected, style);
  if (style.deltas === 'base-later') planned.reverse();
  const byOffset = ofsDelta && style.deltas !== 'base-later';
  const checksum = createHash('sha1');
  let offset = 0;
  const counted = (bytes: Buffer): Buffer => {
    checksum.update(bytes);
    offset += bytes.length;
    return bytes;
  };
  yield counted(fileHeader(planned.length));
  for (const entry of planned) {
    entry.offset = offset;
    yield counted(encodeEntry(entry, byOffset));
  }
  yield checksum.digest();
}

function fileHeader(objects: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects, 8);
  return header;
}

/**
 * Each folder and file with an earlier one that it may resemble: at the same path in another
 * commit, else at a path that differs in its numbers only (sub-01/anat, sub-02/anat).
 */
function plan(selected: readonly Selected[], style: PackStyle): Planned[] {
  const alike = new Map<string, Planned>();
  let budget = style.deltas === 'none' ? 0 : DELTA_BUDGET;
  return selected.map(({ object, path }) => {
    const planned = (base?: Planned): Planned => ({
      object,
      base,
      chain: base === undefined ? 0 : base.chain + 1,
      offset: 0,
    });
    if (budget <= 0 || (object.type !== 'tree' && object.type !== 'blob')) return planned();
    const same = `${object.type} ${path}`;
    const like = same.replace(/\d+/g, '\0');
    const candidate = alike.get(same) ?? alike.get(like);
    const worthTrying = candidate !== undefined && mayResemble(candidate, object);
    if (worthTrying) budget -= object.content.length + candidate.object.content.length;
    const entry = planned(worthTrying ? candidate : undefined);
    alike.set(same, entry).set(like, entry);
    return entry;
  });
}

function mayResemble(base: Planned, { content }: GitObject): boolean {
  const sizes = [base.object.content.length, content.length].sort((a, b) => a - b);
  const [less = 0, more = 0] = sizes;
  return (
    base.chain < MAX_CHAIN &&
    less >= DELTA_SIZES.least &&
    more <= DELTA_SIZES.most &&
    more <= 4 * less
  );
}

function encodeEntry(entry: Planned, byOffset: boolean): Buffer {
  const { object, base } = entry;
  const delta = base === undefined ? undefined : deltaThatPays(base.object, object);
  if (base === undefined || delta === undefined) {
    return Buffer.concat([
      entryHeader(TYPE_CODES[object.type], object.content.length),
      deflatedContent(object),
    ]);
  }
  return byOffset
    ? Buffer.concat([
        entryHeader(TYPE_CODES.ofsDelta, delta.size),
        distance(entry.offset - base.offset),
        delta.deflated,
      ])
    : Buffer.concat([
        entryHeader(TYPE_CODES.refDelta, delta.size),
        Buffer.from(base.object.oid, 'hex'),
        delta.deflated,
      ]);
}

/** Three bits of type and four of size, then seven of size a byte, least first. */
function entryHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size % 16);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
  }
  return Buffer.from([...bytes, byte]);
}

/** How far back the base begins: seven bits a byte, most first, each further byte adding one. */
function distance(back: number): Buffer {
  const bytes = [back % 128];
  for (let rest = Math.floor(back / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return Buffer.from(bytes);
}

/** Ids do not compress: the cheapest level is as good as any. */
function deflate(bytes: Buffer): Buffer {
  const roomy = deflateSync(bytes, { level: 1, chunkSize: bytes.length + 64 });
  // A copy of its own, since zlib's answer keeps the whole chunk alive.
  return Buffer.from(roomy);
}

interface Delta {
  /** Before compression. */
  readonly size: number;
  readonly deflated: Buffer;
}

// A replayed archive serves one folder of filler in 1,834 repositories: trees, which live as long
// as their spec, keep what was made of them. Blobs are made again for each request.
const deflatedTrees = new WeakMap<GitObject, Buffer>();
const triedDeltas = new WeakMap<GitObject, { base: string; delta: Delta | undefined }>();

function deflatedContent(object: GitObject): Buffer {
  if (object.type !== 'tree') return deflate(object.content);
  let deflated = deflatedTrees.get(object);
  if (deflated === undefined) {
    deflated = deflate(object.content);
    deflatedTrees.set(object, deflated);
  }
  return deflated;
}

function deltaThatPays(base: GitObject, object: GitObject): Delta | undefined {
  const tried = triedDeltas.get(object);
  if (tried?.base === base.oid) return tried.delta;
  const instructions = encodeDelta(base.content, object.content);
  const pays = instructions.length < object.content.length * 0.75;
  const delta = pays ? { size: instructions.length, deflated: deflate(instructions) } : undefined;
  if (object.type === 'tree') triedDeltas.set(object, { base: base.oid, delta });
  return delta;
}
