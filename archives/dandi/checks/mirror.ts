// Is there a mirror that anybody can read, and is it as new as the draft? (C1, C2, C3)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { instantOf } from '../instant.ts';
import { commit, count, embargo, error, text, time, warning } from './shapes.ts';

const FINDINGS = {
  leak: error(
    'Embargoed, but public',
    'The dandiset is embargoed, and anybody can read its mirror.',
    'Make the repository private at once.',
  ),
  'repo-not-found': error(
    'Mirror missing',
    'There is no public repository for this dandiset.',
    'Run the backup for this dandiset, or make its repository public.',
  ),
  'repo-disabled': error(
    'Mirror disabled',
    'GitHub disabled this repository or took it down.',
    'Find out why, and resolve it with GitHub.',
  ),
  'repo-empty': error(
    'Mirror empty',
    'The repository is there, but it holds no branch and no tag.',
    'Run the backup for this dandiset and push its branches.',
  ),
  'draft-missing': error(
    'No draft branch',
    'The mirror has no branch named draft.',
    'Push the branch draft.',
  ),
  clock: error(
    'Mirror newer than the draft',
    'The state of the mirror is newer than the draft. The backup tool stops on this.',
    'Find out which of the two times is wrong, and correct the state file.',
  ),
  'state-missing': error(
    'No state',
    'The mirror does not say which state of the draft it holds.',
    'Run the backup for this dandiset.',
  ),
  lag: error(
    'More than three days late',
    'The draft changed more than three days ago, and the mirror does not have it yet.',
    'Find out why the backup of this dandiset fails, and run it.',
  ),
  late: warning(
    'Late',
    'The draft changed more than six hours ago, and the mirror does not have it yet.',
    'Look whether the backup still runs.',
  ),
  'head-mismatch': warning(
    'Default branch is not draft',
    'The default branch of the mirror is not draft, so a clone shows something else.',
    'Make draft the default branch.',
  ),
  'annex-branch-missing': warning(
    'No git-annex branch',
    'The mirror has no git-annex branch, so a clone cannot find its annexed files.',
    'Push the branch git-annex.',
  ),
};

const evidence = z.object({
  embargo,
  /** When the draft last changed; null for one that is embargoed, like the next two. */
  modified: time.nullable(),
  /** The answer for the repository, to somebody without a token. */
  repository: z.enum(['readable', 'not-found', 'disabled']),
  /** The branch that HEAD names. */
  head: text.nullable(),
  draft: commit.nullable(),
  annex: commit.nullable(),
  refs: count,
  /** The time in `.dandi/assets-state.json`; null if there is none that can be read. */
  state: time.nullable(),
  /** Seconds since the draft changed, at the measurement. */
  lag: z.int().nullable(),
  /** Seconds since the dandiset was created. */
  age: z.int().nullable(),
});
type Evidence = z.infer<typeof evidence>;

export const HOUR = 3600;
/** What most changes take is far less: 79 % of 300 real ones are there after so long. */
const EXPECTED = 6 * HOUR;
const LATE = 72 * HOUR;
const NEW = 24 * HOUR;
const DRAFT = 'draft';

type Name = keyof typeof FINDINGS;

function judge(seen: Evidence): readonly Name[] {
  const { repository, draft, head, annex, refs } = seen;
  if (seen.embargo !== 'OPEN') return repository === 'readable' ? ['leak'] : [];
  if (repository === 'disabled') return ['repo-disabled'];
  if (repository === 'not-found') return isNew(seen) ? [] : ['repo-not-found'];
  if (refs === 0) return ['repo-empty'];
  return [
    ...(draft === null ? (['draft-missing'] as const) : freshness(seen)),
    // Without that branch no HEAD can name it.
    ...(head === DRAFT || draft === null ? [] : (['head-mismatch'] as const)),
    ...(annex === null ? (['annex-branch-missing'] as const) : []),
  ];
}

/** The draft changed so recently that the tool need not have been there yet. */
export function isOnItsWay(
  { state, modified }: Pick<Evidence, 'state' | 'modified'>,
  lag: number | null,
): boolean {
  const held = state === null ? null : instantOf(state);
  const now = instantOf(modified ?? '');
  return held !== null && now !== null && held < now && lag !== null && lag <= EXPECTED;
}

const isNew = ({ age }: Evidence): boolean => age !== null && age < NEW;

function freshness({ state, modified, lag }: Evidence): readonly Name[] {
  const held = state === null ? null : instantOf(state);
  if (held === null) return ['state-missing'];
  const now = instantOf(modified ?? '') ?? 0;
  if (held === now) return [];
  if (held > now) return ['clock'];
  if (lag === null || lag <= EXPECTED) return [];
  return lag <= LATE ? ['late'] : ['lag'];
}

function reasonOf(seen: Evidence): string | null {
  const { repository } = seen;
  if (seen.embargo === 'UNEMBARGOING') return 'unembargoing';
  if (seen.embargo === 'EMBARGOED') return null;
  if (repository === 'not-found') return 'new';
  return isOnItsWay(seen, seen.lag) ? 'lag' : null;
}

export const mirror = defineCheck({
  id: 'mirror',
  file: 'mirror',
  title: 'The mirror of a dandiset: refs, state and verdict',
  of: 'names',
  stage: 'check-mirror',
  words: {
    name: 'Mirror',
    asks: 'Is there a mirror that anybody can read, and is it as new as the draft?',
    ok: 'The mirror holds the newest draft.',
  },
  column: { id: 'mirror', name: 'Mirror', label: 'Mirror' },
  ofEntry: true,
  findings: FINDINGS,
  reasons: { new: {}, lag: {}, unembargoing: {} },
  evidence,
  judge: (seen: object) => judge(seen as Evidence),
  reasonOf: (seen: object) => reasonOf(seen as Evidence),
});
