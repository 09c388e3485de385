// Where new snapshots arrive, by archive. lib/website/site.ts gives the page names and nothing else.

import { ARCHIVES } from '../../archives/index.ts';
import { arrivalsOf, type NamedPlace } from '../../core/documents/catalogue.ts';

export const ARRIVALS: Readonly<Record<string, readonly NamedPlace[]>> = Object.fromEntries(
  ARCHIVES.map((archive) => [archive.id, arrivalsOf(archive)]),
);
