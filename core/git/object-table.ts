// Commits, trees and small contents in few large pieces of memory: 200,000 trees of a hundred bytes as objects of
// their own cost several times their bytes. They are numbered in the order in which they came.

import { hash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob';

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

export const OID_BYTES = 20;
const PIECE_BYTES = 1 << 20;
const LEAST_SLOTS = 64;

/** By object id, computed from the object's own bytes. */
export class ObjectTable {
  #count = 0;
  #oids = Buffer.alloc(LEAST_SLOTS * OID_BYTES);
  #types: ObjectType[] = [];
  /** Piece, offset in it and length of each object. */
  #places = new Uint32Array(LEAST_SLOTS * 3);
  /** Number of an object plus one, by the hash of its id; at most half of it is used. */
  #slots = new Uint32Array(LEAST_SLOTS * 2);
  /** Ids can be made to fall into one slot by whoever knows where that is. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  readonly #pieces: Buffer[] = [];
  #filled = PIECE_BYTES;
  #scratch = Buffer.allocUnsafe(1 << 16);

  get size(): number {
    return this.#count;
  }

  /** Memory for an object's bytes, to be filled and then given to `add`. */
  room(bytes: number): Buffer {
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#filled + bytes <= last.length) {
      return last.subarray(this.#filled, this.#filled + bytes);
    }
    const piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes));
    this.#pieces.push(piece);
    this.#filled = 0;
    return piece.subarray(0, bytes);
  }

  /** Names the object that was written to the last `room`; the number of that name's object. */
  add(type: ObjectType, data: Buffer): number {
    const oid = this.#nameOf(type, data);
    const slot = this.#slotOf(oid, 0);
    const known = this.#slots[slot] as number;
    // The room is used again: the same bytes are there already.
    if (known > 0) return known - 1;
    const number = this.#count++;
    if (number * 3 === this.#places.length) this.#grow();
    oid.copy(this.#oids, number * OID_BYTES);
    this.#types.push(type);
    this.#places.set([this.#pieces.length - 1, this.#filled, data.length], number * 3);
    this.#filled += data.length;
    this.#slots[this.#slotOf(oid, 0)] = number + 1;
    return number;
  }

  /** The number of the object whose id stands at `at`; -1 when there is none. */
  find(bytes: Buffer, at = 0): number {
    return (this.#slots[this.#slotOf(bytes, at)] as number) - 1;
  }

  typeAt(number: number): ObjectType {
    return this.#types[number] as ObjectType;
  }

  dataAt(number: number): Buffer {
    const piece = this.#pieces[this.#places[number * 3] as number] as Buffer;
    const offset = this.#places[number * 3 + 1] as number;
    return piece.subarray(offset, offset + (this.#places[number * 3 + 2] as number));
  }

  /** 40 hex digits. */
  oidAt(number: number): string {
    return this.#oids.toString('hex', number * OID_BYTES, (number + 1) * OID_BYTES);
  }

  /** By 40 hex digits. */
  get(oid: string): GitObject | undefined {
    const number = this.find(Buffer.from(oid, 'hex'));
    return number < 0 ? undefined : { type: this.typeAt(number), data: this.dataAt(number) };
  }

  *keys(): Generator<string> {
    for (let number = 0; number < this.#count; number++) yield this.oidAt(number);
  }

  /** SHA-1 of type, length, NUL and the bytes, hashed in one call from one buffer. */
  #nameOf(type: ObjectType, data: Buffer): Buffer {
    const head = `${type} ${data.length}\0`;
    const length = head.length + data.length;
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafe(length * 2);
    this.#scratch.write(head, 'latin1');
    data.copy(this.#scratch, head.length);
    return hash('sha1', this.#scratch.subarray(0, length), 'buffer');
  }

  /** Where an id stands among the slots, or the free one where it would. */
  #slotOf(bytes: Buffer, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = Math.imul(bytes.readUInt32LE(at) ^ this.#seed, 0x9e3779b1) & mask;
    for (;;) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0 || this.#is(number, bytes, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #is(number: number, bytes: Buffer, at: number): boolean {
    const start = number * OID_BYTES;
    for (let byte = 0; byte < OID_BYTES; byte++) {
      if (this.#oids[start + byte] !== bytes[at + byte]) return false;
    }
    return true;
  }

  #grow(): void {
    const places = new Uint32Array(this.#places.length * 2);
    places.set(this.#places);
    this.#places = places;
    this.#oids = Buffer.concat([this.#oids, Buffer.alloc(this.#oids.length)]);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count - 1; number++) {
      this.#slots[this.#slotOf(this.#oids, number * OID_BYTES)] = number + 1;
    }
  }
}
