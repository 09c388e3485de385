// The state of a dataset's page: the dataset, and the results of loading its documents. An
// archive's cards load their own data.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Details } from '../../core/documents/catalogue.ts';
import type { LikelyCause } from '../../core/documents/likely-causes.ts';
import type { Row } from '../../core/documents/rows.ts';
import { loadArchives } from '../shared/archives.tsx';
import { catalogue, chosen } from '../shared/catalogue.ts';
import { type Loaded, load } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
import { namesIn, readPart } from '../shared/summary.ts';
import { DETAILS } from './details.ts';
import { type PlainEvidence, readCauses, readEvidence, withdrawnIn } from './documents.ts';

/** A dataset id of any archive, as in core/ids.ts: no path escapes. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** Maximum wait for all documents, in milliseconds, so that shown content does not move. */
const TOGETHER = 1_000;

/** `none`: the summary says that there is no document, so nothing is requested. */
export type Waiting<T> = Loaded<T> | { readonly kind: 'waiting' | 'none' };
export const WAITING = { kind: 'waiting' } as const;

/** What is known of the dataset as a whole. */
export type Subject =
  | { readonly kind: 'waiting' }
  /** The address has no dataset id, or an invalid one. */
  | { readonly kind: 'no-id' }
  | { readonly kind: 'unknown'; readonly id: string }
  /** The registry no longer has it, and nothing else is kept. */
  | { readonly kind: 'withdrawn'; readonly id: string; readonly since: string }
  /** The summary could not be loaded or read; the documents may still be. */
  | {
      readonly kind: 'no-summary';
      readonly id: string;
      readonly why: 'absent' | 'broken' | 'failed';
    }
  | {
      readonly kind: 'known';
      readonly id: string;
      readonly row: Row;
      readonly lastUpdated: string;
      /** False for a summary that is older than the history. */
      readonly hasHistory: boolean;
    };

/** The history of the dataset; null until it is loaded. */
export const historyPart = signal<FunctionComponent | null>(null);
export const subject = signal<Subject>(WAITING);
export const name = signal<string | null>(null);
/** `unasked`: the check was not made, or a long list waits until a person requests it. */
export type Asked<T> = Waiting<T> | { readonly kind: 'unasked' };
/** Id of the field that searches the differences. */
export const VIEWER_SEARCH_ID = 'search';

/** What the archive says about a single dataset. */
export const details = DETAILS[chosen.id] as Details;

/** For checks without a card of the archive's own. */
export const evidence = signal<ReadonlyMap<string, Asked<PlainEvidence>>>(new Map());
/** `unasked` if the summary names no cause. */
export const causes = signal<Asked<readonly LikelyCause[]>>({ kind: 'unasked' });

/**
 * @param own checks whose cards load their own data
 * @param loadOwn loads that data
 */
export async function start(
  own: ReadonlySet<string>,
  loadOwn: (id: string, row: Row | null) => Promise<unknown>,
): Promise<void> {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  if (!ID.test(id)) {
    subject.value = { kind: 'no-id' };
    return;
  }
  document.title = `${id} · Mirrorwatch`;
  const names = load('names.json', namesIn).then((loaded) => {
    if (loaded.kind === 'loaded') name.value = loaded.value.get(id) ?? null;
  });
  const [found, status] = await Promise.all([
    findSubject(id),
    load('status.json', readStatus),
    loadArchives(),
  ]);
  if (found.kind === 'withdrawn') void loadHistory('loadWithdrawn', id);
  if (found.kind === 'known' || found.kind === 'no-summary') {
    const row = found.kind === 'known' ? found.row : null;
    const all = Promise.all([
      names,
      loadOwn(id, row),
      loadCauses(id, row),
      loadEvidence(id, row, own),
      found.kind === 'known' && found.hasHistory && loadHistory('loadPart', id),
    ]);
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, TOGETHER))]);
  }
  takeStatus(status);
  subject.value = found;
}

async function loadHistory(how: 'loadPart' | 'loadWithdrawn', id: string): Promise<void> {
  const history = await import('../history/dataset-part.tsx');
  historyPart.value = await history[how](id);
}

/** A check's document. Without a row it is unknown which checks were made, so all are requested. */
export async function askFor<T>(
  check: string,
  id: string,
  row: Row | null,
  read: (document: unknown) => T,
): Promise<Asked<T>> {
  const own = row?.checks[check];
  if (row && !own) return { kind: 'unasked' };
  if (own?.at === null) return { kind: 'none' };
  return load(`datasets/${id}/${catalogue.checkById.get(check)?.file}.json`, read);
}

async function loadEvidence(id: string, row: Row | null, own: ReadonlySet<string>): Promise<void> {
  const others = catalogue.checks.filter((check) => !own.has(check.id));
  if (others.length === 0) return;
  const loaded = others.map(async (check) => {
    return [check.id, await askFor(check.id, id, row, readEvidence)] as const;
  });
  evidence.value = new Map(await Promise.all(loaded));
}

async function loadCauses(id: string, row: Row | null): Promise<void> {
  if (!row?.causes?.length) return;
  causes.value = WAITING;
  causes.value = await load(`datasets/${id}/causes.json`, readCauses);
}

async function findSubject(id: string): Promise<Subject> {
  const first = await load('summary.json', readPart);
  if (first.kind !== 'loaded') return { kind: 'no-summary', id, why: first.kind };
  const { lastUpdated, run, more } = first.value;
  let part = first.value;
  for (const name of ['', ...more]) {
    if (name !== '') {
      const loaded = await load(name, readPart);
      if (loaded.kind !== 'loaded') return { kind: 'no-summary', id, why: loaded.kind };
      part = loaded.value;
    }
    const place = part.columns.id.indexOf(id);
    if (place >= 0)
      return { kind: 'known', id, row: part.row(place), lastUpdated, hasHistory: run !== null };
  }
  const withdrawn = await load('datasets-registry.json', (registry) => withdrawnIn(registry, id));
  const since = withdrawn.kind === 'loaded' ? withdrawn.value : undefined;
  return since === undefined ? { kind: 'unknown', id } : { kind: 'withdrawn', id, since };
}
