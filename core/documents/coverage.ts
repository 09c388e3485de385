// How much of an export was compared by content, as one sentence. The page also uses it.

import type { Shown } from './catalogue.ts';
import type { Row } from './rows.ts';

/** Files by comparison depth: size and hash, size only, none. */
export interface Compared {
  readonly content: number;
  readonly size: number;
  readonly none: number;
}

/** A row's coverage, if one of its checks has it. */
export function comparedOf({ checks }: Pick<Shown, 'checks'>, row: Row): Compared | null {
  for (const { id, coverage } of checks) {
    const { content, size, none } = row.checks[id]?.numbers ?? {};
    if (!coverage || content === undefined || size === undefined || none === undefined) continue;
    return { content, size, none };
  }
  return null;
}

/**
 * Whole percents that add up to 100. A share above zero is at least 1 %, so no other share shows
 * 100 %.
 * @returns null if there was no file
 */
export function percents({ content, size, none }: Compared): Compared | null {
  const total = content + size + none;
  if (total === 0) return null;
  const shares = [content, size, none].map((files) => {
    const exact = (100 * files) / total;
    return { exact, percent: files > 0 ? Math.max(1, Math.floor(exact)) : 0 };
  });
  const sum = () => shares.reduce((all, { percent }) => all + percent, 0);
  const most = (score: (share: (typeof shares)[number]) => number) =>
    shares.reduce((best, share) => (score(share) > score(best) ? share : best));
  // The largest remainders are rounded up; raises to 1 % are taken from the largest share.
  while (sum() < 100) most(({ exact, percent }) => exact - percent).percent += 1;
  while (sum() > 100) most(({ percent }) => percent).percent -= 1;
  const [byContent = 0, bySize = 0, notAtAll = 0] = shares.map(({ percent }) => percent);
  return { content: byContent, size: bySize, none: notAtAll };
}

/**
 * `content compared in 87 % of files, size in 5 %, 8 % not comparable`: the rest of a sentence, or
 * its beginning with `capital`.
 */
export function coverage(compared: Compared): string {
  const shares = percents(compared);
  if (shares === null) return 'no file to compare';
  const { content, size, none } = shares;
  if (none === 100) return 'no file comparable';
  const parts = [
    content > 0 && `content compared in ${content} % of files`,
    size > 0 && (content > 0 ? `size in ${size} %` : `size compared in ${size} % of files`),
    none > 0 && `${none} % not comparable`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}

/** The same for a narrow cell: the deepest comparison made. */
export function briefCoverage(compared: Compared): string | null {
  const shares = percents(compared);
  if (shares === null) return null;
  if (shares.content > 0) return `${shares.content} % by content`;
  return shares.size > 0 ? `${shares.size} % by size` : 'not comparable';
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
