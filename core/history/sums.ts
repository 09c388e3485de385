// Whether the numbers of a run add up.

import { STATUSES } from '../documents/vocabulary.ts';

/**
 * Numbers that do not add up: the statuses of a check, or of all, with those that were not checked
 * must give `total`.
 * @param counts null where a run does not have the number
 * @returns names of checks, and `overall`
 */
export function wrongSums(counts: Readonly<Record<string, number | null>>): string[] {
  const groups = new Map<string, number>();
  for (const [name, count] of Object.entries(counts)) {
    const [first = '', second = ''] = name.split('.');
    const isStatus = (STATUSES as readonly string[]).includes(second);
    const group = first === 'notChecked' ? second : isStatus ? first : null;
    if (group !== null && count !== null) groups.set(group, (groups.get(group) ?? 0) + count);
  }
  return [...groups].flatMap(([group, sum]) => (sum === counts.total ? [] : [group]));
}
