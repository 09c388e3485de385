// Documents as objects of the bucket: the same operations, with large documents compressed.

import { atRest, fromRest } from '../../core/documents/at-rest.ts';
import { etagOf, type Objects } from './objects.ts';

export type DocumentObjects = Pick<Objects, 'read' | 'readUnless' | 'replace'>;

export function openDocuments(objects: Objects): DocumentObjects {
  return {
    async read(key) {
      const found = await objects.read(key);
      return found && { ...found, bytes: fromRest(found.bytes) };
    },

    async readUnless(key, bytes, etag) {
      const found = await objects.readUnless(key, atRest(bytes).bytes, etag);
      if (typeof found !== 'object') return found;
      const there = fromRest(found.bytes);
      // Another machine may compress the same bytes to others.
      return there.equals(bytes) ? 'same' : { ...found, bytes: there };
    },

    replace(key, before, bytes, headers) {
      const stored = atRest(bytes);
      const contentEncoding = stored.encoding;
      return objects.replace(key, before, stored.bytes, {
        ...headers,
        ...(contentEncoding && { contentEncoding }),
      });
    },
  };
}

/** The etag that a listing shows for a document with these bytes. */
export const documentEtag = (bytes: Buffer): string => etagOf(atRest(bytes).bytes);
