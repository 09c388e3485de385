// Reads all pages of the registry into one list that can be trusted. A cursor may really be an
// offset, so a deletion during paging makes us miss entries (docs/checks.md#registry).

import { type Failed, failed } from '../failure.ts';
import type { Entry, EntrySource } from './entries.ts';

export interface EntriesReading {
  readonly kind: 'read';
  /** Without duplicates, in the registry's order. */
  readonly entries: readonly Entry[];
  /** At least as many whole entries came as the registry counts. */
  readonly complete: boolean;
  /** At least as many entries came as the registry counts, broken ones included. */
  readonly allShown: boolean;
  /** Broken entries; each may be a dataset that is missing from the list. */
  readonly broken: number;
  readonly notes: readonly string[];
}

/** A second reading finds what the first one missed; a third would rarely find more. */
const READINGS = 2;

export async function readEntries(
  source: EntrySource,
  signal: AbortSignal,
): Promise<EntriesReading | Failed> {
  const entries = new Map<string, Entry>();
  let brokenEntries: readonly string[] = [];
  let notes: readonly string[] = [];
  let count: number | null = null;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const broken: string[] = [];
    const told = new Set<string>();
    let pages = 0;
    for await (const event of source.pages(signal)) {
      if (event.kind === 'failed') return event;
      pages += 1;
      count = event.value.count ?? count;
      for (const note of event.value.notes) told.add(note);
      for (const entry of event.value.entries) entries.set(entry.id, entry);
      for (const { id, detail } of event.value.broken) {
        broken.push(id === null ? detail : `${id}: ${detail}`);
      }
    }
    if (pages === 0) return failed('cut-short', 'the registry gave no page');
    brokenEntries = broken;
    notes = [...broken.map((detail) => `Broken registry entry: ${detail}`), ...told];
    if (count === null || entries.size + broken.length >= count) break;
  }

  const allShown = count !== null && entries.size + brokenEntries.length >= count;
  const complete = allShown && brokenEntries.length === 0;
  const short =
    count === null
      ? 'The registry does not say how many datasets it has.'
      : `The registry says it has ${count} datasets and showed ${entries.size}.`;
  return {
    kind: 'read',
    entries: [...entries.values()],
    complete,
    allShown,
    broken: brokenEntries.length,
    notes: allShown ? notes : [...notes, short],
  };
}
