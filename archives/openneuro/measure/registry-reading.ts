// One trustworthy reading of the registry out of its pages: the cursor is an offset in disguise,
// so a deletion while paging shifts items past us (docs/checks.md#registry).

import { type Failed, failed } from '../../../core/failure.ts';
import type { StageContext } from '../../../core/monitor/context.ts';
import type { RegistryDataset } from '../../../core/protocols/sources.ts';

export interface RegistryReading {
  readonly kind: 'read';
  /** Without duplicates, in the registry's order. */
  readonly datasets: readonly RegistryDataset[];
  /** Everything the registry says it has was seen whole. */
  readonly complete: boolean;
  /** As many entries came as the registry says it has, broken ones counted. */
  readonly allShown: boolean;
  /** Entries that came broken: each may be a dataset that is not among the others. */
  readonly broken: number;
  readonly notes: readonly string[];
}

/** A second reading fills what shifted out of the first; a third would hardly see more. */
const READINGS = 2;

export async function readRegistry(context: StageContext): Promise<RegistryReading | Failed> {
  const datasets = new Map<string, RegistryDataset>();
  let brokenEntries: readonly string[] = [];
  let notes: readonly string[] = [];
  let count: number | null = null;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const broken: string[] = [];
    const told = new Set<string>();
    let pages = 0;
    for await (const event of context.registry.pages(context.signal)) {
      if (event.kind === 'failed') return event;
      pages += 1;
      count = event.value.count ?? count;
      for (const note of event.value.notes) told.add(note);
      for (const dataset of event.value.datasets) datasets.set(dataset.id, dataset);
      for (const { id, detail } of event.value.broken) {
        broken.push(id === null ? detail : `${id}: ${detail}`);
      }
    }
    if (pages === 0) return failed('cut-short', 'the registry gave no page');
    brokenEntries = broken;
    notes = [...broken.map((detail) => `Broken registry entry: ${detail}`), ...told];
    if (count === null || datasets.size + broken.length >= count) break;
  }

  const allShown = count !== null && datasets.size + brokenEntries.length >= count;
  const complete = allShown && brokenEntries.length === 0;
  const short =
    count === null
      ? 'The registry does not say how many datasets it has.'
      : `The registry says it has ${count} datasets and showed ${datasets.size}.`;
  return {
    kind: 'read',
    datasets: [...datasets.values()],
    complete,
    allShown,
    broken: brokenEntries.length,
    notes: allShown ? notes : [...notes, short],
  };
}
