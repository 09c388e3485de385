// The archive on show, which the address chooses (`?archive=`; the first one where it does not), and what it says of its
// checks. lib/website/site.ts gives the page no more of the archives than that.

import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';

const [FIRST] = ARCHIVES;
const asked = new URLSearchParams(globalThis.location?.search).get('archive');

export const chosen =
  ARCHIVES.find(({ id }) => id === asked) ?? (FIRST as (typeof ARCHIVES)[number]);
/** What addresses of the page name it by; empty of the first archive, which needs no name. */
export const IN_ADDRESS = chosen === FIRST ? '' : chosen.id;
/** Where its documents are. */
export const DATA = chosen === FIRST ? 'data/' : `data/${chosen.id}/`;

export const catalogue = catalogueOf(chosen);
/** Ids and issues in the order of the catalogue: facets, bits and addresses go by it. */
export const CHECKS = catalogue.checks.map(({ id }) => id);
export const ISSUES = [...catalogue.issues.keys()];
export const CAUSES = catalogue.causes.map(({ id }) => id);
/** Columns of the list that checks bring: of a version, or of numbers. */
export const COLUMNS = catalogue.checks.flatMap(({ column, version }) =>
  column ? [{ ...column, kind: version ? 'version' : 'numbers' }] : [],
);
/** What one of its entries is called: `dataset`. */
export const { entry: ENTRY } = catalogue.words;
