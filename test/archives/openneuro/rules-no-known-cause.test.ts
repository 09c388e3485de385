// Every finding has a likely cause, or says that none is known and shows itself
// (docs/checks.md#causes).

import { describe, expect, test } from 'vitest';
import { likelyCauses } from '../../../archives/openneuro/rules/causes.ts';
import { noKnownCause } from '../../../archives/openneuro/rules/no-known-cause.ts';
import {
  CHECK_SUBTYPES,
  CONTENT_CHECKS,
  type ContentCheck,
  NAME_CHECKS,
  type NameCheck,
  SEVERITY,
  type Subtype,
} from '../../../archives/openneuro/vocabulary.ts';
import { causeInput, type Loose } from '../../support/cause-input.ts';
import { CAUSE_WORDS, ISSUE_WORDS } from '../../support/words.ts';

const ERRORS: readonly Subtype[] = ['repo-not-found', 'repo-disabled', 'repo-empty'];

type CheckOfCopies = NameCheck | ContentCheck;

/** A dataset with only this one finding of one check, and nothing else known. */
function withOnly(check: CheckOfCopies, subtype: Subtype): Loose {
  switch (check) {
    case 'github': {
      const error = ERRORS.includes(subtype) ? subtype : null;
      const findings = [{ subtype, status: SEVERITY[subtype], tags: ['1.0.1'] }];
      return { github: { error, findings } };
    }
    case 's3Version':
      return { s3Version: { subtype, versionSource: 'doi', extractedVersion: '9.9.9' } };
    case 's3Files':
      return {
        s3Diff: {
          exportMissing: subtype === 'export-missing',
          added: subtype === 'files-missing' ? ['a'] : [],
          removed: subtype === 'files-orphaned' ? ['a'] : [],
        },
      };
    case 's3Content':
      return { s3Content: { findings: [subtype], mismatches: [{ path: 'a', subtype }] } };
    case 's3Access': {
      const httpStatus = { archived: 200, 'listed-not-readable': 404 }[subtype as string] ?? 403;
      const archived = subtype === 'archived' ? true : undefined;
      return { access: { findings: [subtype], asked: [{ path: 'a', httpStatus, archived }] } };
    }
    case 'annexRecord':
      return { annexRecord: { findings: [subtype], claimedMissingPaths: ['a'] } };
  }
}

const COPIES: readonly CheckOfCopies[] = [...NAME_CHECKS, ...CONTENT_CHECKS];
const EVERY = COPIES.flatMap((check) =>
  CHECK_SUBTYPES[check].map((subtype) => ({ check, subtype, severity: SEVERITY[subtype] })),
);

test.each(EVERY)('$check: $subtype has a cause and a command that shows it', (one) => {
  expect(one.severity).not.toBe('ok');
  const likely = likelyCauses(causeInput(withOnly(one.check, one.subtype)));
  expect(likely.length).toBeGreaterThan(0);
  for (const { cause, verify, evidence } of likely) {
    expect(verify, cause).toMatch(/ds000001/);
    expect(verify, cause).not.toMatch(/undefined|null/);
    expect(evidence.join(' '), cause).not.toMatch(/undefined|null/);
    expect(evidence).not.toEqual([]);
  }
});

describe('no known cause', () => {
  const asked = [
    { path: 'open', httpStatus: 200 },
    { path: 'gone', httpStatus: 404 },
    { path: 'cold', httpStatus: 200, archived: true },
  ];
  const mismatches = [
    { path: 'short', subtype: 'size-mismatch' },
    { path: 'other', subtype: 'content-mismatch' },
  ];
  const REFS = / ls-remote --symref '[^']+\/ds000001\.git'$/;
  const DESCRIPTION = '/ds000001/dataset_description.json';
  const head = (path: string) => `curl -sSI 'https://s3.amazonaws.com/openneuro.org${path}'`;
  const LOG = /\{ git -C "\$clone" cat-file -p git-annex:export\.log; \}$/;

  test.each<[CheckOfCopies, Subtype, string | RegExp, object?]>([
    ['github', 'repo-disabled', REFS],
    ['github', 'head-mismatch', REFS],
    [
      's3Version',
      'doi-mismatch',
      `curl -sS 'https://s3.amazonaws.com/openneuro.org${DESCRIPTION}'`,
    ],
    ['s3Version', 'description-missing', head(DESCRIPTION)],
    [
      's3Files',
      'export-missing',
      "curl -sS 'https://s3.amazonaws.com/openneuro.org?list-type=2&prefix=ds000001/'",
      { s3Diff: { exportMissing: true, added: ['a'] }, annexRecord: { exportedTree: 'x' } },
    ],
    ['s3Files', 'files-missing', head('/ds000001/a'), { s3Diff: { added: ['a', 'b'] } }],
    ['s3Files', 'files-orphaned', head('/ds000001/c'), { s3Diff: { removed: ['c', 'd'] } }],
    ['s3Content', 'size-mismatch', head('/ds000001/short')],
    ['s3Content', 'content-mismatch', head('/ds000001/other')],
    ['s3Access', 'archived', head('/ds000001/cold')],
    ['s3Access', 'listed-not-readable', head('/ds000001/gone')],
    ['annexRecord', 'claimed-missing', head('/ds000001/a')],
    ['annexRecord', 'export-behind', LOG],
    ['annexRecord', 'export-unknown', LOG],
    ['annexRecord', 'unversioned-keys', / ls-tree -r --name-only git-annex \| grep -c /],
    ['annexRecord', 'remotes', /git-annex:remote\.log; .*git-annex:trust\.log; \}$/],
  ])('of %s: %s is shown where it is', (check, subtype, command, more = {}) => {
    const given = {
      ...withOnly(check, subtype),
      ...(check === 's3Content' && { s3Content: { findings: [subtype], mismatches } }),
      ...(check === 's3Access' && { access: { findings: [subtype], asked } }),
      ...more,
    };
    const found = likelyCauses(causeInput(given));
    expect(found.map(({ cause }) => cause)).toEqual(['no-known-cause']);
    if (typeof command === 'string') expect(found[0]?.verify).toBe(command);
    else expect(found[0]?.verify).toMatch(command);
  });

  test('a command that shows many findings is given once', () => {
    const findings = ['head-unknown', 'head-mismatch'].map((subtype) => ({ subtype, tags: [] }));
    const [only] = likelyCauses(causeInput({ github: { findings } }));
    expect(only?.evidence).toHaveLength(2);
    expect(only?.verify).toMatch(REFS);
    expect(only?.verify?.split('\n')).toHaveLength(1);
  });

  test('names each finding, and shows each by a line of its own', () => {
    const input = { ...withOnly('github', 'sha-mismatch'), ...withOnly('s3Version', 'no-doi') };
    const [only, ...others] = likelyCauses(causeInput(input));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ cause: 'no-known-cause', mend: null });
    expect(only?.evidence).toEqual(
      (['github:sha-mismatch', 's3Version:no-doi'] as const).map((one) => ISSUE_WORDS[one].says),
    );
    expect(only?.verify?.split('\n')).toHaveLength(2);
    const archive = { ...causeInput({}).archive, origin: 'sample' };
    expect(likelyCauses(causeInput({ ...input, archive }))).toMatchObject([{ verify: null }]);
  });

  test('is said beside a known one of another finding, and not of what that explains', () => {
    const input = { ...withOnly('github', 'tag-missing'), ...withOnly('s3Access', 'archived') };
    const likely = likelyCauses(causeInput(input));
    expect(likely.map(({ cause }) => cause)).toEqual(['snapshot-not-pushed', 'no-known-cause']);
    expect(likely[1]?.evidence).toHaveLength(1);
  });

  test('is not said of copies that agree, nor of findings that do not count yet', () => {
    const waitsUntil = '2026-12-01T00:00:00.000Z';
    const inStep = { github: {}, s3Version: {}, s3Diff: {}, s3Content: {}, access: {} };
    expect(likelyCauses(causeInput({ ...inStep, annexRecord: {} }))).toEqual([]);
    for (const [check, subtype] of [
      ['s3Version', 'description-missing'],
      ['s3Files', 'files-missing'],
      ['annexRecord', 'unversioned-keys'],
    ] as const) {
      const given = withOnly(check, subtype);
      expect(likelyCauses(causeInput({ ...given, waitsUntil })), subtype).toEqual([]);
      expect(likelyCauses(causeInput(given)), subtype).not.toEqual([]);
    }
    const counts = causeInput({ ...withOnly('s3Content', 'content-mismatch'), waitsUntil });
    expect(likelyCauses(counts)).toMatchObject([{ cause: 'no-known-cause' }]);
  });

  test('where the mirror has no address, the other commands are given alone', () => {
    const input = { ...withOnly('github', 'sha-mismatch'), ...withOnly('s3Version', 'no-doi') };
    const archive = { ...causeInput({}).archive, mirrorUrl: null };
    const [only] = likelyCauses(causeInput({ ...input, archive }));
    expect(only?.evidence).toHaveLength(2);
    expect(only?.verify).toMatch(/^curl [^\n]*$/);
  });

  test('explains each finding that nothing else does', () => {
    const input = causeInput(withOnly('github', 'sha-mismatch'));
    expect(noKnownCause(input, new Set())?.explains).toEqual(['sha-mismatch']);
    expect(noKnownCause(input, new Set(['sha-mismatch']))).toBeNull();
  });

  test('has no command that fixes, so no caution', () => {
    expect(CAUSE_WORDS['no-known-cause']).toMatchObject({ caution: null, changes: 0 });
  });
});

test('only a command that exists is called untested', () => {
  const closed = causeInput(withOnly('s3Version', 'blocked'));
  expect(likelyCauses(closed)[0]).toMatchObject({ untested: true });
  const archive = { ...closed.archive, origin: 'sample' as const };
  expect(likelyCauses({ ...closed, archive })[0]).toMatchObject({ mend: null, verify: null });
  expect(likelyCauses({ ...closed, archive })[0]).not.toHaveProperty('untested');
});
