// Changes as text for a terminal: by day, the newest first, and by kind.

import type { Catalogue } from '../../core/documents/catalogue.ts';
import { moment } from '../../core/documents/format.ts';
import { changesByDay } from '../../core/history/changes-lines.ts';
import { countChanges } from '../../core/history/classify.ts';
import type { ChangesSince } from '../../core/history/read-changes.ts';
import { countsText } from '../../core/history/words.ts';
import { plain } from './format.ts';

export function changesText(
  catalogue: Catalogue,
  { since, until, firstRun, changes }: ChangesSince,
): string {
  const { title, entry } = catalogue.words;
  const from = since === null ? `the first run (${moment(firstRun)})` : moment(since);
  if (until === firstRun) {
    return `${title}: the run of ${moment(until)} is the first one; there is nothing to compare it with\n`;
  }
  const counts = countsText(countChanges(changes), entry) || 'Nothing changed';
  const days = changesByDay(catalogue, changes, { safe: plain });
  return [`${title}, from ${from} to ${moment(until)}\n${counts}`, ...days]
    .join('\n\n')
    .concat('\n');
}
