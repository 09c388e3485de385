// The bucket's objects outside of JavaScript's memory, so that what a function holds is its own, and
// every answer is bytes of their own as from a network.

import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly length: number;
}

export interface Bucket {
  put(key: string, bytes: Uint8Array): string;
  find(key: string): StoredObject | undefined;
  read(key: string): Buffer;
  /** In byte order, after a key. */
  list(prefix: string, after: string, most: number): StoredObject[];
}

export function openBucket(): Bucket {
  const database = new DatabaseSync(':memory:');
  database.exec(
    'CREATE TABLE objects (key TEXT PRIMARY KEY, etag TEXT, length INTEGER, bytes BLOB);' +
      // A transaction for each object would take a hundred times as long.
      'PRAGMA journal_mode = OFF; BEGIN',
  );
  const put = database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)');
  const find = database.prepare('SELECT key, etag, length FROM objects WHERE key = ?');
  const read = database.prepare('SELECT bytes FROM objects WHERE key = ?');
  const list = database.prepare(
    'SELECT key, etag, length FROM objects WHERE key > ? AND key < ? ORDER BY key LIMIT ?',
  );
  return {
    put(key, bytes) {
      const etag = `"${hash('md5', bytes)}"`;
      put.run(key, etag, bytes.length, bytes);
      return etag;
    },
    find: (key) => find.get(key) as StoredObject | undefined,
    read(key) {
      const { bytes } = read.get(key) as { bytes: Uint8Array<ArrayBuffer> };
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    list: (prefix, after, most) =>
      list.all(
        after > prefix ? after : prefix,
        `${prefix}\u{10ffff}`,
        most,
      ) as unknown as StoredObject[],
  };
}
