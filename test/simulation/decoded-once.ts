// A store that decodes the same bytes once: a month of runs makes many thousand reads of data that
// seldom changes. No reader may change a value for the next one. In some stories the values are
// frozen, so one that tries fails there; frozen values are slower.

import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../../core/monitor/store.ts';

/** The stored bytes: every write puts another buffer there. */
export interface Kept {
  document(path: string): Buffer | undefined;
  readonly isFrozen: boolean;
}

/** What a store gave. */
const documents = new WeakMap<Buffer, unknown>();
/** Written by a store, which had checked what is in them. */
const checked = new WeakSet<Buffer>();
const parsed = new WeakMap<Buffer, unknown>();

/** @throws SyntaxError if the bytes are not JSON */
export function parsedOnce(bytes: Buffer): unknown {
  let value = parsed.get(bytes);
  if (value === undefined) {
    value = JSON.parse(bytes.toString());
    parsed.set(bytes, value);
  }
  return value;
}

function known(bytes: Buffer, keep: (value: unknown) => unknown): unknown {
  if (checked.delete(bytes)) documents.set(bytes, keep(parsedOnce(bytes)));
  return documents.get(bytes);
}

/** @param kept returns undefined once the store's owner is dead: then the store itself is read */
export function decodedOnce<S extends Store>(store: S, kept: Kept): S {
  const keep = kept.isFrozen ? frozen : (value: unknown) => value;
  return {
    ...store,
    async readDocument(path) {
      const there = kept.document(path);
      if (there === undefined) return store.readDocument(path);
      const before = known(there, keep);
      if (before !== undefined) return before;
      const document = await store.readDocument(path);
      // Another may have written meanwhile.
      if (there === kept.document(path)) documents.set(there, keep(document));
      return document;
    },
    async writeDocument(path, document) {
      const there = kept.document(path);
      const before = there && known(there, keep);
      // The same text, which no store would write again.
      if (before !== undefined && isDeepStrictEqual(before, document)) return 'unchanged';
      const outcome = await store.writeDocument(path, document);
      const written = kept.document(path);
      if (outcome === 'written' && written !== undefined) checked.add(written);
      return outcome;
    },
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
