// A number that holds until the next one: points, bins, and the distances between points. Times are
// milliseconds since 1970.

export interface Point {
  readonly at: number;
  /** Null: from here on there is none. */
  readonly value: number | null;
  /** The value in words. */
  readonly says?: string;
}

export interface Steps {
  /** Ascending, within the range that was asked for. */
  readonly points: readonly Point[];
  /** The last one before it; null if there is none. */
  readonly before: Point | null;
}

export interface Range {
  readonly begin: number;
  /** Included. */
  readonly end: number;
}

export interface Bin {
  /** Its begin; it lasts until the next one's, the last one until the end of the range. */
  readonly at: number;
  /**
   * Of the points in it, each weighted by how long it lasts there. In an empty bin the value that
   * lasts from before; null if there is none.
   */
  readonly value: number | null;
  /** Of the points in it; null in an empty bin. */
  readonly min: number | null;
  readonly max: number | null;
  /** Points in it. */
  readonly count: number;
  /** Of the last value in it. */
  readonly says?: string;
}

/** @returns points with a value */
export const valuesOf = (points: readonly Point[]) =>
  points.filter((point): point is Point & { readonly value: number } => point.value !== null);

/** Divides a range into equal bins, to the millisecond: there are never more than milliseconds. */
export function binned({ points, before }: Steps, { begin, end }: Range, most: number): Bin[] {
  const bins = Math.min(most, Math.max(1, end - begin));
  const edge = (place: number) => begin + Math.floor(((end - begin) * place) / bins);
  const made: Bin[] = [];
  let last = before;
  let next = 0;
  for (let place = 0; place < bins; place += 1) {
    const [at, until] = [edge(place), edge(place + 1)];
    const carried = last;
    const first = next;
    const isInside = ({ at: time }: Point) => time < until || place === bins - 1;
    for (let point = points[next]; point && isInside(point); point = points[next]) {
      last = point;
      next += 1;
    }
    made.push(binOf(at, until, points.slice(first, next), carried));
  }
  return made;
}

function binOf(at: number, until: number, inside: readonly Point[], carried: Point | null): Bin {
  const values = valuesOf(inside).map(({ value }) => value);
  if (values.length === 0) {
    const { value = null, says } = carried ?? {};
    return { at, value, min: null, max: null, count: 0, ...(says !== undefined && { says }) };
  }
  let [sum, weights] = [0, 0];
  for (const [place, { at: from, value }] of inside.entries()) {
    if (value === null) continue;
    const weight = (inside[place + 1]?.at ?? until) - from;
    sum += value * weight;
    weights += weight;
  }
  const [min, max] = [Math.min(...values), Math.max(...values)];
  // Points at the very end last for no time. Rounding must not leave the bounds.
  const mean = weights > 0 ? sum / weights : values.reduce((a, b) => a + b, 0) / values.length;
  const { says } = valuesOf(inside).at(-1) as Point;
  return {
    ...{ at, value: Math.min(max, Math.max(min, mean)), min, max, count: values.length },
    ...(says !== undefined && { says }),
  };
}

/** Mean and deviation (of a population) of the times between points; 0 with fewer than two. */
export function intervals(points: readonly Pick<Point, 'at'>[]) {
  const between = points.slice(1).map(({ at }, place) => at - (points[place] as Point).at);
  const mean = (numbers: readonly number[]) =>
    numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const average = mean(between);
  return { average, deviation: Math.sqrt(mean(between.map((one) => (one - average) ** 2))) };
}
