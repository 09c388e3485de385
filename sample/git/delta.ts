// Deltas as packs hold them, gitformat-pack(5): copies out of a base, and inserted bytes.

/** Matches start at whole blocks of the base. An id in a tree is 20 bytes, so 16 finds it. */
const BLOCK = 16;
/** One copy instruction takes at most this much. */
const MAX_COPY = 0x10000;
const MAX_INSERT = 127;
const FACTOR = 0x01000193;
/** FACTOR to the power of BLOCK: what the byte that leaves the window weighs. */
const LEAVING = Array.from({ length: BLOCK }).reduce<number>((n) => Math.imul(n, FACTOR), 1);

/** The instructions that make `target` out of `base`. */
export function encodeDelta(base: Buffer, target: Buffer): Buffer {
  const blocks = indexBlocks(base);
  const parts: Buffer[] = [sizeBytes(base.length), sizeBytes(target.length)];
  let done = 0;
  let at = 0;
  let window = windowHash(target, 0);
  while (at + BLOCK <= target.length) {
    const match = longestMatch(base, target, blocks.get(window), at, done);
    if (match === undefined) {
      window = Math.imul(window, FACTOR) + (target[at + BLOCK] ?? 0);
      window = (window - Math.imul(target[at] as number, LEAVING)) | 0;
      at++;
      continue;
    }
    insert(parts, target.subarray(done, match.target));
    copy(parts, match.base, match.length);
    done = match.target + match.length;
    at = done;
    window = windowHash(target, at);
  }
  insert(parts, target.subarray(done));
  return Buffer.concat(parts);
}

function indexBlocks(base: Buffer): Map<number, number> {
  const blocks = new Map<number, number>();
  // From the end, so that of equal blocks the first wins and copies run long.
  const last = Math.floor(base.length / BLOCK) * BLOCK - BLOCK;
  for (let at = last; at >= 0; at -= BLOCK) blocks.set(windowHash(base, at), at);
  return blocks;
}

function windowHash(bytes: Buffer, at: number): number {
  let hash = 0;
  for (let i = at; i < at + BLOCK; i++) hash = (Math.imul(hash, FACTOR) + (bytes[i] ?? 0)) | 0;
  return hash;
}

/** Where a block of the base and the window at `at` agree, extended both ways, back to `from`. */
function longestMatch(
  base: Buffer,
  target: Buffer,
  block: number | undefined,
  at: number,
  from: number,
): { base: number; target: number; length: number } | undefined {
  if (block === undefined) return undefined;
  let end = 0;
  while (
    block + end < base.length &&
    at + end < target.length &&
    base[block + end] === target[at + end]
  ) {
    end++;
  }
  if (end < BLOCK) return undefined;
  let back = 0;
  while (back < block && at - back > from && base[block - back - 1] === target[at - back - 1]) {
    back++;
  }
  return { base: block - back, target: at - back, length: end + back };
}

function insert(parts: Buffer[], bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += MAX_INSERT) {
    const piece = bytes.subarray(at, at + MAX_INSERT);
    parts.push(Buffer.of(piece.length), piece);
  }
}

/** Only the bytes of offset and size that are not zero are written; size 0x10000 has none. */
function copy(parts: Buffer[], offset: number, length: number): void {
  for (let done = 0; done < length; done += MAX_COPY) {
    const size = Math.min(MAX_COPY, length - done);
    const fields = [...littleEndian(offset + done, 4), ...littleEndian(size % MAX_COPY, 3)];
    const flags = fields.reduce((bits, byte, i) => (byte === 0 ? bits : bits | (1 << i)), 0x80);
    parts.push(Buffer.from([flags, ...fields.filter((byte) => byte !== 0)]));
  }
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** Seven bits a byte, least first. */
function sizeBytes(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
