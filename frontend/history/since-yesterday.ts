// What changed since yesterday, in one sentence.

import { longDate } from '../../core/documents/format.ts';
import { changesOf, countChanges } from '../../core/history/classify.ts';
import { INDEX_PATH } from '../../core/history/paths.ts';
import { readChanges } from '../../core/history/read-changes.ts';
import { countsText } from '../../core/history/words.ts';
import { ENTRY } from '../shared/catalogue.ts';
import { type Index, loadChanges, loadHistory } from './documents.ts';

/** A run is yesterday's if the newest one followed so soon after it, and is itself no older. */
const A_DAY_MS = 26 * 60 * 60 * 1000;
/** How far back the last change is looked for. */
const MONTHS_BACK = 12;

/**
 * @param now milliseconds since 1970
 * @throws Error if a document of the history could not be loaded
 */
export async function sinceYesterday(index: Index, now: number): Promise<string> {
  const { months, firstRun } = index;
  const read = async (path: string) => (path === INDEX_PATH ? index : loadHistory(path));
  const found = await readChanges(read, 'yesterday');
  if (!found?.since) {
    return `The history begins on ${longDate(firstRun)}: changes show from the next day on.`;
  }
  const { since, until, changes } = found;
  if (changes.length > 0) {
    const isYesterday =
      Date.parse(until) - Date.parse(since) <= A_DAY_MS && now - Date.parse(until) <= A_DAY_MS;
    const when = isYesterday ? 'Since yesterday' : `Since ${longDate(since)}`;
    return `${when}: ${countsText(countChanges(changes), ENTRY) || 'only what new rules changed'}`;
  }
  for (const month of months.toReversed().slice(0, MONTHS_BACK)) {
    const loaded = await loadChanges(month);
    if (loaded.kind !== 'loaded') throw new Error(loaded.kind);
    const last = loaded.value.findLast((event) => changesOf(event).length > 0);
    if (last) return `Nothing changed since ${longDate(last.run)}.`;
  }
  return months.length > MONTHS_BACK
    ? 'Nothing has changed for a year.'
    : `Nothing changed since ${longDate(firstRun)}.`;
}
