// A folder, as validation reads it and as bytes by path.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TreeReader } from '../../core/documents/validate.ts';

/** Calls `onRead` for each file that is read. */
export function readFolder(root: string, onRead: () => void = () => undefined): TreeReader {
  return {
    async *list() {
      for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
        if (entry.isFile())
          yield relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      }
    },
    async read(path) {
      onRead();
      return readFileSync(join(root, path), 'utf8');
    },
  };
}

/** Path below the folder → bytes, in the order of paths. */
export function filesBelow(root: string): Map<string, Buffer> {
  const places = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    places.map((place) => [relative(root, place).replaceAll(sep, '/'), readFileSync(place)]),
  );
}
