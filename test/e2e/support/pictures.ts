// The pictures in the documents, and which page they show.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Site } from '../../../lib/website/site.ts';

/** Width → height, and pixels of the screen for each. */
export const SCREENS: Readonly<Record<string, readonly [height: number, scale: number]>> = {
  320: [568, 2],
  390: [844, 2],
  768: [1024, 1],
  1024: [768, 1],
  1280: [860, 1],
  1920: [1080, 1],
};

/** The list and a dataset at every width, light and dark; what a reader sees first of each. */
const SIZES = Object.keys(SCREENS).flatMap((width) =>
  ['light', 'dark'].flatMap((look) => [
    [`sample-${width}-${look}`, `list-${width}-${look}.jpg`] as const,
    [`differences-${width}-${look}`, `dataset-${width}-${look}.jpg`] as const,
  ]),
);

/** By the view, width and colours of a screenshot. */
export const PICTURES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SIZES),
  'sample-1280-light': 'list-light.png',
  'differences-1280-dark': 'dataset-dark.png',
};
/** Kilobytes of all of them. */
export const MOST_KILOBYTES = 3000;
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
