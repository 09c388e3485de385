// Median and spread of a few runs.

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError for no values. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('no runs');
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? max;
  const lower = sorted[middle - 1] ?? min;
  return { median: sorted.length % 2 === 1 ? upper : (lower + upper) / 2, min, max };
}
