// Changes as text for a terminal: by day, the newest first, and by kind.

import { compareBytes } from '../../core/compare/byte-order.ts';
import type { Catalogue } from '../../core/documents/catalogue.ts';
import { moment } from '../../core/documents/format.ts';
import { CHANGE_KINDS, type Change, countChanges } from '../../core/history/classify.ts';
import { dayOf } from '../../core/history/paths.ts';
import type { ChangesSince } from '../../core/history/read-changes.ts';
import { BY_RULES, CHANGE_WORDS, changeWords, countsText } from '../../core/history/words.ts';
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
  const days = [...Map.groupBy(changes, ({ run }) => dayOf(run))].map(([day, of]) =>
    [day, ...dayLines(catalogue, of)].join('\n'),
  );
  return [`${title}, from ${from} to ${moment(until)}\n${counts}`, ...days]
    .join('\n\n')
    .concat('\n');
}

function dayLines(catalogue: Catalogue, changes: readonly Change[]): string[] {
  const [byRules = [], others = []] = [true, false].map((isByRules) =>
    changes.filter(({ because }) => (because !== undefined) === isByRules),
  );
  const groups: (readonly [string, readonly Change[]])[] = [
    ...CHANGE_KINDS.map(
      (kind) => [CHANGE_WORDS[kind], others.filter((change) => change.kind === kind)] as const,
    ),
    [BY_RULES, byRules],
  ];
  return groups.flatMap(([name, of]) =>
    of.length === 0 ? [] : [`  ${name}`, ...changeLines(catalogue, of)],
  );
}

function changeLines(catalogue: Catalogue, changes: readonly Change[]): string[] {
  const width = Math.max(...changes.map(({ id }) => id.length));
  return changes
    .toSorted((a, b) => compareBytes(a.id, b.id))
    .map((change) => `    ${change.id.padEnd(width)}  ${plain(changeWords(catalogue, change))}`);
}
