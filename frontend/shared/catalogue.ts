// The archive on show, which the address chooses (`?archive=`; the first one where it does not), and what it says of its
// checks. lib/website/site.ts gives the page no more of the archives than that.

import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';

const [FIRST] = ARCHIVES;
const asked = new URLSearchParams(globalThis.location?.search).get('archive');
const chosen = ARCHIVES.find(({ id }) => id === asked) ?? (FIRST as (typeof ARCHIVES)[number]);

export const catalogue = /* @__PURE__ */ catalogueOf(chosen);
/** Ids and issues in the order of the catalogue: facets, bits and addresses go by it. */
export const CHECKS = catalogue.checks.map(({ id }) => id);
export const ISSUES = [...catalogue.issues.keys()];
export const CAUSES = catalogue.causes.map(({ id }) => id);
