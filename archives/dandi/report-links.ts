// Addresses for the page of one dandiset: where to report, and what a check asks for.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { placeOf } from '../../core/documents/public-place.ts';
import { PLACES } from './endpoints.ts';
import { isDandisetId } from './ids.ts';

/** Where the mirrors' operators take reports; nothing is known of those of another archive. */
export const issueTracker = (about: AboutArchive | null): string | null =>
  placeOf(about, 'registryUrl') === PLACES.registry.url
    ? 'https://github.com/dandi/dandisets/issues/new'
    : null;

const OF_MIRROR: ReadonlySet<string> = new Set(['mirror', 'tags', 'urls']);
/** Of the registry, by what stands behind the dandiset. */
const OF_REGISTRY: Readonly<Record<string, string>> = {
  assets: 'versions/draft/assets/?page_size=1000&metadata=1',
  listing: 'versions/draft/assets/?page_size=1000&metadata=1',
  record: 'versions/draft/assets/?page_size=1000&metadata=1',
  versions: 'versions/',
  metadata: 'versions/draft/',
  embargo: '',
};

/** What a check asks for first. */
export function askedAddress(check: string, about: AboutArchive | null, id: string): string | null {
  const of = (place: 'mirrorUrl' | 'exportUrl' | 'registryUrl', rest: string) => {
    const at = isDandisetId(id) ? placeOf(about, place) : null;
    return at && `${at}${rest}`;
  };
  if (OF_MIRROR.has(check)) return of('mirrorUrl', `/${id}.git/info/refs?service=git-upload-pack`);
  if (check === 'manifests') return of('exportUrl', `/?list-type=2&prefix=dandisets/${id}/`);
  const rest = OF_REGISTRY[check];
  return rest === undefined ? null : of('registryUrl', `/dandisets/${id}/${rest}`);
}
