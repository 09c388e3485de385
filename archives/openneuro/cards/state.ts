// What OpenNeuro's cards show: the result of loading each document of a dataset.

import { type Signal, signal } from '@preact/signals';
import type { Row } from '../../../core/documents/rows.ts';
import { type Asked, askFor, WAITING, type Waiting } from '../../../frontend/dataset/state.ts';
import { leadsToLists } from '../../../frontend/dataset/viewer-address.ts';
import { listed } from '../../../frontend/dataset/viewer-lists.ts';
import { load } from '../../../frontend/shared/load.ts';
import type { Check } from '../vocabulary.ts';
import {
  ACCESS,
  type AccessEvidence,
  type ContentEvidence,
  type RecordEvidence,
  readAccess,
  readContent,
  readRecord,
} from './content-documents.ts';
import {
  type Differences,
  type GithubEvidence,
  readDifferences,
  readGithub,
  readSnapshots,
  readVersion,
  type SnapshotFacts,
  type VersionEvidence,
} from './documents.ts';

/** Longer lists are loaded only when a person or the address asks: 80,880 paths are 3.7 MB. */
const LOAD_UNASKED = 2_000;

export const github = signal<Asked<GithubEvidence>>(WAITING);
export const version = signal<Asked<VersionEvidence>>(WAITING);
export const differences = signal<Asked<Differences>>(WAITING);
export const content = signal<Asked<ContentEvidence>>(WAITING);
export const access = signal<Asked<AccessEvidence>>(WAITING);
export const annexRecord = signal<Asked<RecordEvidence>>(WAITING);
export const snapshots = signal<Waiting<readonly SnapshotFacts[]>>(WAITING);

const COMPARING: Readonly<
  Record<string, Signal<Asked<{ readonly notCompared: string | null | undefined }>>>
> = { s3Files: differences, s3Content: content, [ACCESS]: access, annexRecord };

export function reasonOf(check: string): string | null {
  const document = COMPARING[check]?.value;
  return document?.kind === 'loaded' ? (document.value.notCompared ?? null) : null;
}

export const loadAll = (id: string, row: Row | null): Promise<unknown> =>
  Promise.all([loadSnapshots(id), loadEvidence(id, row)]);

/** How many differences the row counts. */
export function differing(row: Row | null): number {
  const { added = 0, removed = 0 } = row?.checks.s3Files?.numbers ?? {};
  return added + removed;
}

export async function loadDifferences(id: string): Promise<void> {
  differences.value = WAITING;
  take(await load(`datasets/${id}/s3-diff.json`, readDifferences));
}

function take(loaded: Asked<Differences>): void {
  if (loaded.kind === 'loaded') listed.value = loaded.value;
  differences.value = loaded;
}

async function loadEvidence(id: string, row: Row | null): Promise<void> {
  const ask = async <T>(
    into: Signal<Asked<T>>,
    check: Check,
    read: (document: unknown) => T,
  ): Promise<void> => {
    into.value = await askFor(check, id, row, read);
  };
  if (row?.checks.s3Files?.notCompared) differences.value = { kind: 'none' };
  else if (differing(row) > LOAD_UNASKED && !leadsToLists) differences.value = { kind: 'unasked' };
  await Promise.all([
    ask(github, 'github', readGithub),
    ask(version, 's3Version', readVersion),
    differences.value === WAITING && askFor('s3Files', id, row, readDifferences).then(take),
    ask(content, 's3Content', readContent),
    ask(access, ACCESS, readAccess),
    ask(annexRecord, 'annexRecord', readRecord),
  ]);
}

async function loadSnapshots(id: string): Promise<void> {
  snapshots.value = await load(`datasets/${id}/snapshots.json`, readSnapshots);
}
