// Filler: any number of files below one folder, as a tree that shares its parts with every other
// filler of the process (so that hashing it is cheap) and as a list of objects by arithmetic.

import { digest } from './bytes.ts';
import type { TreeSpec } from './git/index.ts';
import type { ObjectList } from './objects.ts';

const CONTENT = Buffer.from('filler\n');
const ETAG = digest('md5', CONTENT);
const FILE = { mode: 0o100644, content: CONTENT } as const;

/** A folder of a unit holds so many files; single files have no folder of their own. */
const UNITS = [
  { letter: 'a', size: 1000, digits: 4 },
  { letter: 'b', size: 100, digits: 1 },
  { letter: 'c', size: 10, digits: 1 },
  { letter: 'd', size: 1, digits: 1 },
] as const;

const nameAt = (letter: string, place: number, digits: number) =>
  `${letter}-${String(place).padStart(digits, '0')}`;
const fileName = (place: number) => `${String(place).padStart(3, '0')}.tsv`;

const folders = new Map<number, TreeSpec>();

/** The one folder of its size. */
function folderOf(size: number): TreeSpec {
  const known = folders.get(size);
  if (known) return known;
  const made: TreeSpec = new Map(
    Array.from({ length: size }, (_, place) => [fileName(place), FILE]),
  );
  folders.set(size, made);
  return made;
}

/** How many of each unit make up a number of files. */
function counts(files: number) {
  let rest = files;
  return UNITS.map((unit) => {
    const count = Math.floor(rest / unit.size);
    rest -= count * unit.size;
    return { ...unit, count };
  });
}

/** @param files below ten million. */
export function fillerTree(files: number): TreeSpec {
  const tree: TreeSpec = new Map();
  for (const { letter, size, digits, count } of counts(files)) {
    for (let place = 0; place < count; place++) {
      tree.set(nameAt(letter, place, digits), size === 1 ? FILE : folderOf(size));
    }
  }
  return tree;
}

/**
 * The objects of `fillerTree(files)` in byte order.
 * @param folder key of the folder as binary string, without the last `/`.
 */
export function fillerObjects(folder: string, files: number, modified: string): ObjectList {
  const units = counts(files);
  const keyAt = (place: number): string => {
    let rest = place;
    for (const { letter, size, digits, count } of units) {
      if (rest < count * size) {
        const name = nameAt(letter, Math.floor(rest / size), digits);
        return size === 1 ? `${folder}/${name}` : `${folder}/${name}/${fileName(rest % size)}`;
      }
      rest -= count * size;
    }
    throw new RangeError(`no filler at place ${place}`);
  };
  return {
    length: files,
    keyAt,
    objectAt: (place) => ({
      key: keyAt(place),
      size: CONTENT.length,
      etag: ETAG,
      modified,
      content: CONTENT,
    }),
  };
}
