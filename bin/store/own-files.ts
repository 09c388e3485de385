// The folder store's files as read: a file of our own that is unreadable is reported and counts as
// absent, so that the next run writes it again.

import { join } from 'node:path';
import type * as z from 'zod';
import { StoredDocumentError } from '../../core/monitor/store.ts';
import { parseStored } from '../../core/monitor/stored-document.ts';
import { fileProblem } from '../problem.ts';
import { isTemporary } from './atomic.ts';
import type { Files } from './files.ts';

/** Paths are below the root of the store. */
export interface OwnFiles {
  /** Undefined if there is no such file. @throws Problem if it cannot be read */
  read(path: string): Promise<Buffer | undefined>;
  /** The same for one of our own small files, parsed by its schema. */
  readOwn<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T> | undefined>;
  unlessUnreadable<T>(parse: () => T): T | undefined;
  /** Names in a folder, without those of half-done writes. */
  names(path: string): Promise<string[]>;
}

export function ownFiles(
  folder: string,
  files: Files,
  onUnreadable: (error: StoredDocumentError) => void,
): OwnFiles {
  async function read(path: string): Promise<Buffer | undefined> {
    try {
      return await files.read(join(folder, path));
    } catch (error) {
      throw fileProblem('read', join(folder, path), error);
    }
  }

  function unlessUnreadable<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof StoredDocumentError)) throw error;
      onUnreadable(error);
      return undefined;
    }
  }

  return {
    read,
    unlessUnreadable,

    async readOwn(path, schema) {
      const bytes = await read(path);
      return bytes && unlessUnreadable(() => parseStored(path, schema, bytes));
    },

    async names(path) {
      const entries = await files.list(join(folder, path));
      return entries.map(({ name }) => name).filter((name) => !isTemporary(name));
    },
  };
}
