// Git's formats written by hand, from the format documents and not from the reader under test:
// objects, packs, side-band answers; and a client that gives canned answers.

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../../core/http.ts';
import type { TreeEntry } from '../../../../core/protocols/sources.ts';
import { noTraffic } from '../../../../core/traffic.ts';

export const sha1 = (...parts: (string | Buffer)[]): Buffer => {
  const digest = createHash('sha1');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

// ---- objects ----------------------------------------------------------------------------------

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';
const TYPE_NUMBERS = { commit: 1, tree: 2, blob: 3, tag: 4, ofs: 6, ref: 7 } as const;

export interface RawObject {
  readonly type: ObjectType;
  readonly data: Buffer;
  readonly oid: string;
}

export function object(type: ObjectType, data: Buffer): RawObject {
  return { type, data, oid: sha1(`${type} ${data.length}\0`, data).toString('hex') };
}

/** Entries as given, in the order given, even if wrong. */
export function tree(...entries: [mode: string, name: string | Buffer, oid: string][]): RawObject {
  const bytes = entries.flatMap(([mode, name, oid]) => [
    Buffer.from(`${mode} `),
    typeof name === 'string' ? Buffer.from(name) : name,
    Buffer.from([0]),
    Buffer.from(oid, 'hex'),
  ]);
  return object('tree', Buffer.concat(bytes));
}

export function commit(treeOid: string): RawObject {
  const who = 'A <a@example.org> 0 +0000';
  return object('commit', Buffer.from(`tree ${treeOid}\nauthor ${who}\ncommitter ${who}\n\nm\n`));
}

export const FILE_OID = 'aa'.repeat(20);
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

// ---- packs ------------------------------------------------------------------------------------

export type Entry =
  | RawObject
  /** A delta on the entry at that index in the list, which must come before it. */
  | { readonly type: 'ofs'; readonly base: number; readonly data: Buffer }
  | { readonly type: 'ref'; readonly base: string; readonly data: Buffer };

/** @param count the count in the header, if it is wrong. */
export function pack(entries: readonly Entry[], count = entries.length, version = 2): Buffer {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(count, 8);
  const parts = [head];
  const offsets: number[] = [];
  let length = head.length;
  for (const entry of entries) {
    offsets.push(length);
    const bytes = [entryHead(TYPE_NUMBERS[entry.type], entry.data.length)];
    if (entry.type === 'ofs') bytes.push(distance(length - (offsets[entry.base] ?? 0)));
    if (entry.type === 'ref') bytes.push(Buffer.from(entry.base, 'hex'));
    bytes.push(deflateSync(entry.data));
    const whole = Buffer.concat(bytes);
    parts.push(whole);
    length += whole.length;
  }
  return signed(Buffer.concat(parts));
}

/** A pack's bytes without trailer, plus the correct trailer. */
export function signed(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, sha1(bytes)]);
}

function entryHead(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

function distance(offset: number): Buffer {
  const bytes = [offset & 0x7f];
  for (let rest = offset >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (--rest & 0x7f));
  return Buffer.from(bytes);
}

export function size(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

export type Command = Buffer | { readonly from: number; readonly length: number };

/** Buffers are inserted, ranges copied from the base. Offset and length always take all bytes. */
export function delta(baseSize: number, resultSize: number, ...commands: Command[]): Buffer {
  const parts = [size(baseSize), size(resultSize)];
  for (const command of commands) {
    if (Buffer.isBuffer(command)) parts.push(Buffer.from([command.length]), command);
    else {
      const bytes = Buffer.alloc(8);
      bytes[0] = 0xff;
      bytes.writeUInt32LE(command.from, 1);
      bytes.writeUIntLE(command.length, 5, 3);
      parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

/** The delta that keeps the common start and end. */
export function deltaBetween(base: Buffer, result: Buffer): Buffer {
  let front = 0;
  while (front < base.length && front < result.length && base[front] === result[front]) front++;
  const commands: Command[] = front > 0 ? [{ from: 0, length: front }] : [];
  for (let at = front; at < result.length; at += 127) {
    commands.push(result.subarray(at, Math.min(at + 127, result.length)));
  }
  return delta(base.length, result.length, ...commands);
}

// ---- answers ----------------------------------------------------------------------------------

export function pkt(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  const head = (bytes.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(head), bytes]);
}

export const FLUSH = Buffer.from('0000');
export const DELIM = Buffer.from('0001');

export function band(number: number, data: string | Buffer): Buffer {
  return pkt(Buffer.concat([Buffer.from([number]), Buffer.from(data as string)]));
}

/** A whole `fetch` answer around a pack, in side-band packets of `chunk` bytes. */
export function fetchAnswer(packBytes: Buffer, commitOid: string, chunk = 1000): Buffer {
  const packets: Buffer[] = [];
  for (let at = 0; at < packBytes.length; at += chunk) {
    packets.push(band(1, packBytes.subarray(at, at + chunk)), band(2, `${at} bytes so far\r`));
  }
  const shallow = [pkt('shallow-info\n'), pkt(`shallow ${commitOid}`), DELIM];
  return Buffer.concat([...shallow, pkt('packfile\n'), ...packets, FLUSH]);
}

export const RESULT = 'application/x-git-upload-pack-result';
export const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';

export interface Canned {
  readonly status?: number;
  readonly type?: string;
  readonly body?: Buffer | string;
}

/** A client without network or retries; it calls `verify` as the contract says. */
export function canned(answerTo: (request: HttpRequest) => Canned): HttpClient & {
  readonly asked: HttpRequest[];
} {
  const asked: HttpRequest[] = [];
  return {
    asked,
    async request(request) {
      asked.push(request);
      const { status = 200, type = RESULT, body = '' } = answerTo(request);
      const answer: HttpAnswer = {
        kind: 'answer',
        status,
        headers: { 'content-type': type },
        body: Buffer.from(body as string),
      };
      return request.verify?.(answer) ?? answer;
    },
    traffic: noTraffic(),
    close() {},
  };
}

/** As `git ls-tree -r` prints it. */
export function listed({ mode, oid, path }: TreeEntry): string {
  return `${mode.toString(8).padStart(6, '0')} ${oid} ${path}`;
}
