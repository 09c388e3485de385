// How long what is at an address stays, and what addresses stand for (docs/data.md).

import { staysAfterRemoval } from '../history/paths.ts';

/** How long what is at an address stays. */
export const LIFETIMES = {
  'each-run': 'Replaced by every run, also by one that is held back.',
  'each-publication': 'Replaced by every run that publishes.',
  measured:
    'Replaced when a measurement gives something else; removed when its dataset is withdrawn.',
  stays: 'Replaced when it changes; stays when its dataset is withdrawn.',
  month: "Grows with every run that publishes until the month's last; kept for ever.",
  'for-ever': 'Written once, and kept for ever.',
  'each-version': 'Replaced when a new version of Mirrorwatch changes it.',
} as const;
export type Lifetime = keyof typeof LIFETIMES;

/** Of a path that does not say otherwise. */
export function lifetimeAt(path: string): Lifetime {
  if (!path.startsWith('datasets/')) return 'each-publication';
  return staysAfterRemoval(path) ? 'stays' : 'measured';
}

/** What the names in addresses stand for, and where to find their values. */
export const PLACEHOLDERS = {
  id: 'A dataset: a key of latestSnapshots in datasets-registry.json.',
  tag: "A version: one of the tags in the dataset's snapshots.json, where the archive has versions.",
  month: 'A month in UTC, such as 2026-08: one of the months in history/index.json.',
  year: 'The year of a run, such as 2026.',
  time: 'The start of a run in UTC without colons, such as 2026-08-08T060000Z; time in history/counts/{month}.json has all starts.',
  part: 'The number of a further part, from 2; more in summary.json has the names of all parts.',
} as const;
