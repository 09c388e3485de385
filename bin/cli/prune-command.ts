// `mirrorwatch prune`: removes the documents and records of withdrawn datasets from a folder, as each
// run that publishes does.

import { join } from 'node:path';
import { ARCHIVES } from '../../archives/index.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { counted } from '../../core/documents/format.ts';
import { folderOf, REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { readPublished } from '../../core/monitor/published-summary.ts';
import { StoredDocumentError } from '../../core/monitor/store.ts';
import { pruneWithdrawn } from '../../core/monitor/withdrawn.ts';
import { Problem } from '../../core/problem.ts';
import { openFolderStore } from '../folder-store.ts';
import { dryRunStore } from '../store/dry-run.ts';
import { createConsole } from './console.ts';
import { plain } from './format.ts';
import type { PruneOptions } from './options.ts';
import { archiveOf, othersIn, refuseUnlessTree } from './validate-command.ts';

/**
 * @returns 0, also when there was nothing to remove
 * @throws Problem if the folder holds no registry document that can be read
 */
export async function pruneCommand(
  { out, dryRun }: PruneOptions,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  await refuseUnlessTree(out);
  const archive = await archiveOf(out, archives);
  await pruneTree(out, dryRun, archive);
  const others = archive.isAtRoot ? await othersIn(out, archives) : [];
  for (const other of others) await pruneTree(join(out, folderOf(other)), dryRun, other);
  return 0;
}

async function pruneTree(out: string, dryRun: boolean, archive: Archive): Promise<void> {
  const folder = await openFolderStore(out, { archive, lock: !dryRun });
  const store = dryRun ? dryRunStore(folder, archive) : folder;
  const say = (line: string) => process.stdout.write(`${plain(line)}\n`);
  try {
    const registry = await readRegistry(out, () => store.readDocument(REGISTRY_PATH));
    const { log } = createConsole({
      stream: process.stderr,
      now: () => new Date(),
      json: false,
      verbose: false,
    });
    const published = await readPublished({ archive, store, log });
    const shown = new Set(published?.rows.map(({ id }) => id));
    const recorded = new Set<string>();
    for await (const { dataset } of store.listRecords()) recorded.add(dataset);

    for (const { id } of registry.withdrawn ?? []) {
      if (shown.has(id)) say(`${id}: kept, because the published summary still shows it`);
    }
    const pruned = await pruneWithdrawn(store, registry, recorded, shown);
    for (const { dataset, documents, records } of pruned) {
      const what = `${counted(documents.length, 'document')} and ${counted(records, 'record')}`;
      say(`${dataset}: ${what} ${dryRun ? 'would be removed' : 'removed'}`);
    }
    if (pruned.length === 0) say(`${out}: there is nothing to remove`);
  } finally {
    await folder.close();
  }
}

async function readRegistry(out: string, read: () => Promise<unknown>): Promise<Registry> {
  let found: unknown;
  try {
    found = await read();
  } catch (cause) {
    if (!(cause instanceof StoredDocumentError)) throw cause;
    const message = `${cause.message}; nothing was removed. The next run writes it again`;
    throw new Problem(message, { cause });
  }
  if (found !== undefined) return found as Registry;
  throw new Problem(`${out} holds no ${REGISTRY_PATH}; give the folder of a run's results`);
}
