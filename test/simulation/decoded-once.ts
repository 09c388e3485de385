// A store that decodes the same bytes once: a month of runs makes many thousand reads of data that
// seldom changes. Its values are frozen, so no reader can change them for the next one.

import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../../core/monitor/store.ts';

/** Stands for the stored bytes: every write puts another object there. */
export interface Kept {
  document(path: string): object | undefined;
}

const documents = new WeakMap<object, unknown>();

/** @param kept returns undefined once the store's owner is dead: then the store itself is read */
export function decodedOnce<S extends Store>(store: S, kept: Kept): S {
  return {
    ...store,
    async readDocument(path) {
      const there = kept.document(path);
      const known = there && documents.get(there);
      if (known !== undefined) return known;
      const document = await store.readDocument(path);
      // Another may have written meanwhile.
      if (there !== undefined && there === kept.document(path)) {
        documents.set(there, frozen(document));
      }
      return document;
    },
    async writeDocument(path, document) {
      const there = kept.document(path);
      const known = there && documents.get(there);
      // The same text, which no store would write again.
      if (known !== undefined && isDeepStrictEqual(known, document)) return 'unchanged';
      return store.writeDocument(path, document);
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
