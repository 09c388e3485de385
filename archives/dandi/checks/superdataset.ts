// Does the superdataset have the mirror, at its newest commit? (C18)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { HOUR } from './mirror.ts';
import { commit, error, instant, text, warning } from './shapes.ts';

const FINDINGS = {
  'super-duplicate': error(
    'Twice in the superdataset',
    'The superdataset describes this dandiset more than once.',
    'Remove the section of .gitmodules that is too many.',
  ),
  'super-wrong': error(
    'Wrong in the superdataset',
    'The superdataset gives another address or another path for this dandiset.',
    'Correct its section of .gitmodules.',
  ),
  'super-missing': warning(
    'Not in the superdataset',
    'The superdataset does not have this dandiset.',
    'Run the backup; it adds new dandisets at its end.',
  ),
  'super-stale': warning(
    'Old in the superdataset',
    'The superdataset has had another commit than the mirror for more than a day.',
    'Look for a mirror that fails: the superdataset is only committed when none does.',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  section: z.enum(['none', 'one', 'several']),
  path: text.nullable(),
  url: text.nullable(),
  /** How its address should end: organization and id. */
  expected: text,
  /** `github-access-status`. */
  access: text.nullable(),
  gitlink: commit.nullable(),
  /** The mirror's branch `draft`. */
  draft: commit.nullable(),
  /** Seconds since the dandiset was created. */
  age: z.int(),
  /** When the two commits were first seen to differ; null if they do not. */
  differsSince: instant.nullable(),
  /** Seconds since then. */
  differsFor: z.int(),
});
type Evidence = z.infer<typeof evidence>;

const DAY = 24 * HOUR;

function judge(seen: Evidence): readonly Name[] {
  const { section, path, url, expected, gitlink, age, differsSince, differsFor } = seen;
  if (section === 'several') return ['super-duplicate'];
  if (section === 'none') return age > DAY ? ['super-missing'] : [];
  const isRight = path !== null && url !== null && placeIn(url) === expected;
  if (!isRight || gitlink === null) return ['super-wrong'];
  return differsSince !== null && differsFor > DAY ? ['super-stale'] : [];
}

/** The path of an address, without `.git`. */
const placeIn = (url: string): string | undefined =>
  URL.parse(url)?.pathname.replace(/^\/|\/?(?:\.git)?\/?$/g, '');

function reasonOf({ section, differsSince }: Evidence): string | null {
  if (section === 'none') return 'super-new';
  return differsSince === null ? null : 'super-moving';
}

export const superdataset = defineCheck({
  id: 'superdataset',
  file: 'superdataset',
  title: 'A dandiset in the superdataset',
  of: 'names',
  stage: 'check-mirror',
  words: {
    name: 'Superdataset',
    asks: 'Does the superdataset have the mirror, at its newest commit?',
    ok: 'The superdataset has the newest commit of the mirror.',
  },
  findings: FINDINGS,
  reasons: { 'super-new': {}, 'super-moving': {}, embargoed: {}, 'no-mirror': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as Evidence),
  reasonOf: (seen: object) => reasonOf(seen as Evidence),
});
