// Reads all pages of the registry into one list that can be trusted. A cursor may really be an
// offset, so a deletion during paging makes us miss entries (docs/checks.md#registry). A reading
// that was cut off is resumed, if what was kept of it still fits.

import { type Failed, failed } from '../failure.ts';
import type { Entry, EntryPage, EntrySource } from './entries.ts';

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

/** Some pages of a reading, in order. */
export interface KeptPart {
  /** 0, or 1 for the second reading. */
  readonly reading: number;
  /** Place of the first of these pages in its reading. */
  readonly from: number;
  readonly pages: readonly EntryPage[];
}

/** Where a reading is kept, so that the next try of the same run resumes it. */
export interface KeptPages {
  /** In the order in which they were kept; none that is too old to be resumed. */
  load(): Promise<readonly KeptPart[]>;
  keep(part: KeptPart): Promise<void>;
}

/** A second reading finds what the first one missed; a third would rarely find more. */
const READINGS = 2;
/** More than a minute of reading, and more pages than the archive has today. */
const KEPT_TOGETHER = 50;

/** @throws the signal's reason when it is aborted; the pages read until then are kept */
export async function readEntries(
  source: EntrySource,
  signal: AbortSignal,
  kept?: KeptPages,
): Promise<EntriesReading | Failed> {
  const begun = readingsOf((await kept?.load()) ?? []);
  const entries = new Map<string, Entry>();
  let brokenEntries: readonly string[] = [];
  let notes: readonly string[] = [];
  let count: number | null = null;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const pages = await readPages(source, signal, { reading, begun: begun[reading] ?? [], kept });
    if ('reason' in pages) return pages;
    if (pages.length === 0) return failed('cut-short', 'the registry gave no page');
    const broken: string[] = [];
    const told = new Set<string>();
    for (const page of pages) {
      count = page.count ?? count;
      for (const note of page.notes) told.add(note);
      for (const entry of page.entries) entries.set(entry.id, entry);
      for (const { id, detail } of page.broken) {
        broken.push(id === null ? detail : `${id}: ${detail}`);
      }
    }
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

interface Begun {
  readonly reading: number;
  /** Pages of an earlier try. */
  readonly begun: readonly EntryPage[];
  readonly kept: KeptPages | undefined;
}

/**
 * The pages of one reading. One that is resumed asks for its last page again: if that shows other
 * entries now, the pages before it have moved too, and the reading starts over.
 */
async function readPages(
  source: EntrySource,
  signal: AbortSignal,
  { reading, begun, kept }: Begun,
): Promise<readonly EntryPage[] | Failed> {
  const last = begun.at(-1);
  if (last?.next === null) return begun;
  const pages = begun.slice(0, -1);
  let inDoubt = last;
  let keptPages = begun.length;
  const keep = async () => {
    if (pages.length <= keptPages) return;
    await kept?.keep({ reading, from: keptPages, pages: pages.slice(keptPages) });
    keptPages = pages.length;
  };
  try {
    for await (const event of source.pages(signal, pages.at(-1)?.next ?? undefined)) {
      if (event.kind === 'failed') return event;
      if (inDoubt && !showsSame(inDoubt, event.value)) {
        return readPages(source, signal, { reading, begun: [], kept });
      }
      inDoubt = undefined;
      pages.push(event.value);
      if (pages.length - keptPages >= KEPT_TOGETHER) await keep();
    }
  } catch (error) {
    if (signal.aborted) await keep();
    throw error;
  }
  // What comes after so long a reading may be cut off, too.
  if (keptPages > 0) await keep();
  return pages;
}

function showsSame(before: EntryPage, now: EntryPage): boolean {
  const shown = now.entries.map(({ id }) => id);
  // New entries come last, so the last page of the list may have grown.
  return before.entries.every(({ id }, place) => shown[place] === id);
}

/** Pages by reading. A part that does not continue the one before it is of another try. */
function readingsOf(parts: readonly KeptPart[]): readonly (readonly EntryPage[])[] {
  const readings: EntryPage[][] = [];
  for (const { reading, from, pages } of parts) {
    // The beginning of another reading: what was kept before no longer counts.
    if (from === 0) readings.length = reading;
    readings[reading] ??= [];
    if (from === readings[reading].length) readings[reading].push(...pages);
  }
  return readings;
}
