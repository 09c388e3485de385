// A folder as validation reads it.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TreeReader } from '../../core/model/validate.ts';

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
