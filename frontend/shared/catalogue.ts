// The shown archive, chosen by the address (`?archive=`; default: the first one), and what it says
// about its checks. lib/website/site.ts gives the page nothing else of the archives.

import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf, faultsIn } from '../../core/documents/catalogue.ts';

const [FIRST] = ARCHIVES;
const asked = new URLSearchParams(globalThis.location?.search).get('archive');

export const chosen =
  ARCHIVES.find(({ id }) => id === asked) ?? (FIRST as (typeof ARCHIVES)[number]);
/** The archive's name in addresses of the page; empty for the first archive, which needs none. */
export const IN_ADDRESS = chosen === FIRST ? '' : chosen.id;
/** The list of an archive. */
export const archiveAddress = ({ id }: { readonly id: string }): string =>
  `index.html${id === FIRST?.id ? '' : `?archive=${id}`}`;

export const catalogue = catalogueOf(chosen);
/** Where the results of all archives are, and those of the shown one. */
export const RESULTS = 'data/';
export const DATA = `${RESULTS}${catalogue.folder}`;
/** Ids and issues in the catalogue's order, which facets, bits and addresses use. */
export const CHECKS = catalogue.checks.map(({ id }) => id);
export const ISSUES = [...catalogue.issues.keys()];
export const CAUSES = catalogue.causes.map(({ id }) => id);
/** A column of the list that a check adds. */
export interface Column {
  /** In addresses. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'version' | 'number' | 'verdict';
  /** The number that it shows: its column in the compact summary. */
  readonly number?: string;
  /** The check's own column. */
  readonly of: string;
}
/** A version, or a column for each number of faults; a check that counts none has its verdict. */
export const COLUMNS: readonly Column[] = catalogue.checks.flatMap((check): Column[] => {
  const { column, version } = check;
  if (!column) return [];
  const { id: of, name } = column;
  const faults = version ? [] : faultsIn(check);
  if (faults.length === 0) return [{ id: of, name, kind: version ? 'version' : 'verdict', of }];
  return faults.map(({ words: { label, column: number } }) => {
    return { id: label.toLowerCase(), name: label, kind: 'number', number, of };
  });
});
/** The word for one of its entries: `dataset`. */
export const { entry: ENTRY } = catalogue.words;
