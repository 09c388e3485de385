// Which archive the results are from, as status.json says it. Safe to bundle into the page.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { hostOf, publicAddress } from '../../core/documents/public-place.ts';
import { PLACES } from './endpoints.ts';

/** @param addresses by place */
export function aboutArchive(addresses: Readonly<Record<string, string>>): AboutArchive {
  const { registry = '', mirror = '', bucket = '' } = addresses;
  const registryUrl = publicAddress(registry);
  return {
    id: 'dandi',
    name: registryUrl === PLACES.registry.url ? 'DANDI' : hostOf(registry),
    origin: 'live',
    registryUrl,
    mirrorUrl: publicAddress(mirror),
    exportUrl: publicAddress(bucket),
  };
}
