// The summary as a person would say it.

import { STATUSES, type Status } from '../../core/model/vocabulary.ts';
import { number } from '../shared/format.ts';

/** @param counts datasets by status, in the order of STATUSES */
export function sentence(counts: readonly number[]): string {
  const of = (status: Status): number => counts[STATUSES.indexOf(status)] ?? 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'No dataset has been looked at yet.';
  if (of('ok') === total) return `All ${number(total)} datasets agree everywhere.`;
  const work = of('error') + of('version-mismatch');
  const parts = [
    work > 0 && `${number(work)} ${work === 1 ? 'needs' : 'need'} work`,
    of('warning') > 0 &&
      `${number(of('warning'))} ${of('warning') === 1 ? 'has' : 'have'} a warning`,
    of('pending') > 0 && `${number(of('pending'))} ${of('pending') === 1 ? 'is' : 'are'} pending`,
  ].filter((part) => part !== false);
  return `${number(of('ok'))} of ${number(total)} datasets agree everywhere; ${listed(parts)}.`;
}

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
