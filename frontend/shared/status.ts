// data/status.json: how the last run ended, and whose data it is.

import { signal } from '@preact/signals';
import type { RunStatus } from '../../core/documents/documents.ts';
import { archive, readArchive } from './archive.tsx';
import type { Loaded } from './load.ts';

export function readStatus(document: unknown): RunStatus {
  const status = document as RunStatus;
  const { outcome, finishedAt, why } = status.lastRun;
  if (!['published', 'held', 'failed'].includes(outcome) || !Array.isArray(why)) throw new Error();
  const instants = [finishedAt, status.registry?.readAt ?? finishedAt];
  if (instants.some((at) => Number.isNaN(Date.parse(at)))) throw new Error();
  // Without knowing whose data it is, the whole report is unusable.
  readArchive(status.archive);
  return status;
}

export const runStatus = signal<Loaded<RunStatus>>({ kind: 'absent' });
export const report = (): RunStatus | null =>
  runStatus.value.kind === 'loaded' ? runStatus.value.value : null;

/** Stores the report of the last run, with the archive in it. */
export function takeStatus(status: Loaded<RunStatus>): void {
  runStatus.value = status;
  if (status.kind === 'loaded') archive.value = status.value.archive ?? null;
}
