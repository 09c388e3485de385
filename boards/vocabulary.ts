// The words that a board may use: names of archives, and what their catalogues and the list have.

import { catalogueOf, type Shown, sortKeysOf } from '../core/documents/catalogue.ts';
import { STATUSES } from '../core/documents/vocabulary.ts';

/** Each in the order of canonical boards. */
export interface Vocabulary {
  readonly archives: readonly string[];
  readonly statuses: readonly string[];
  readonly checks: readonly string[];
  readonly issues: readonly string[];
  readonly causes: readonly string[];
  readonly sortKeys: readonly string[];
}

/** Of all archives together: the page leaves out the words that its archive does not have. */
export function vocabularyOf(archives: readonly Shown[]): Vocabulary {
  const catalogues = archives.map(catalogueOf);
  const all = (words: (catalogue: (typeof catalogues)[number]) => Iterable<string>) => [
    ...new Set(catalogues.flatMap((one) => [...words(one)])),
  ];
  return {
    archives: all(({ id }) => [id]),
    statuses: STATUSES,
    checks: all(({ checks }) => checks.map(({ id }) => id)),
    issues: all(({ issues }) => issues.keys()),
    causes: all(({ causes }) => causes.map(({ id }) => id)),
    sortKeys: all(sortKeysOf),
  };
}
