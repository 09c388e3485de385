// The datasets of a run: all, or those that were named. A name that the registry does not have is the
// error of the person who gave it, so the run is refused before it writes anything.

import type { Registry } from '../documents/documents.ts';
import type { RunRecord } from '../documents/records.ts';

/** Only what the choice depends on. */
export type Listed = Pick<Registry, 'latestSnapshots' | 'skipped'>;

export type Wish = Pick<
  RunRecord['request'],
  'datasets' | 'maxDatasets' | 'skipUnknown' | 'changed'
>;

/** Whether a run is over all entries; one over some leaves everything else as it is. */
export const isOverAll = ({ datasets, maxDatasets, changed }: Wish): boolean =>
  datasets === null && maxDatasets === null && changed !== true;

/** More would only fill the screen. */
const MOST_NAMED = 5;

/** In the registry's order if none are named, or why there are none. */
export function chooseDatasets(
  { latestSnapshots, skipped }: Listed,
  { datasets, maxDatasets, skipUnknown }: Wish,
): { readonly ids: readonly string[] } | { readonly why: string } {
  const named = datasets ?? Object.keys(latestSnapshots);
  const isListed = (id: string) => Object.hasOwn(latestSnapshots, id);
  const ids = named.filter(isListed);
  const unknown = named.filter((id) => !isListed(id));
  if (unknown.length === 0 || (skipUnknown && ids.length > 0)) {
    return { ids: ids.slice(0, maxDatasets ?? undefined) };
  }
  const empty = unknown.filter((id) => Object.hasOwn(skipped, id));
  const why =
    empty.length === unknown.length
      ? `no snapshot yet, so there is nothing to check: ${someOf(unknown)}`
      : `not in the registry: ${someOf(unknown.filter((id) => !empty.includes(id)))}`;
  return { why };
}

function someOf(ids: readonly string[]): string {
  const others = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(', ') + (others > 0 ? ` and ${others} more` : '');
}
