// Keeps commits, trees and contents in a few large buffers: 200,000 trees of a hundred bytes as
// separate objects would cost several times their bytes. Objects are numbered in order of arrival.
// For contents that are not needed, only size and MD5 are kept.

import { hash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob';
/** `digest`: a blob of which only size and MD5 are kept. */
export type KeptType = ObjectType | 'digest';

export interface BlobDigest {
  readonly size: number;
  /** 32 hex digits. */
  readonly md5: string;
}

export interface GitObject {
  readonly type: KeptType;
  readonly data: Buffer;
}

export const OID_BYTES = 20;
const PIECE_BYTES = 1 << 20;
const LEAST_SLOTS = 64;
const MD5_BYTES = 16;
/** The MD5, then the size in six bytes. */
const DIGEST_BYTES = MD5_BYTES + 6;

/** By object id, computed from the object's own bytes. */
export class ObjectTable {
  #count = 0;
  #oids = Buffer.alloc(LEAST_SLOTS * OID_BYTES);
  #types: KeptType[] = [];
  /** Buffer number, offset in it and length of each object. */
  #places = new Uint32Array(LEAST_SLOTS * 3);
  /** Object number plus one, by the hash of its id. At most half of the slots are used. */
  #slots = new Uint32Array(LEAST_SLOTS * 2);
  /** Prevents an attacker from making many ids that fall into one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  readonly #pieces: Buffer[] = [];
  #filled = PIECE_BYTES;
  #scratch = Buffer.allocUnsafe(1 << 16);
  readonly #isWhole: (blob: Buffer) => boolean;

  /** @param isWhole whether a blob is kept whole; otherwise only its size and MD5 */
  constructor(isWhole: (blob: Buffer) => boolean = () => true) {
    this.#isWhole = isWhole;
  }

  get size(): number {
    return this.#count;
  }

  /** Where the bytes of the next object go; `room` makes it large enough. */
  get piece(): Buffer {
    return this.#pieces.at(-1) as Buffer;
  }
  get filled(): number {
    return this.#filled;
  }

  /** Makes room for so many bytes in `piece`, from `filled` on. Write them, then call `add`. */
  room(bytes: number): void {
    const last = this.#pieces.at(-1);
    const needed = Math.max(bytes, DIGEST_BYTES);
    if (last !== undefined && this.#filled + needed <= last.length) return;
    this.#pieces.push(Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, needed)));
    this.#filled = 0;
  }

  /** Names the object of `length` bytes that was written to the room. @returns its number */
  add(type: ObjectType, length: number): number {
    const number = this.#count;
    if (number * 3 === this.#places.length) this.#grow();
    const name = number * OID_BYTES;
    this.#oids.write(this.#nameOf(type, length), name, 'latin1');
    const slot = this.#slotOf(this.#oids, name);
    const known = this.#slots[slot] as number;
    // The same bytes are already stored: the room is reused.
    if (known > 0) return known - 1;
    this.#count++;
    this.#slots[slot] = number + 1;
    const content = this.piece.subarray(this.#filled, this.#filled + length);
    const isDigest = type === 'blob' && !this.#isWhole(content);
    const kept = isDigest ? this.#writeDigest(content) : length;
    this.#types.push(isDigest ? 'digest' : type);
    this.#places[number * 3] = this.#pieces.length - 1;
    this.#places[number * 3 + 1] = this.#filled;
    this.#places[number * 3 + 2] = kept;
    this.#filled += kept;
    return number;
  }

  /** Overwrites the content, which is no longer needed. @returns the digest's length */
  #writeDigest(content: Buffer): number {
    const { length } = content;
    const start = this.#filled;
    hash('md5', content, 'buffer').copy(this.piece, start);
    this.piece.writeUIntBE(length, start + MD5_BYTES, DIGEST_BYTES - MD5_BYTES);
    return DIGEST_BYTES;
  }

  /** The number of the object whose id is at `at`; -1 when there is none. */
  find(bytes: Buffer, at = 0): number {
    return (this.#slots[this.#slotOf(bytes, at)] as number) - 1;
  }

  typeAt(number: number): KeptType {
    return this.#types[number] as KeptType;
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

  /** What is known of a blob: its bytes or their digest; undefined if there is none. */
  blob(oid: string): Buffer | BlobDigest | undefined {
    const object = this.get(oid);
    if (object?.type === 'blob') return object.data;
    if (object?.type !== 'digest') return undefined;
    const { data } = object;
    return {
      size: data.readUIntBE(MD5_BYTES, DIGEST_BYTES - MD5_BYTES),
      md5: data.toString('hex', 0, MD5_BYTES),
    };
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

  /** The slot of an id, or the free slot where it belongs. */
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
