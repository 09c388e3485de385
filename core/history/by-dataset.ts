// What a run says about each of its datasets.

import type { RunHistory } from './documents.ts';
import type { Event, Notice, Verdicts } from './events.ts';
import { dayOf, minuteOf } from './paths.ts';
import { beginningOf } from './sync.ts';
import { OVERALL } from './verdict-text.ts';

/** What one run says about a dataset. */
export interface RunOfDataset {
  readonly run: string;
  /** When strips say that it was: its day, or its minute. */
  readonly at: string;
  readonly events: readonly Event[];
  /** Verdicts that no event tells. */
  readonly states: Verdicts;
  readonly notices: readonly Notice[];
}

/** By dataset, all that a run says about it. */
export function byDataset({
  run,
  precision,
  events,
  states,
  notices = [],
}: RunHistory): Map<string, RunOfDataset> {
  const told = Map.groupBy(events.filter(isKept), ({ id }) => id);
  const noticed = Map.groupBy(notices, ({ id }) => id);
  const at = precision === 'minute' ? minuteOf(run) : dayOf(run);
  const ids = [...told.keys(), ...Object.keys(states.of), ...noticed.keys()];
  return new Map(
    ids.map((id) => [
      id,
      {
        run,
        at,
        events: told.get(id) ?? [],
        states: states.verdicts[states.of[id] ?? -1] ?? {},
        notices: noticed.get(id) ?? [],
      },
    ]),
  );
}

/** Whether a dataset's strips begin with this run. */
export const isBegun = ({ states }: RunOfDataset): boolean => states[OVERALL] !== undefined;

const isKept = (event: Event) =>
  event.kind === 'versions'
    ? event.to.latest != null || beginningOf(event) !== null
    : event.kind !== 'counts';
