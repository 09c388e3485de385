// What the pages use of the summary: names, and the list that a person came from.

import { type CompactPart, readCompact } from '../../core/documents/compact-read.ts';
import { archiveAddress, catalogue, chosen, IN_ADDRESS } from './catalogue.ts';

const LIST = 'mirrorwatch.list';

/** Reads a file of the compact summary. @throws Error if it is not one */
export const readPart = (document: unknown): CompactPart => readCompact(catalogue, document);

/** data/names.json as a map, so that an id like `__proto__` is an ordinary id. */
export function namesIn(document: unknown): Map<string, string> {
  const names = Object.entries((document as { names: object }).names);
  return new Map(names.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Stores the list's view, so that "All datasets" on other pages leads back to it. */
export function rememberList(query: string): void {
  try {
    sessionStorage.setItem(LIST, query);
  } catch {
    // The link then leads to the whole list.
  }
}

/** The list as it was left, at the dataset whose page this is. */
export function listAddress(): string {
  let query: string | null = null;
  try {
    query = sessionStorage.getItem(LIST);
  } catch {
    // As above.
  }
  if (query === null) return archiveAddress(chosen);
  const own = new URLSearchParams(query).get('archive') ?? '';
  const list = query !== '' && own === IN_ADDRESS ? `index.html${query}` : archiveAddress(chosen);
  const id = new URLSearchParams(location.search).get('id');
  return id === null ? list : `${list}#${encodeURIComponent(id)}`;
}

export const changesAddress = (): string => `changes.html${IN_ADDRESS && `?archive=${IN_ADDRESS}`}`;

export const datasetAddress = (id: string): string =>
  `dataset.html?id=${encodeURIComponent(id)}${IN_ADDRESS && `&archive=${IN_ADDRESS}`}`;
