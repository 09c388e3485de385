// The state of a dataset's page: which dataset, and what came of loading each of its documents.

import { signal } from '@preact/signals';
import { readCompact } from '../../core/model/compact-read.ts';
import type { SummaryRow } from '../../core/model/documents.ts';
import type { ContentCheck } from '../../core/model/vocabulary.ts';
import { archive } from '../shared/archive.tsx';
import { readStatus } from '../shared/banner.tsx';
import { type Loaded, load } from '../shared/load.ts';
import { namesIn } from '../shared/summary.ts';
import {
  type Differences,
  type GithubEvidence,
  readDifferences,
  readGithub,
  readMetadata,
  readSnapshots,
  readVersion,
  type SnapshotFacts,
  type VersionEvidence,
} from './documents.ts';
import {
  type AccessEvidence,
  type ContentEvidence,
  type LikelyCauses,
  type RecordEvidence,
  readAccess,
  readCauses,
  readContent,
  readRecord,
} from './inside-documents.ts';

/** A dataset id of any archive and a tag, as core/model/documents.ts has them: no path escapes. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const TAG = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}$/;
/** Above it, the list is loaded when a person asks for it: 80,880 paths are 3.7 MB. */
const LOAD_UNASKED = 2_000;
/** Documents of snapshots in flight at once. */
const AT_ONCE = 6;

export type Waiting<T> = Loaded<T> | { readonly kind: 'waiting' };
const WAITING = { kind: 'waiting' } as const;

/** What is known of the dataset as a whole. */
export type Subject =
  | { readonly kind: 'waiting' }
  /** The address has no dataset id, or something else in its place. */
  | { readonly kind: 'no-id' }
  | { readonly kind: 'unknown'; readonly id: string }
  /** The summary could not be loaded or read: the documents may still be. */
  | {
      readonly kind: 'no-summary';
      readonly id: string;
      readonly why: 'absent' | 'broken' | 'failed';
    }
  | {
      readonly kind: 'known';
      readonly id: string;
      readonly row: SummaryRow;
      readonly lastUpdated: string;
    };

export const subject = signal<Subject>(WAITING);
export const name = signal<string | null>(null);
export const github = signal<Waiting<GithubEvidence>>(WAITING);
export const version = signal<Waiting<VersionEvidence>>(WAITING);
/** `asked: false` while a long list waits for a person to ask for it. */
export const differences = signal<Waiting<Differences> | { readonly kind: 'unasked' }>(WAITING);
/** `unasked` where the check was not made. */
type Inside<T> = Waiting<T> | { readonly kind: 'unasked' };
export const content = signal<Inside<ContentEvidence>>(WAITING);
export const access = signal<Inside<AccessEvidence>>(WAITING);
export const annexRecord = signal<Inside<RecordEvidence>>(WAITING);
/** `unasked` where the summary names no cause. */
export const causes = signal<Inside<LikelyCauses>>({ kind: 'unasked' });
export const snapshots = signal<Waiting<readonly string[]>>(WAITING);
export const metadata = signal<ReadonlyMap<string, Loaded<SnapshotFacts>>>(new Map());

export async function start(): Promise<void> {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  if (!ID.test(id)) {
    subject.value = { kind: 'no-id' };
    return;
  }
  document.title = `${id} · Mirrorwatch`;
  void loadEvidence(id);
  void load('names.json', namesIn).then((names) => {
    if (names.kind === 'loaded') name.value = names.value.get(id) ?? null;
  });
  const [found, status] = await Promise.all([findSubject(id), load('status.json', readStatus)]);
  if (status.kind === 'loaded') archive.value = status.value.archive ?? null;
  subject.value = found;
  const row = subject.value.kind === 'known' ? subject.value.row : null;
  if (subject.value.kind !== 'unknown') void loadInside(id, row);
  const listed = (row?.s3FilesAdded ?? 0) + (row?.s3FilesRemoved ?? 0);
  // There is no document of a comparison that was not made.
  if (row?.notCompared) differences.value = { kind: 'absent' };
  else if (listed > LOAD_UNASKED) differences.value = { kind: 'unasked' };
  else if (subject.value.kind !== 'unknown') await loadDifferences(id);
}

export async function loadDifferences(id: string): Promise<void> {
  differences.value = WAITING;
  differences.value = await load(`datasets/${id}/s3-diff.json`, readDifferences);
}

/** Without a row it is not known which checks were made: each document is asked for. */
async function loadInside(id: string, row: SummaryRow | null): Promise<void> {
  const unless = async <T>(
    made: boolean,
    document: string,
    read: (document: unknown) => T,
  ): Promise<Inside<T>> =>
    made ? load(`datasets/${id}/${document}.json`, read) : { kind: 'unasked' };
  const isMade = (check: ContentCheck) => row === null || row.checks[check] != null;
  if (row?.causes?.length) causes.value = WAITING;
  await Promise.all([
    unless(Boolean(row?.causes?.length), 'causes', readCauses).then((loaded) => {
      causes.value = loaded;
    }),
    unless(isMade('s3Content'), 's3-content', readContent).then((loaded) => {
      content.value = loaded;
    }),
    unless(isMade('s3Access'), 's3-access', readAccess).then((loaded) => {
      access.value = loaded;
    }),
    unless(isMade('annexRecord'), 'annex-record', readRecord).then((loaded) => {
      annexRecord.value = loaded;
    }),
  ]);
}

async function findSubject(id: string): Promise<Subject> {
  const first = await load('summary.json', readCompact);
  if (first.kind !== 'loaded') return { kind: 'no-summary', id, why: first.kind };
  const { lastUpdated, more } = first.value;
  let part = first.value;
  for (const name of ['', ...more]) {
    if (name !== '') {
      const loaded = await load(name, readCompact);
      if (loaded.kind !== 'loaded') return { kind: 'no-summary', id, why: loaded.kind };
      part = loaded.value;
    }
    const place = part.columns.id.indexOf(id);
    if (place >= 0) return { kind: 'known', id, row: part.row(place), lastUpdated };
  }
  return { kind: 'unknown', id };
}

async function loadEvidence(id: string): Promise<void> {
  const [, , tags] = await Promise.all([
    load(`datasets/${id}/github.json`, readGithub).then((loaded) => {
      github.value = loaded;
    }),
    load(`datasets/${id}/s3-version.json`, readVersion).then((loaded) => {
      version.value = loaded;
    }),
    load(`datasets/${id}/snapshots.json`, readSnapshots),
  ]);
  snapshots.value = tags;
  if (tags.kind === 'loaded')
    await loadMetadata(
      id,
      tags.value.filter((tag) => TAG.test(tag)),
    );
}

async function loadMetadata(id: string, tags: readonly string[]): Promise<void> {
  const left = [...tags].reverse();
  const known = new Map(metadata.value);
  const work = async (): Promise<void> => {
    for (let tag = left.shift(); tag !== undefined; tag = left.shift()) {
      known.set(tag, await load(`datasets/${id}/snapshots/${tag}/metadata.json`, readMetadata));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  metadata.value = known;
}
