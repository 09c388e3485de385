// Which archive the results are from, as status.json says it: links and commands lead to its own
// addresses or are not offered. Safe to bundle into the page: it imports only types.

import type { AboutArchive } from '../../core/documents/documents.ts';
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

/**
 * An address that may be shown, linked and pasted: http or https, without credentials, and such
 * that a path can be added. Null for any other text.
 */
export function publicAddress(text: string | null): string | null {
  const address = text?.replace(/\/+$/, '') ?? '';
  if (!/^https?:\/\/[^/]/.test(address) || /[^!-~]|["'`<>\\@?#]/.test(address)) return null;
  try {
    return new URL(address) && address;
  } catch {
    return null;
  }
}

/** One of its addresses, if a person may be led to it. An archive that is not live has none. */
export function placeOf(
  archive: AboutArchive | null,
  place: 'registryUrl' | 'mirrorUrl' | 'exportUrl',
): string | null {
  return archive?.origin === 'live' ? publicAddress(archive[place]) : null;
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return 'an unnamed archive';
  }
}
