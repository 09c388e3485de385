// The dashboard's files as they are when the app is synthesized: what its build left in dist/site,
// or the plain page of frontend/.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PLACES = ['dist/site', 'frontend'];

export interface SiteFiles {
  readonly folder: string;
  /** Object keys of its files and folders at the root; a folder ends in `/*`, as IAM writes it. */
  readonly keys: readonly string[];
  /** Changes when any byte of any file does. */
  readonly hash: string;
}

/** @throws when there is no page to publish */
export function findSite(places: readonly string[] = PLACES): SiteFiles {
  const folder = places
    .map((place) => join(ROOT, place))
    .find((place) => existsSync(join(place, 'index.html')));
  if (folder === undefined) {
    throw new Error(`there is no index.html in ${places.join(' or ')}: run npm run build first`);
  }
  const root = readdirSync(folder, { withFileTypes: true });
  const keys = root.map((entry) => (entry.isDirectory() ? `${entry.name}/*` : entry.name)).sort();
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files)
    hash.update(`${file.slice(folder.length)}\0`).update(readFileSync(file));
  return { folder, keys, hash: hash.digest('hex').slice(0, 16) };
}
