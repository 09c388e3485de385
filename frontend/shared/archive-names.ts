// Titles of the archives that the page knows, by id. lib/website/site.ts gives the page nothing else of those that are
// not shown.

import { ARCHIVES } from '../../archives/index.ts';

export const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  ARCHIVES.map(({ id, words }) => [id, words.title]),
);
