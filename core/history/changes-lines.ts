// Changes by day and kind, in lines for a terminal or a mail.

import { compareBytes } from '../compare/byte-order.ts';
import type { Catalogue } from '../documents/catalogue.ts';
import { CHANGE_KINDS, type Change } from './classify.ts';
import { dayOf } from './paths.ts';
import { BY_RULES, CHANGE_WORDS, changeWords } from './words.ts';

export interface LineOptions {
  /** Makes foreign text harmless where it is shown. */
  readonly safe: (text: string) => string;
  /** At most so many lines of a day and kind; the rest is counted. */
  readonly most?: number;
}

/**
 * A text for each day, in the order of the changes.
 * @param changes those of a day one after the other
 */
export function changesByDay(
  catalogue: Catalogue,
  changes: readonly Change[],
  options: LineOptions,
): string[] {
  return [...Map.groupBy(changes, ({ run }) => dayOf(run))].map(([day, of]) =>
    [day, ...dayLines(catalogue, of, options)].join('\n'),
  );
}

function dayLines(
  catalogue: Catalogue,
  changes: readonly Change[],
  options: LineOptions,
): string[] {
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
    of.length === 0 ? [] : [`  ${name}`, ...changeLines(catalogue, of, options)],
  );
}

function changeLines(
  catalogue: Catalogue,
  changes: readonly Change[],
  { safe, most = Number.POSITIVE_INFINITY }: LineOptions,
): string[] {
  const shown = changes.toSorted((a, b) => compareBytes(a.id, b.id)).slice(0, most);
  const width = Math.max(...shown.map(({ id }) => id.length));
  const lines = shown.map(
    (change) => `    ${change.id.padEnd(width)}  ${safe(changeWords(catalogue, change))}`,
  );
  const more = changes.length - shown.length;
  return more > 0 ? [...lines, `    and ${more} more`] : lines;
}
