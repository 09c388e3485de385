// Which findings each cause explains (docs/checks.md#causes): only those need no other cause.

import { expect, test } from 'vitest';
import { likelyCauses } from '../../../archives/openneuro/rules/causes.ts';
import {
  CHECK_SUBTYPES,
  type Check,
  CONTENT_CHECKS,
  NAME_CHECKS,
  type Subtype,
} from '../../../archives/openneuro/vocabulary.ts';
import { causeInput, type Loose } from '../../support/cause-input.ts';

const [OLD, NEW] = ['0', 'a'].map((digit) => digit.repeat(40)) as [string, string];
const finding = (subtype: string, ...tags: string[]) => ({ subtype, status: 'warning', tags });
const github = (...findings: object[]) => ({
  github: {
    ...{ head: 'main', branches: { main: NEW }, tags: { '1.0.0': OLD, '1.0.1': NEW }, error: null },
    findings,
  },
});
const recorded = (change: object) => ({
  annexRecord: { exportedTree: OLD, exportedTag: '1.0.1', exportedCommit: OLD, ...change },
});
const claimed = (...recordedVersions: object[]) =>
  recorded({ claimedMissing: 1, claimedMissingPaths: ['a'], recordedVersions });

/** The same dataset with one more finding of a check. */
function beside(given: Loose, check: Check, subtype: Subtype): Loose {
  type Document = Readonly<Record<string, readonly unknown[]>> | undefined;
  const document = (name: string) => given[name as keyof Loose] as Document;
  const more = (name: string, one: unknown, list = 'findings') => ({
    ...given,
    [name]: { ...document(name), [list]: [...(document(name)?.[list] ?? []), one] },
  });
  switch (check) {
    case 'github':
      return more('github', finding(subtype));
    case 's3Version':
      return { ...given, s3Version: { ...document('s3Version'), subtype } };
    case 's3Files':
      if (subtype === 'files-missing') return more('s3Diff', 'b', 'added');
      if (subtype === 'files-orphaned') return more('s3Diff', 'b', 'removed');
      return { ...given, s3Diff: { ...document('s3Diff'), exportMissing: true, added: ['b'] } };
    case 's3Access':
      return more('access', subtype);
    default:
      return more(check, subtype);
  }
}

const EVERY = [...NAME_CHECKS, ...CONTENT_CHECKS].flatMap((check) =>
  CHECK_SUBTYPES[check].map((subtype) => ({ check, subtype })),
);

test.each<[string, Loose, Subtype[]]>([
  [
    'repository-never-pushed',
    { github: { ...github().github, error: 'repo-empty' } },
    [
      'repo-not-found',
      'repo-disabled',
      'repo-empty',
      'tag-missing',
      'sha-mismatch',
      'head-mismatch',
      'head-unknown',
      'older-tag-missing',
      'annex-branch-missing',
    ],
  ],
  [
    'snapshot-not-pushed',
    github(finding('tag-missing', '1.0.1')),
    ['tag-missing', 'older-tag-missing', 'export-unknown'],
  ],
  [
    'snapshot-not-pushed',
    github(finding('older-tag-missing', '1.0.0')),
    ['tag-missing', 'older-tag-missing'],
  ],
  [
    'branch-not-pushed',
    { github: { ...github(finding('head-mismatch')).github, branches: { main: OLD } } },
    ['head-mismatch'],
  ],
  ['annex-branch-not-pushed', github(finding('annex-branch-missing')), ['annex-branch-missing']],
  [
    'tag-moved',
    { ...github(finding('sha-mismatch', '1.0.1')), strays: [{ tag: '1.0.1', hexsha: OLD }] },
    ['sha-mismatch'],
  ],
  [
    'export-never-ran',
    { s3Diff: { exportMissing: true } },
    [
      'description-missing',
      'export-missing',
      'files-missing',
      'files-orphaned',
      'export-unknown',
      'unversioned-keys',
      'remotes',
    ],
  ],
  [
    'export-never-ran',
    { s3Diff: { exportMissing: true }, annexRecord: {} },
    [
      'description-missing',
      'export-missing',
      'files-missing',
      'files-orphaned',
      'export-unknown',
      'unversioned-keys',
      'remotes',
    ],
  ],
  [
    'export-cut-short',
    recorded({ incompleteTrees: [NEW] }),
    [
      'export-missing',
      'files-missing',
      'files-orphaned',
      'claimed-missing',
      'export-incomplete',
      'unversioned-keys',
    ],
  ],
  [
    'export-cut-short',
    claimed({ path: 'a', version: null, inGit: false }),
    ['export-missing', 'files-missing', 'claimed-missing', 'unversioned-keys'],
  ],
  ['export-not-renewed', recorded({ exportedTag: '1.0.0' }), ['export-behind', 'unversioned-keys']],
  [
    'export-not-renewed',
    {
      s3Version: { subtype: 'doi-mismatch', versionSource: 'doi', extractedVersion: '1.0.0' },
    },
    ['doi-mismatch', 'export-behind', 'unversioned-keys'],
  ],
  [
    'objects-changed',
    claimed({ path: 'a', version: 'v1', inGit: false }),
    [
      'description-missing',
      'export-missing',
      'files-missing',
      'size-mismatch',
      'content-mismatch',
      'claimed-missing',
    ],
  ],
  [
    'objects-changed',
    {
      ...recorded({ recordedVersions: [{ path: 'a', version: null, inGit: false }] }),
      s3Content: {
        commit: OLD,
        sizeMismatches: 1,
        mismatches: [{ path: 'a', subtype: 'size-mismatch' }],
      },
    },
    [
      'description-missing',
      'export-missing',
      'files-missing',
      'size-mismatch',
      'content-mismatch',
      'claimed-missing',
      'unversioned-keys',
    ],
  ],
  [
    'files-left-behind',
    { ...recorded({}), s3Diff: { commit: OLD, removed: ['c'] } },
    ['files-orphaned'],
  ],
])('%s %#', (cause, given, explained) => {
  const causes = (input: Loose) => likelyCauses(causeInput(input)).map((one) => one.cause);
  expect(causes(given)).toEqual([cause]);
  const alone = EVERY.filter(
    ({ check, subtype }) => causes(beside(given, check, subtype)).join() === cause,
  );
  expect(alone.map(({ subtype }) => subtype)).toEqual(explained);
});
