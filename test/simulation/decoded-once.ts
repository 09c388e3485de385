// A store whose documents are decoded once for the same bytes: a month of runs reads what seldom changes
// many thousand times. What it gives out is frozen, so nobody can change it for the next one.

import type { Store } from '../../core/store.ts';

/** By the very bytes as they are kept: whoever writes makes others. */
const decoded = new WeakMap<Buffer, unknown>();

/** @param bytesAt those that the store reads there, as long as whoever holds it is alive */
export function decodedOnce<S extends Store>(
  store: S,
  bytesAt: (path: string) => Buffer | undefined,
): S {
  return {
    ...store,
    async readDocument(path) {
      const bytes = bytesAt(path);
      const known = bytes && decoded.get(bytes);
      if (known !== undefined) return known;
      const document = await store.readDocument(path);
      // Another may have written meanwhile.
      if (bytes !== undefined && bytes === bytesAt(path)) decoded.set(bytes, frozen(document));
      return document;
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
