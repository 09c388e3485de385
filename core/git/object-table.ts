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

  /** Where the bytes of the next object go: `room` makes it large enough. */
  get piece(): Buffer {
    return this.#pieces.at(-1) as Buffer;
  }
  get filled(): number {
    return this.#filled;
  }

  /** Room for so many bytes in `piece`, from `filled` on; to be written and then added. */
  room(bytes: number): void {
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#filled + bytes <= last.length) return;
    this.#pieces.push(Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes)));
    this.#filled = 0;
  }

  /** Names the object of `length` bytes that was written to the room; the number of that name. */
  add(type: ObjectType, length: number): number {
    const number = this.#count;
    if (number * 3 === this.#places.length) this.#grow();
    const name = number * OID_BYTES;
    this.#oids.write(this.#nameOf(type, length), name, 'latin1');
    const slot = this.#slotOf(this.#oids, name);
    const known = this.#slots[slot] as number;
    // The room is used again: the same bytes are there already.
    if (known > 0) return known - 1;
    this.#count++;
    this.#slots[slot] = number + 1;
    this.#types.push(type);
    this.#places[number * 3] = this.#pieces.length - 1;
    this.#places[number * 3 + 1] = this.#filled;
    this.#places[number * 3 + 2] = length;
    this.#filled += length;
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
  #nameOf(type: ObjectType, bytes: number): string {
    const head = `${type} ${bytes}\0`;
    const length = head.length + bytes;
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafeSlow(length * 2);
    this.#scratch.write(head, 'latin1');
    this.piece.copy(this.#scratch, head.length, this.#filled, this.#filled + bytes);
    return hash('sha1', this.#scratch.subarray(0, length), 'binary');
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
    for (let number = 0; number < this.#count; number++) {
      this.#slots[this.#slotOf(this.#oids, number * OID_BYTES)] = number + 1;
    }
  }
}
