// A delta of a pack (gitformat-pack, "Deltified representation"): an object made of copies from a
// base object and of new bytes. Every size and range is checked before it is used.

import { malformed } from './fault.ts';

/** A size in groups of seven bits, lowest first, and the offset after it. */
export function sizeAt(bytes: Buffer, offset: number): { size: number; next: number } {
  let size = 0;
  let scale = 1;
  for (let at = offset; at < bytes.length && scale < Number.MAX_SAFE_INTEGER / 128; at++) {
    const byte = bytes[at] as number;
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) return { size, next: at + 1 };
    scale *= 128;
  }
  throw malformed('a size that does not end');
}

/** Size of the object that the delta makes. It is checked before memory is spent on it. */
export function resultSize(delta: Buffer): number {
  return sizeAt(delta, sizeAt(delta, 0).next).size;
}

/** @param room for the result, of the size that the delta gives; new memory by default */
export function applyDelta(base: Buffer, delta: Buffer, room?: Buffer): Buffer {
  const source = sizeAt(delta, 0);
  if (source.size !== base.length) throw malformed('a delta for a base of another size');
  const target = sizeAt(delta, source.next);
  const result = room ?? Buffer.allocUnsafe(target.size);
  let filled = 0;
  let at = target.next;

  const take = (): number => {
    const byte = delta[at++];
    if (byte === undefined) throw malformed('a delta that ends within a command');
    return byte;
  };
  const append = (from: Buffer, start: number, length: number): void => {
    if (start + length > from.length) throw malformed('a delta that copies from outside');
    from.copy(result, filled, start, start + length);
    filled += length;
  };

  while (at < delta.length) {
    const command = take();
    if (command === 0) throw malformed('a delta command that git keeps in reserve');
    if (command < 0x80) {
      append(delta, at, command);
      at += command;
      continue;
    }
    let start = 0;
    let length = 0;
    // Bits 0–3 tell which offset bytes follow, bits 4–6 which length bytes.
    for (let byte = 0; byte < 4; byte++) {
      if (command & (1 << byte)) start += take() * 256 ** byte;
    }
    for (let byte = 0; byte < 3; byte++) {
      if (command & (0x10 << byte)) length += take() * 256 ** byte;
    }
    append(base, start, length === 0 ? 0x10000 : length);
  }
  if (filled !== result.length) throw malformed('a delta that makes another size than it says');
  return result;
}
