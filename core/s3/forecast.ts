// Where the next page of a listing will probably end, told from the paths that it should hold and
// from how many keys there really were for them so far.

import type { BinaryString } from '../sources.ts';

/** Some of the keys that a listing will probably hold: those in places `every`, 2 · `every` … */
export interface Marks {
  readonly every: number;
  /** In strict byte order. */
  readonly at: readonly BinaryString[];
}

export interface Forecast {
  /**
   * The end of a page that starts behind `from`, and how many paths it spans at most; null for a
   * page that may hold all the rest. Asked for rising keys.
   */
  endAfter(from: BinaryString): { readonly to: BinaryString; readonly paths: number } | null;
  /** So many keys were there for so many paths. */
  learn(keys: number, paths: number): void;
}

/** Finer marks let a page span less than it could hold, where the export has more than the tree. */
const MARKS_PER_PAGE = 40;
/** The weight of the newest page in what is expected of the next. */
const WEIGHT = 0.2;
/** Bounds of what one page can tell: a folder that only one side has is no rule for the next. */
const FEWEST = 0.25;
const MOST = 1.5;
/** Keys for each path within which pages are taken to be as the tree says. */
const USUAL = { from: 0.95, to: 1.001 };
/** The share of pages from which on the rest of each is dearer than a little room in all. */
const OFTEN = 0.1;
/** Of a page, where keys and paths differ: a little room spares the request for a page's rest. */
const FILLED = 0.98;

/** How far apart marks should be for pages of so many keys. */
export function markEvery(pageSize: number): number {
  return Math.max(1, Math.floor(pageSize / MARKS_PER_PAGE));
}

export function createForecast({ every, at }: Marks, pageSize: number): Forecast {
  let place = 0;
  let keysPerPath = 1;
  /** The share of pages that did not hold all the keys there were for their paths. */
  let tooMany = 0;
  return {
    endAfter(from) {
      for (let mark = at[place]; mark !== undefined && mark <= from; mark = at[place]) place++;
      const usual = keysPerPath >= USUAL.from && keysPerPath <= USUAL.to && tooMany < OFTEN;
      const span = usual ? pageSize : (FILLED * pageSize) / keysPerPath;
      const marks = Math.max(1, Math.floor(span / every));
      const end = place + marks - 1;
      const to = at[end];
      // Behind the last mark stand too few paths for a page of their own.
      return to === undefined || end === at.length - 1 ? null : { to, paths: marks * every };
    },
    learn(keys, paths) {
      const seen = Math.min(MOST, Math.max(FEWEST, keys / paths));
      keysPerPath += WEIGHT * (seen - keysPerPath);
      tooMany += WEIGHT * ((keys > pageSize ? 1 : 0) - tooMany);
    },
  };
}
