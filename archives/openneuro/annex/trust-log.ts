// `trust.log` of a git-annex branch: which repositories are dead.

import { newestByUuid } from '../../../core/protocols/git/annex-log.ts';

const DEAD = 'X';

/** UUIDs of the repositories that were declared dead and not declared alive since. */
export function deadRepositories(log: string): Set<string> {
  const trust = newestByUuid(log);
  return new Set(Array.from(trust).flatMap(([uuid, words]) => (words[0] === DEAD ? [uuid] : [])));
}
