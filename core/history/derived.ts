// The documents of a whole archive that are made from the files of runs, one run after the other. A
// run that publishes and a rebuild both go by this list.

import type { Shown } from '../documents/catalogue.ts';
import type { Changes, MonthCounts, RunHistory } from './documents.ts';
import { withChanges, withCounts, withNotices } from './fold.ts';
import { changesPath, countsPath, monthOf, NOTICES_PATH, SERIES_PATH, SYNC_PATH } from './paths.ts';
import { withSeries } from './series.ts';
import { withSync } from './sync.ts';

export interface Derived {
  /** @param run its start, or its month */
  pathOf(run: string): string;
  /**
   * @param next the run that is applied right after it, if nobody looks at the result in between
   * @returns null: there is none yet
   */
  after(before: object | null, added: RunHistory, next?: RunHistory | null): object | null;
}

const derived = <T extends object>(
  pathOf: Derived['pathOf'],
  after: (before: T | null, added: RunHistory, next?: RunHistory | null) => T | null,
): Derived => ({ pathOf, after: after as Derived['after'] });

export const derivedOf = ({
  id,
  arrivals = [],
}: Pick<Shown, 'id' | 'arrivals'>): readonly Derived[] => [
  derived<Changes>((run) => changesPath(monthOf(run)), withChanges),
  derived<MonthCounts>((run) => countsPath(monthOf(run)), withCounts),
  derived(() => NOTICES_PATH, withNotices),
  derived(
    () => SERIES_PATH,
    (before: Parameters<typeof withSeries>[0], added) => withSeries(before, id, added),
  ),
  ...(arrivals.length === 0
    ? []
    : [
        derived(
          () => SYNC_PATH,
          (before: Parameters<typeof withSync>[0], added, next) =>
            withSync(before, added, arrivals, next),
        ),
      ]),
];
