// The state of a dataset's page: the dataset, and the results of loading its documents
// (load-page.ts). An archive's cards load their own data.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { LikelyCause } from '../../core/documents/likely-causes.ts';
import type { Row } from '../../core/documents/rows.ts';
import { catalogue } from '../shared/catalogue.ts';
import { type Loaded, load } from '../shared/load.ts';
import type { PlainEvidence } from './documents.ts';

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

/** What parts.tsx shows: all below the heading, and what to do. */
export interface PageParts {
  readonly Parts: FunctionComponent<{ readonly id: string; readonly row: Row | null }>;
  readonly ToDo: FunctionComponent<{ readonly id: string; readonly row: Row }>;
}

/** Null until it and its data are loaded. */
export const parts = signal<PageParts | Error | null>(null);
/** The history of the dataset; null until it is loaded. */
export const historyPart = signal<FunctionComponent | null>(null);
export const subject = signal<Subject>(WAITING);
/** Undefined until it is known. */
export const name = signal<string | null | undefined>(undefined);
/** `unasked`: the check was not made, or a long list waits until a person requests it. */
export type Asked<T> = Waiting<T> | { readonly kind: 'unasked' };
/** Id of the field that searches the differences. */
export const VIEWER_SEARCH_ID = 'search';

/** For checks without a card of the archive's own. */
export const evidence = signal<ReadonlyMap<string, Asked<PlainEvidence>>>(new Map());
/** `unasked` if the summary names no cause. */
export const causes = signal<Asked<readonly LikelyCause[]>>({ kind: 'unasked' });

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
  return load(checkDocument(id, check), read);
}

/** Below the archive's folder. */
export const checkDocument = (id: string, check: string): string =>
  `datasets/${id}/${catalogue.checkById.get(check)?.file}.json`;
