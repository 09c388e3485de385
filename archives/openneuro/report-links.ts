// Addresses for the page of one dataset: where to report, and what a check asks for.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { placeOf } from '../../core/documents/public-place.ts';
import { REGISTRY_URL } from './endpoints.ts';
import { isDatasetId } from './ids.ts';

/** Where OpenNeuro's operators take reports; nothing is known of those of another archive. */
export const issueTracker = (archive: AboutArchive | null): string | null =>
  placeOf(archive, 'registryUrl') === REGISTRY_URL
    ? 'https://github.com/OpenNeuroOrg/openneuro/issues/new'
    : null;

/** What a check of the mirror or the export asks for first. */
export function askedAddress(
  check: string,
  archive: AboutArchive | null,
  id: string,
): string | null {
  const of = (place: 'mirrorUrl' | 'exportUrl', rest: string) => {
    const at = isDatasetId(id) ? placeOf(archive, place) : null;
    return at && `${at}${rest}`;
  };
  switch (check) {
    case 'github':
    case 'annexRecord':
      return of('mirrorUrl', `/${id}.git/info/refs?service=git-upload-pack`);
    case 's3Version':
      return of('exportUrl', `/${id}/dataset_description.json`);
    case 's3Files':
    case 's3Content':
      return of('exportUrl', `?list-type=2&prefix=${id}/`);
    default:
      return null;
  }
}
