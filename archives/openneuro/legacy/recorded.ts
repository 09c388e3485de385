// The git repository in which the system this one succeeds committed its results after each run.

import type { Recorded } from '../../../core/history/import/recorded.ts';

export const RECORDED: Recorded = {
  folder: 'data/',
  // Its first six runs made no file checks at first, then called 998 versions a warning, and
  // corrected 11 verdicts without any change of the datasets.
  steadySince: '2026-03-21T06:57:00.000Z',
  // It sorted tags otherwise, changed its checks of mirrors, and moved its times.
  rulesChanged: [
    '2026-03-23T00:00:00.000Z',
    '2026-03-30T00:00:00.000Z',
    '2026-04-03T00:00:00.000Z',
  ],
};
