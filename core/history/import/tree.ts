// The documents of a recorded tree, as they were at one commit after the other. A document is read
// and parsed when it is first asked for, and again only when it has changed.

import type { Archive } from '../../monitor/archive.ts';
import { type Store, StoredDocumentError } from '../../monitor/store.ts';
import { storedDocuments } from '../../monitor/stored-document.ts';
import type { Recorded, RecordedCommit, RecordedRepository } from './recorded.ts';

export interface RecordedTree {
  /** Goes on to a commit. @returns the datasets of which any document changed */
  goTo(commit: RecordedCommit): ReadonlySet<string>;
  readonly readDocument: Store['readDocument'];
  /** The document as it was recorded; undefined if there is none. */
  readBytes(path: string): Promise<Buffer | undefined>;
}

interface Known {
  readonly blob: string;
  decoded?: Promise<Decoded>;
}
/** An error would keep all that it was thrown in. */
type Decoded = { readonly value: unknown } | { readonly fault: string };

export function recordedTree(
  archive: Archive,
  { folder }: Recorded,
  { readBlob }: Pick<RecordedRepository, 'readBlob'>,
): RecordedTree {
  const { decode } = storedDocuments(archive);
  const decoded = (path: string, bytes: Buffer): Decoded => {
    try {
      return { value: decode(path, bytes) };
    } catch (error) {
      if (!(error instanceof StoredDocumentError)) throw error;
      return { fault: error.message.slice(`${path}: `.length) };
    }
  };
  const files = new Map<string, Known>();
  const readBytes = async (path: string) => {
    const known = files.get(path);
    return known && (await readBlob(known.blob));
  };
  return {
    goTo({ changes }) {
      const changed = new Set<string>();
      for (const [full, blob] of changes()) {
        if (!full.startsWith(folder)) continue;
        const path = full.slice(folder.length);
        if (blob === null) files.delete(path);
        else files.set(path, { blob });
        const [, id] = DATASET.exec(path) ?? [];
        if (id !== undefined) changed.add(id);
      }
      return changed;
    },
    async readDocument(path) {
      const known = files.get(path);
      if (known === undefined) return undefined;
      known.decoded ??= readBlob(known.blob).then((bytes) => decoded(path, bytes));
      const found = await known.decoded;
      if ('fault' in found) throw new StoredDocumentError(path, found.fault);
      return found.value;
    },
    readBytes,
  };
}

const DATASET = /^datasets\/([^/]+)\//;
