// What the archives say about a single dataset. Separate from the catalogue, so that the list does
// not load it: lib/website/site.ts leaves it out there and puts it here.

import { ARCHIVES } from '../../archives/index.ts';
import { type Details, detailsOf } from '../../core/documents/catalogue.ts';

/** By archive. */
export const DETAILS: Readonly<Record<string, Details>> = Object.fromEntries(
  ARCHIVES.map((archive) => [archive.id, detailsOf(archive)]),
);
