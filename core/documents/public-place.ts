// Addresses of an archive that people may be led to: links and commands lead to its own addresses or
// are not offered. The page bundles this file.

import type { AboutArchive } from './documents.ts';

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

/** The name of an archive whose addresses are not the usual ones. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return 'an unnamed archive';
  }
}
