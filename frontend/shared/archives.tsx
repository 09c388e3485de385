// The archives to choose from: those that have published here. With one there is nothing to choose.

import { signal } from '@preact/signals';
import type { ListedArchive } from '../../core/documents/documents.ts';
import { ARCHIVES_PATH } from '../../core/documents/paths.ts';
import { archiveAddress, chosen, RESULTS } from './catalogue.ts';
import { load } from './load.ts';
import { visible } from './visible.ts';

const published = signal<readonly ListedArchive[]>([]);

export async function loadArchives(): Promise<void> {
  const loaded = await load(ARCHIVES_PATH, readArchives, RESULTS);
  if (loaded.kind === 'loaded') published.value = loaded.value;
}

const readArchives = (document: unknown): readonly ListedArchive[] =>
  Array.from((document as { readonly archives: readonly ListedArchive[] }).archives);

export function ArchiveChoice() {
  if (published.value.every(({ id }) => id === chosen.id)) return null;
  return (
    <nav class="archives" aria-label="Archives">
      {published.value.map(({ id, name }) => (
        <a
          key={id}
          href={archiveAddress({ id })}
          aria-current={id === chosen.id ? 'true' : undefined}
        >
          {visible(String(name))}
        </a>
      ))}
    </nav>
  );
}
