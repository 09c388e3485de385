// The shown archive, from data/status.json: what a reader must know before trusting anything, and
// the targets of links. Until it is loaded there are no links.

import { signal } from '@preact/signals';
import { capital } from '../../core/documents/coverage.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { archiveMessage } from '../../core/documents/provenance.ts';
import { NOT_CHECKED, NOT_CHECKED_REPLAY } from '../../core/documents/words.ts';
import { ENTRY } from './catalogue.ts';
import { MessageBox } from './message.tsx';
import { visible } from './visible.ts';

export const archive = signal<AboutArchive | null>(null);

/** @throws Error if it is not an archive: a wrong origin would present invented data as real. */
export function readArchive(value: unknown): AboutArchive | null {
  if (value === undefined) return null;
  const { name, origin, registryUrl, mirrorUrl, exportUrl } = value as AboutArchive;
  const addresses = [registryUrl, mirrorUrl, exportUrl];
  if (typeof name !== 'string' || !['live', 'replay', 'sample'].includes(origin)) throw new Error();
  if (addresses.some((each) => each !== null && typeof each !== 'string')) throw new Error();
  return { name, origin, registryUrl, mirrorUrl, exportUrl };
}

/** `{name}'s datasets`; for an archive that is not live, `Datasets`. */
export function whoseDatasets(): string {
  return archive.value?.origin === 'live'
    ? `${visible(archive.value.name)}'s ${ENTRY}s`
    : capital(`${ENTRY}s`);
}

/** The text for a check that was not made. */
export const notChecked = (): string =>
  archive.value?.origin === 'replay' ? NOT_CHECKED_REPLAY : NOT_CHECKED;

export function ArchiveBanner() {
  return <MessageBox of={archiveMessage(archive.value)} label="Whose data this is" />;
}
