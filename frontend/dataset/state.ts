// The state of a dataset's page: which dataset, and what came of loading each of its documents.

import { type Signal, signal } from '@preact/signals';
import { type Check, checkOfFile } from '../../archives/openneuro/vocabulary.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import { type Loaded, load } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
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

/** A dataset id of any archive and a tag, as core/documents/documents.ts has them: no path escapes. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const TAG = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}$/;
/** Above it, the list is loaded when a person asks for it: 80,880 paths are 3.7 MB. */
const LOAD_UNASKED = 2_000;
/** Documents of snapshots in flight at once. */
const AT_ONCE = 6;
/** So long the page waits for all its documents, in milliseconds: what is there does not move. */
const TOGETHER = 1_000;

/** `none`: by the summary there is no document, and nothing is asked for. */
export type Waiting<T> = Loaded<T> | { readonly kind: 'waiting' | 'none' };
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
/** `unasked`: the check was not made, or a long list waits for a person to ask for it. */
export type Asked<T> = Waiting<T> | { readonly kind: 'unasked' };
export const github = signal<Asked<GithubEvidence>>(WAITING);
export const version = signal<Asked<VersionEvidence>>(WAITING);
/** Of the field that searches the differences. */
export const VIEWER_SEARCH_ID = 'search';

export const differences = signal<Asked<Differences>>(WAITING);
export const content = signal<Asked<ContentEvidence>>(WAITING);
export const access = signal<Asked<AccessEvidence>>(WAITING);
export const annexRecord = signal<Asked<RecordEvidence>>(WAITING);
/** `unasked` where the summary names no cause. */
export const causes = signal<Asked<LikelyCauses>>({ kind: 'unasked' });
export const snapshots = signal<Waiting<readonly string[]>>(WAITING);
export const metadata = signal<ReadonlyMap<string, Loaded<SnapshotFacts>>>(new Map());

export async function start(): Promise<void> {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  if (!ID.test(id)) {
    subject.value = { kind: 'no-id' };
    return;
  }
  document.title = `${id} · Mirrorwatch`;
  const names = load('names.json', namesIn).then((loaded) => {
    if (loaded.kind === 'loaded') name.value = loaded.value.get(id) ?? null;
  });
  const [found, status] = await Promise.all([findSubject(id), load('status.json', readStatus)]);
  if (found.kind !== 'unknown') {
    const row = found.kind === 'known' ? found.row : null;
    const all = Promise.all([names, loadSnapshots(id), loadEvidence(id, row)]);
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, TOGETHER))]);
  }
  takeStatus(status);
  subject.value = found;
}

export async function loadDifferences(id: string): Promise<void> {
  differences.value = WAITING;
  differences.value = await load(`datasets/${id}/s3-diff.json`, readDifferences);
}

/** Without a row it is not known which checks were made: each document is asked for. */
async function loadEvidence(id: string, row: SummaryRow | null): Promise<void> {
  const ask = async <T>(
    into: Signal<Asked<T>>,
    file: Parameters<typeof checkOfFile>[0],
    read: (document: unknown) => T,
  ): Promise<void> => {
    const check: Check = checkOfFile(file);
    if (row && row.checks[check] == null) into.value = { kind: 'unasked' };
    else if (row && !row.lastChecked?.[check]) into.value = { kind: 'none' };
    else into.value = await load(`datasets/${id}/${file}.json`, read);
  };
  const listed = (row?.s3FilesAdded ?? 0) + (row?.s3FilesRemoved ?? 0);
  const hasCauses = Boolean(row?.causes?.length);
  if (row?.notCompared) differences.value = { kind: 'none' };
  else if (listed > LOAD_UNASKED) differences.value = { kind: 'unasked' };
  if (hasCauses) causes.value = WAITING;
  await Promise.all([
    ask(github, 'github', readGithub),
    ask(version, 's3-version', readVersion),
    differences.value === WAITING && ask(differences, 's3-diff', readDifferences),
    ask(content, 's3-content', readContent),
    ask(access, 's3-access', readAccess),
    ask(annexRecord, 'annex-record', readRecord),
    hasCauses &&
      load(`datasets/${id}/causes.json`, readCauses).then((loaded) => {
        causes.value = loaded;
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

async function loadSnapshots(id: string): Promise<void> {
  const tags = await load(`datasets/${id}/snapshots.json`, readSnapshots);
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
