// The archives to choose from: those that have published here. With one there is nothing to choose.

import { signal } from '@preact/signals';
import type { ListedArchive } from '../../core/documents/documents.ts';
import { ARCHIVES_PATH } from '../../core/documents/paths.ts';
import { NAMES } from './archive-names.ts';
import { archiveAddress, chosen, RESULTS } from './catalogue.ts';
import { load } from './load.ts';
import { visible } from './visible.ts';

/** Id → name. */
const published = signal<ReadonlyMap<string, string>>(new Map());

function readArchives(document: unknown): Map<string, string> {
  const { archives } = document as { readonly archives: readonly ListedArchive[] };
  return new Map(archives.map(({ id, name }) => [id, String(name)]));
}

export async function loadArchives(): Promise<void> {
  const loaded = await load(ARCHIVES_PATH, readArchives, RESULTS);
  if (loaded.kind === 'loaded') published.value = loaded.value;
}

export function ArchiveChoice() {
  const names = published.value;
  const offered = Object.keys(NAMES).filter((id) => id === chosen.id || names.has(id));
  if (offered.length < 2) return null;
  return (
    <nav class="archives" aria-label="Archives">
      {offered.map((id) => (
        <a
          key={id}
          href={archiveAddress({ id })}
          aria-current={id === chosen.id ? 'true' : undefined}
        >
          {visible(names.get(id) ?? NAMES[id] ?? '')}
        </a>
      ))}
    </nav>
  );
}
