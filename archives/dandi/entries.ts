// The registry's dandisets as the monitor's entries, and what is kept of each.

import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { type Failed, type Seen, seen } from '../../core/failure.ts';
import type { Entry, EntrySource, EntryState } from '../../core/monitor/entries.ts';
import { type DandisetDocument, dandisetPath } from './documents.ts';
import type { Context } from './sources/index.ts';
import type { Dandiset } from './sources/registry-answers.ts';

interface Listed extends Entry {
  readonly dandiset: Dandiset;
}

export function entriesOf({ registry, store }: Context): EntrySource<Listed> {
  return {
    async *pages(signal, after) {
      for await (const page of registry.list(signal, after === undefined ? 1 : Number(after))) {
        if (page.kind === 'failed') yield page;
        else {
          const { dandisets, broken, count, next } = page.value;
          const entries = dandisets.map(entryOf);
          yield seen({ entries, broken, count, notes: [], next: next === null ? null : `${next}` });
        }
      }
    },

    async ask(ids, signal): Promise<Seen<ReadonlyMap<string, EntryState>> | Failed> {
      const states = new Map<string, EntryState>();
      for (const id of ids) {
        const answer = await registry.dandiset(id, signal);
        if (answer.kind === 'failed') return answer;
        states.set(id, STATES[answer.kind]);
      }
      return seen(states);
    },

    async keep({ id, dandiset }) {
      const { embargo, created, recordModified, draft, published } = dandiset;
      const open = { created, recordModified, draftModified: draft.modified, published };
      const document: DandisetDocument = {
        schemaVersion: SCHEMA_VERSION,
        embargo,
        open: embargo === 'OPEN' ? open : null,
      };
      await store.writeDocument(dandisetPath(id), document);
    },
  };
}

/** Published versions cannot be deleted by owners; what became of a dandiset is asked for. */
const STATES = { seen: 'public', denied: 'not-public', absent: 'deleted' } as const;

/** Of an embargoed dandiset nothing but its id is published. */
function entryOf(dandiset: Dandiset): Listed {
  const { id, embargo, name, created, published } = dandiset;
  const isOpen = embargo === 'OPEN';
  return {
    id,
    name: isOpen ? name : null,
    version: isOpen ? (published?.version ?? null) : null,
    skipped: null,
    ...(isOpen && { created: inMillis(created) }),
    ...(isOpen && published && { versionDate: inMillis(published.created) }),
    dandiset,
  };
}

/** The monitor's own documents have milliseconds. */
const inMillis = (time: string): string => new Date(time).toISOString();
