// `KEY.log.web` and `KEY.log` of a git-annex branch: where the content of a key can be had. Of
// several lines about one address or one repository the newest counts.

import { linesOf, parseTimestamp } from '../../../core/protocols/git/annex-log.ts';

/** The remote for embargoed content: its claims stay after the unembargo, and are no copy. */
export const EMBARGO_REMOTE = 'cf13d535-b47c-5df6-8590-0793cb08a90a';
export const WEB_REMOTE = '00000000-0000-0000-0000-000000000001';

/** Lines are `time flag value`: the values whose newest line has the flag `1`. */
function present(log: string): string[] {
  const newest = new Map<string, { at: bigint; isPresent: boolean }>();
  for (const line of linesOf(log)) {
    const [time, flag = '', ...rest] = line.split(' ');
    const at = parseTimestamp(time);
    const value = rest.join(' ');
    if (at === null || value === '' || (flag !== '0' && flag !== '1')) continue;
    const known = newest.get(value);
    // Of equal times the line that takes back counts.
    if (known && (known.at > at || (known.at === at && !known.isPresent))) continue;
    newest.set(value, { at, isPresent: flag === '1' });
  }
  return [...newest].flatMap(([value, { isPresent }]) => (isPresent ? [value] : []));
}

/**
 * Addresses that count, from a key's `.log.web`. A colon in front says that another special remote
 * claims the address.
 */
export const liveAddresses = (log: string): string[] =>
  present(log).filter((address) => !address.startsWith(':'));

/** UUIDs of the repositories that are said to hold a key, from its `.log`. */
export const holdersOf = (log: string): string[] => present(log);
