// The datasets of a run: all, or those that were named. A name that the registry does not have is left
// out and named. If no name is left, or the run is strict, it is refused before it writes anything.

import type { Registry } from '../documents/documents.ts';
import type { RunRecord } from '../documents/records.ts';

/** Only what the choice depends on. */
export type Listed = Pick<Registry, 'latestSnapshots' | 'skipped'>;

export type Wish = Pick<RunRecord['request'], 'datasets' | 'maxDatasets' | 'strict' | 'changed'>;

/** Whether a run is over all entries; one over some leaves everything else as it is. */
export const isOverAll = ({ datasets, maxDatasets, changed }: Wish): boolean =>
  datasets === null && maxDatasets === null && changed !== true;

/** More would only fill the screen. */
const MOST_NAMED = 5;

export interface Chosen {
  /** In the registry's order if none were named. */
  readonly ids: readonly string[];
  /** For people: which names were left out, and why. */
  readonly notes: readonly string[];
}

/** @returns why nothing is done, if a name is wrong that must not be */
export function chooseDatasets(
  { latestSnapshots, skipped }: Listed,
  { datasets, maxDatasets, strict }: Wish,
): Chosen | { readonly why: string } {
  const named = datasets ?? Object.keys(latestSnapshots);
  const isListed = (id: string) => Object.hasOwn(latestSnapshots, id);
  const ids = named.filter(isListed);
  const left = named.filter((id) => !isListed(id));
  const empty = left.filter((id) => Object.hasOwn(skipped, id));
  const unknown = left.filter((id) => !empty.includes(id));
  const reasons = [
    ...(unknown.length > 0 ? [`not in the registry: ${someOf(unknown)}`] : []),
    ...(empty.length > 0
      ? [`no snapshot yet, so there is nothing to check: ${someOf(empty)}`]
      : []),
  ];
  if (left.length > 0 && (strict || ids.length === 0)) return { why: reasons.join('; ') };
  return {
    ids: ids.slice(0, maxDatasets ?? undefined),
    notes: reasons.map((reason) => `Left out, ${reason}`),
  };
}

function someOf(ids: readonly string[]): string {
  const others = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(', ') + (others > 0 ? ` and ${others} more` : '');
}
