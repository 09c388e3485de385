// The registry's datasets as the monitor's entries, and what is kept of each: its snapshots and
// their metadata.

import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { seen } from '../../core/failure.ts';
import type { Entry, EntrySource } from '../../core/monitor/entries.ts';
import type { Metadata, Snapshots } from './documents.ts';
import { metadataPath, snapshotsPath } from './paths.ts';
import type { Context, RegistryDataset, RegistrySnapshot } from './sources.ts';
import { UNKNOWN_HEXSHA } from './vocabulary.ts';

interface Dataset extends Entry {
  /** In order of creation. */
  readonly snapshots: readonly RegistrySnapshot[];
}

export function entriesOf(context: Context): EntrySource<Dataset> {
  const { registry, store } = context;

  const writeTags = async ({ id, snapshots }: Dataset, tags: string[]): Promise<void> => {
    const document: Snapshots = {
      schemaVersion: SCHEMA_VERSION,
      tags,
      snapshots: snapshots.map(({ tag, created, hexsha }) => ({ tag, created, hexsha })),
    };
    await store.writeDocument(snapshotsPath(id), document);
  };

  return {
    async *pages(signal, after) {
      for await (const page of registry.pages(signal, after)) {
        if (page.kind === 'failed') yield page;
        else {
          const { datasets, ...rest } = page.value;
          yield seen({ ...rest, entries: datasets.map(asEntry) });
        }
      }
    },

    ask: (ids, signal) => registry.askDatasets(ids, signal),

    /**
     * Writes metadata first, then the list that names it: a crash in between leaves no tag without
     * metadata. While the old registry document stands, its latest tag stays in the list.
     */
    async keep(dataset, listed) {
      const { id, snapshots } = dataset;
      for (const { tag, hexsha, created } of snapshots) {
        const metadata: Metadata = {
          schemaVersion: SCHEMA_VERSION,
          hexsha: hexsha ?? UNKNOWN_HEXSHA,
          created,
        };
        await store.writeDocument(metadataPath(id, tag), metadata);
      }
      const tags = snapshots.map(({ tag }) => tag);
      await writeTags(dataset, listed != null && !tags.includes(listed) ? [listed, ...tags] : tags);
    },

    async kept(dataset, listed) {
      const tags = dataset.snapshots.map(({ tag }) => tag);
      if (listed != null && !tags.includes(listed)) await writeTags(dataset, tags);
    },
  };
}

export function asEntry(dataset: RegistryDataset): Dataset {
  const { latestSnapshot, ...rest } = dataset;
  const created = dataset.snapshots.map((snapshot) => Date.parse(snapshot.created ?? ''));
  const first = Math.min(...created.filter((at) => !Number.isNaN(at)));
  const versionDate = dataset.snapshots.find(({ tag }) => tag === latestSnapshot)?.created;
  return {
    ...rest,
    version: latestSnapshot,
    skipped: latestSnapshot === null ? 'no-snapshots' : null,
    ...(Number.isFinite(first) && { created: new Date(first).toISOString() }),
    ...(versionDate != null && { versionDate }),
  };
}
