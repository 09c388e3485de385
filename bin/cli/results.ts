// The published results in a folder, for commands that only read them.

import { join } from 'node:path';
import { type Catalogue, catalogueOf } from '../../core/documents/catalogue.ts';
import type { AboutArchive, RunStatus } from '../../core/documents/documents.ts';
import type { LikelyCause } from '../../core/documents/likely-causes.ts';
import { causesPath, folderOf, STATUS_PATH } from '../../core/documents/paths.ts';
import type { Row } from '../../core/documents/rows.ts';
import { runMessage } from '../../core/documents/sentences.ts';
import { documentsOf } from '../../core/documents/tree.ts';
import type { HistoryIndex } from '../../core/history/documents.ts';
import { INDEX_PATH } from '../../core/history/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { readPublished, readPublishedSummary } from '../../core/monitor/published-summary.ts';
import { type Store, StoredDocumentError } from '../../core/monitor/store.ts';
import { Problem } from '../../core/problem.ts';
import { openFolderStore } from '../folder-store.ts';
import { chosenFrom } from './options.ts';
import { shellWord } from './own-command.ts';
import type { ResultsOptions } from './reading-commands.ts';
import { archiveOf, refuseUnlessTree } from './validate-command.ts';

export interface Results {
  readonly archive: Archive;
  readonly catalogue: Catalogue;
  /** Null if there is none. @throws Problem if it is damaged */
  read<T>(path: string): Promise<T | null>;
  /** As published; when, and what a reader must know before trusting it. */
  readRows(): Promise<{
    readonly rowOf: (id: string) => Row | undefined;
    readonly ids: Iterable<string>;
    readonly lastUpdated: string;
    /** The archive that they are of; null if they do not say. */
    readonly about: AboutArchive | null;
    readonly notes: readonly string[];
  }>;
  /** When the history begins; null if there is none. */
  readFirstRun(): Promise<string | null>;
  /** Likely causes in a dataset; empty if none were looked for. */
  readCauses(id: string): Promise<readonly LikelyCause[]>;
}

/** @throws Problem if the folder holds no results */
export async function openResults(
  { out, archive: id }: ResultsOptions,
  archives: readonly Archive[],
): Promise<Results> {
  await refuseUnlessTree(out);
  const here = await archiveOf(out, archives);
  const archive = id === undefined ? here : chosenFrom(archives, id);
  const folder = archive === here ? out : join(out, folderOf(archive));
  const store = strictly(await openFolderStore(folder, { archive, lock: false }), out);
  const context = { archive, store, log: () => {} };
  const read = async <T>(path: string) =>
    ((await store.readDocument(path)) as T | undefined) ?? null;
  return {
    archive,
    catalogue: catalogueOf(archive),
    read,
    async readRows() {
      const published = await readPublished(context);
      const summary = await readPublishedSummary(context);
      if (published === null || summary === null) {
        throw new Problem(
          `${out} holds no published results of ${archive.words.title}; a run makes them`,
        );
      }
      const full = new Map(summary.datasets.map((row) => [row.id, row]));
      const { lastUpdated } = published;
      const status = await read<RunStatus>(STATUS_PATH);
      const message = runMessage(status, lastUpdated, Date.now());
      return {
        rowOf(one) {
          const row = published.summary.rowOf(one);
          return row && withSince(row, full.get(one));
        },
        ids: full.keys(),
        lastUpdated,
        about: status?.archive ?? null,
        notes: message === null ? [] : [message.title, ...message.why],
      };
    },
    readFirstRun: async () => (await read<HistoryIndex>(INDEX_PATH))?.firstRun ?? null,
    async readCauses(id) {
      const path = causesPath(id);
      if (documentsOf(archive).placeOf(path) === undefined) return [];
      return (await read<{ readonly causes: readonly LikelyCause[] }>(path))?.causes ?? [];
    },
  };
}

/** The compact summary has all numbers; all-datasets.json has the name, and the times of changes. */
function withSince(row: Row, full: Row | undefined): Row {
  const checks = Object.entries(row.checks).map(([id, own]) => [
    id,
    { ...own, since: full?.checks[id]?.since ?? null },
  ]);
  const { name = null, since = row.since } = full ?? {};
  return { ...row, name, since, checks: Object.fromEntries(checks) };
}

/** Nothing is measured again here, so a damaged document is reported. */
function strictly(store: Store, out: string): Store {
  return {
    ...store,
    async readDocument(path) {
      try {
        return await store.readDocument(path);
      } catch (cause) {
        if (!(cause instanceof StoredDocumentError)) throw cause;
        const all = `mirrorwatch validate ${shellWord(out)}`;
        throw new Problem(`${cause.message}; ${all} finds all that is wrong`, { cause });
      }
    },
  };
}
