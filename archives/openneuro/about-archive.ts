// Which archive the results are from, as status.json says it. Safe to bundle into the page.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { hostOf, publicAddress } from '../../core/documents/public-place.ts';
import type { ArchiveAddresses } from './archive.ts';
import { REGISTRY_URL } from './endpoints.ts';

/** An archive that a run reads over the network, at these addresses. */
export function liveArchive(addresses: Omit<ArchiveAddresses, 'doiUrl'>): AboutArchive {
  const registryUrl = publicAddress(addresses.registryUrl);
  return {
    id: 'openneuro',
    name: registryUrl === REGISTRY_URL ? 'OpenNeuro' : hostOf(addresses.registryUrl),
    origin: 'live',
    registryUrl,
    mirrorUrl: publicAddress(addresses.mirrorUrl),
    exportUrl: publicAddress(addresses.exportUrl),
  };
}
