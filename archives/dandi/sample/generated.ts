// Healthy dandisets by a seed: files, versions, zarrs, and all names that the registry lets in.

import { createRandom } from '../../../sample/bytes.ts';
import { addHealthy, emptyWorld } from './healthy.ts';
import type { World } from './world.ts';

export interface Generated {
  readonly dandisets: number;
  readonly seed: number;
  /** Files of the largest one. */
  readonly files: number;
}

/** The registry's pattern lets these in, some of them by mistake: `A-z`, white space. */
const ODD_NAMES = [
  'a b.nwb',
  'a[1].nwb',
  'back\\slash.nwb',
  'caret^and`quote.nwb',
  'tab\tin it.nwb',
  'line\nbreak.nwb',
  '#hash=1+2~3,(4)&5.nwb',
  'x.ome.tiff',
  'a.gz.abcde',
  'x.ab.c-d.tif',
  '.a.b',
  'deep/er/and/deep/er/file.with.dots.nii.gz',
  'CHANGES',
  'desktop.ini',
  `long/${'n'.repeat(200)}.nwb`,
];

export function generateWorld({ dandisets, seed, files }: Generated, now: Date): World {
  const world = emptyWorld(now);
  const random = createRandom(`dandi ${seed}`);
  for (let at = 0; at < dandisets; at++) {
    const id = String(1 + at * 3).padStart(6, '0');
    const isLargest = at === 0;
    const paths = ODD_NAMES.filter(() => random.next() < 0.5).map((name) => `odd ${at}/${name}`);
    const hasZarr = !isLargest && random.next() < 0.3;
    addHealthy(world, id, {
      files: isLargest ? files : random.int(0, 20),
      versions: random.int(0, 5),
      paths,
      ...(hasZarr && { zarr: random.int(0, 120) }),
    });
  }
  return world;
}
