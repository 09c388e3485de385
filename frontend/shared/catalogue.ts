// The shown archive, chosen by the address (`?archive=`; default: the first one), and what it says
// about its checks. lib/website/site.ts gives the page nothing else of the archives.

import { ARCHIVES } from '../../archives/index.ts';
import {
  type Catalogue,
  type Cause,
  catalogueOf,
  columnsOf,
} from '../../core/documents/catalogue.ts';
import type { FindingWords } from '../../core/monitor/check.ts';

const [FIRST] = ARCHIVES;
const asked = new URLSearchParams(globalThis.location?.search).get('archive');

export const chosen =
  ARCHIVES.find(({ id }) => id === asked) ?? (FIRST as (typeof ARCHIVES)[number]);
/** The archive's name in addresses of the page; empty for the first archive, which needs none. */
export const IN_ADDRESS = chosen === FIRST ? '' : chosen.id;
/** The list of an archive. */
export const archiveAddress = ({ id }: { readonly id: string }): string =>
  `index.html${id === FIRST?.id ? '' : `?archive=${id}`}`;

type ListedCause = Omit<Cause, 'says' | 'caution' | 'changes'>;
/** Without the texts about one dataset, which lib/website/site.ts leaves out. */
type ListCatalogue = Omit<
  Catalogue,
  'issues' | 'causes' | 'causeById' | 'reasons' | 'variables'
> & {
  readonly issues: ReadonlyMap<string, Pick<FindingWords, 'label' | 'brief'>>;
  readonly causes: readonly ListedCause[];
  readonly causeById: ReadonlyMap<string, ListedCause>;
};

export const catalogue: ListCatalogue = catalogueOf(chosen);
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
