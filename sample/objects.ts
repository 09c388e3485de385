// The objects of an export as a sorted list with access by index: a page of 1,000 keys costs a
// binary search and 1,000 look-ups, however long the list is.

import { compareBinary } from './bytes.ts';

export interface ExportObject {
  /** Without the `{id}/` prefix, as binary string. */
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** ISO 8601. */
  readonly modified: string;
  /** Undefined for annexed files, whose bytes are made up on request. */
  readonly content?: string | Buffer;
}

/** Keys strictly increase in byte order. */
export interface ObjectList {
  readonly length: number;
  keyAt(place: number): string;
  objectAt(place: number): ExportObject;
}

/** @throws if a key occurs twice: the plan of the sample is wrong. */
export function objectList(objects: readonly ExportObject[]): ObjectList {
  const sorted = objects.toSorted((a, b) => compareBinary(a.key, b.key));
  for (let place = 1; place < sorted.length; place++) {
    if (sorted[place]?.key === sorted[place - 1]?.key) {
      throw new Error(`two objects with the key ${sorted[place]?.key}`);
    }
  }
  const at = (place: number): ExportObject => {
    const object = sorted[place];
    if (!object) throw new RangeError(`no object at place ${place}`);
    return object;
  };
  return { length: sorted.length, keyAt: (place) => at(place).key, objectAt: at };
}

/** Several lists one after the other; each begins after the end of the one before. */
export function joinLists(lists: readonly ObjectList[]): ObjectList {
  const filled = lists.filter((list) => list.length > 0);
  const locate = (place: number): [ObjectList, number] => {
    let rest = place;
    for (const list of filled) {
      if (rest < list.length) return [list, rest];
      rest -= list.length;
    }
    throw new RangeError(`no object at place ${place}`);
  };
  return {
    length: filled.reduce((sum, list) => sum + list.length, 0),
    keyAt(place) {
      const [list, rest] = locate(place);
      return list.keyAt(rest);
    },
    objectAt(place) {
      const [list, rest] = locate(place);
      return list.objectAt(rest);
    },
  };
}

/** The first place whose key is not below `key`; `length` when there is none. */
export function placeOf(list: ObjectList, key: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list.keyAt(middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
