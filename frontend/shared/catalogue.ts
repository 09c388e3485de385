// The shown archive, chosen by the address (`?archive=`; default: the first one), and what it says
// about its checks. lib/website/site.ts gives the page nothing else of the archives.

import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf, columnsOf } from '../../core/documents/catalogue.ts';

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
/** Those of the list that checks add. */
export const COLUMNS = columnsOf(catalogue);
/** The word for one of its entries: `dataset`. */
export const { entry: ENTRY } = catalogue.words;
