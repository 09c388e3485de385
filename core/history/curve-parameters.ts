// Address and parameters of `GET /api/history/curve`, each with its other names. Caches tell answers apart
// by these alone. This file imports nothing, so the stack may import it.

/** On the site. */
export const CURVE_PATH = '/api/history/curve';

export const CURVE_PARAMETERS = {
  series: ['channel_name'],
  begin: ['begin_time'],
  end: ['end_time'],
  bins: ['num_bins'],
  useEventsIfBinCountTooLarge: [],
  removeEmptyBins: [],
} as const;

export type CurveParameter = keyof typeof CURVE_PARAMETERS;
