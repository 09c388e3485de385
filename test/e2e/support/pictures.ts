// The pictures in the documents, and which page they show.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Site } from '../../../lib/website/site.ts';

/** By the view, width and colours of a screenshot. */
export const PICTURES: Readonly<Record<string, string>> = {
  'sample-1280-light': 'list-light.png',
  'differences-1280-dark': 'dataset-dark.png',
};
export const PICTURES_FOLDER = join(import.meta.dirname, '../../../docs/images');
/** The digest of the page that they were made of. */
export const SHOWN = join(PICTURES_FOLDER, 'shown.txt');

/** Of every file of the page: the names follow from the contents. */
export function siteDigest({ files }: Site): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
