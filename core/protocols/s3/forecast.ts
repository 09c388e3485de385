// Predicts where the next page of a listing ends, from the paths that it should hold and from how
// many keys there were for them so far.

import type { BinaryString } from '../../compare/byte-order.ts';
import type { LastListing } from '../sources.ts';

/** A key that a listing will probably hold. */
export interface Mark {
  readonly key: BinaryString;
  /** Keys expected up to and including it. */
  readonly keys: number;
}

export interface Forecast {
  /**
   * The end of a page that starts after `from`, and the maximum number of keys expected on it. Null
   * for a page that may hold all the rest. Call it with rising keys.
   */
  endAfter(from: BinaryString): { readonly to: BinaryString; readonly expected: number } | null;
  /** Records that `keys` were found where `expected` were expected. */
  learn(keys: number, expected: number): void;
}

/**
 * Finer marks allow a page to span less than it could hold if the export has more than the tree.
 */
const MARKS_PER_PAGE = 40;
/** The weight of the newest page in the next prediction. */
const WEIGHT = 0.2;
/** Bounds of what one page can teach: a folder that only one side has is no rule for the next. */
const FEWEST = 0.25;
const MOST = 1.5;
/** Keys per expected key: within this range pages count as expected. */
const USUAL = { from: 0.95, to: 1.001 };
/** From this share of pages on, requests for the rest cost more than a little room on all pages. */
const OFTEN = 0.1;
/** How full to plan an unusual page: a little room saves the request for its rest. */
const FILLED = 0.98;

/** How far apart marks should be for pages of so many keys. */
export function markEvery(pageSize: number): number {
  return Math.max(1, Math.floor(pageSize / MARKS_PER_PAGE));
}

/**
 * Paths missing last time may exist now. So a mark always counts some of them; otherwise an export
 * that was empty and is whole again would be one page's worth.
 * @param at paths in places `every`, 2 · `every` … of a tree
 * @param last how a listing differed from that tree
 */
export function forecastMarks(
  at: readonly BinaryString[],
  every: number,
  last: LastListing | null,
): Mark[] {
  const moreUpTo = (keys: readonly BinaryString[] = []) => {
    let place = 0;
    return (mark: BinaryString): number => {
      const before = place;
      for (let key = keys[place]; key !== undefined && key <= mark; key = keys[place]) place++;
      return place - before;
    };
  };
  const beside = moreUpTo(last?.beside);
  const lacking = moreUpTo(last?.lacking);
  let keys = 0;
  return at.map((key) => {
    keys += Math.max(FEWEST * every, every + beside(key) - lacking(key));
    return { key, keys };
  });
}

/** @param marks in strict byte order */
export function createForecast(marks: readonly Mark[], pageSize: number): Forecast {
  let place = 0;
  let keysPerOne = 1;
  /** The share of pages that did not hold all existing keys. */
  let tooMany = 0;
  return {
    endAfter(from) {
      for (let mark = marks[place]; mark && mark.key <= from; mark = marks[place]) place++;
      const usual = keysPerOne >= USUAL.from && keysPerOne <= USUAL.to && tooMany < OFTEN;
      const span = usual ? pageSize : (FILLED * pageSize) / keysPerOne;
      const before = marks[place - 1]?.keys ?? 0;
      let end = place;
      for (let next = marks[end + 1]; next && next.keys - before <= span; next = marks[end + 1])
        end++;
      const mark = marks[end];
      // After the last mark there are too few paths for a separate page.
      return mark === undefined || end === marks.length - 1
        ? null
        : { to: mark.key, expected: mark.keys - before };
    },
    learn(keys, expected) {
      const seen = Math.min(MOST, Math.max(FEWEST, keys / Math.max(1, expected)));
      keysPerOne += WEIGHT * (seen - keysPerOne);
      tooMany += WEIGHT * ((keys > pageSize ? 1 : 0) - tooMany);
    },
  };
}
