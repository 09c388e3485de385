// What changed, in lines for a mail, as the command `changes` says it.

import type { Catalogue } from '../documents/catalogue.ts';
import { visible } from '../documents/visible.ts';
import { CHANGE_KINDS, changesOf, countChanges } from './classify.ts';
import type { RunEvent } from './documents.ts';
import { CHANGE_WORDS, changeWords, countsText } from './words.ts';

/** In a mail nobody reads more; the page has all. */
const MOST_LINES = 50;

/** Empty if nothing changed but by other rules. */
export function changesLines(catalogue: Catalogue, events: readonly RunEvent[]): string[] {
  const changes = events.flatMap(changesOf).filter(({ because }) => because === undefined);
  if (changes.length === 0) return [];
  const groups = CHANGE_KINDS.flatMap((kind) => {
    const of = changes.filter((change) => change.kind === kind);
    if (of.length === 0) return [];
    const lines = of.slice(0, MOST_LINES).map((change) => {
      return `  ${change.id}  ${visible(changeWords(catalogue, change))}`;
    });
    const more = of.length - lines.length;
    return [CHANGE_WORDS[kind], ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
  });
  return [`${countsText(countChanges(changes), catalogue.words.entry)}.`, '', ...groups];
}
