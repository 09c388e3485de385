// What the commands of each cause ask and change (section 13): the file, the tag, the branch.

import { describe, expect, test } from 'vitest';
import type { AnnexRecord, S3Content, S3Diff } from '../../../core/model/documents.ts';
import { type CauseInput, likelyCauses } from '../../../core/openneuro/rules/causes.ts';
import { OPENNEURO } from '../../support/stage-context.ts';

const NOTHING: CauseInput = {
  archive: OPENNEURO,
  id: 'ds000001',
  latest: '1.0.1',
  tags: ['1.0.0', '1.0.1'],
  github: null,
  s3Version: null,
  s3Diff: null,
  s3Content: null,
  s3Access: null,
  annexRecord: null,
  bigFiles: [],
};

function only(input: { readonly [K in keyof CauseInput]?: unknown }) {
  const likely = likelyCauses({ ...NOTHING, ...input } as CauseInput);
  expect(likely).toHaveLength(1);
  return likely[0] as (typeof likely)[number];
}

describe('an export that was cut short is shown by a file that it lacks or that is too short', () => {
  const mismatch = (path: string, expectedSize: number | null, size: number) =>
    ({ path, expectedSize, size }) as S3Content['mismatches'][number];
  const content = (...mismatches: S3Content['mismatches']) => ({
    s3Content: { bytesMissing: 7, sizeMismatches: mismatches.length, mismatches } as S3Content,
  });
  const claimed = (...claimedMissingPaths: string[]) => ({
    annexRecord: {
      exportedTag: '1.0.1',
      incompleteTrees: [],
      claimedMissing: claimedMissingPaths.length,
      claimedMissingPaths,
    } as unknown as AnnexRecord,
  });
  const begun = {
    annexRecord: { incompleteTrees: ['0'.repeat(40)], claimedMissingPaths: [] } as unknown,
  };
  const added = (...paths: string[]) => ({ s3Diff: { added: paths } as unknown as S3Diff });

  test.each<[string, Partial<Record<keyof CauseInput, unknown>>, string]>([
    ['the first that is too short', content(mismatch('b', 9, 2), mismatch('c', 9, 2)), 'b'],
    [
      'not one that is too long, or has its size and other bytes',
      content(mismatch('long', 2, 9), mismatch('other', 5, 5), mismatch('short', 9, 2)),
      'short',
    ],
    [
      'not one of which no size is known',
      content(mismatch('unknown', null, 2), mismatch('short', 3, 2)),
      'short',
    ],
    ['an empty one', content(mismatch('empty', 1, 0)), 'empty'],
    ['the first of those that git-annex calls exported', claimed('x', 'y'), 'x'],
    [
      'the one that is too short rather than the claimed one',
      { ...content(mismatch('short', 9, 2)), ...claimed('x') },
      'short',
    ],
    [
      'the claimed one rather than any other that is missing',
      { ...claimed('x'), ...added('a') },
      'x',
    ],
    [
      'the claimed one where none that is too short is named',
      { ...content(mismatch('long', 2, 9)), ...claimed('x'), ...added('a') },
      'x',
    ],
    ['the first that is missing', { ...begun, ...added('a', 'b') }, 'a'],
  ])('%s', (_, input, path) => {
    const { cause, verify, mend } = only(input);
    expect(cause).toBe('export-cut-short');
    expect(verify).toMatch(new RegExp(`^curl -sSI '[^']+/ds000001/${path}'$`));
    expect(mend).toMatch(/ annex export '1\.0\.1' /);
  });

  test('by the log of git-annex where no file is known', () => {
    const { cause, verify } = only(begun);
    expect(cause).toBe('export-cut-short');
    expect(verify).toContain('git-annex:export.log');
  });
});

test('a file that is too big for GitHub is the first of those seen', () => {
  const { verify, evidence } = only({
    github: { error: null, tags: {}, branches: {}, findings: [{ subtype: 'tag-missing' }] },
    bigFiles: ['x.mat', 'y.mat', 'z.mat'].map((path) => ({ path, size: 125_829_120 })),
  });
  expect(verify).toMatch(/^curl -sSI '[^']+\/ds000001\/x\.mat'$/);
  expect(evidence.slice(1).map((line) => line.split(' ')[0])).toEqual(['x.mat', 'y.mat', 'z.mat']);
});

test.each([
  ['an object that cannot be read', [403], 'f0'],
  ['the first that cannot, of some', [200, 404, 403, 403], 'f2'],
])('a private export is shown by %s', (_, statuses, path) => {
  const asked = statuses.map((httpStatus, n) => ({ path: `f${n}`, httpStatus }));
  const { cause, verify, evidence } = only({ s3Access: { asked } });
  expect(cause).toBe('still-private');
  expect(verify).toMatch(new RegExp(`/ds000001/${path}'$`));
  const refused = statuses.filter((status) => status === 403).length;
  expect(evidence).toContain(
    `${refused} of ${statuses.length} listed objects cannot be read (403).`,
  );
});

test('a locked description is shown by itself', () => {
  const { verify } = only({ s3Version: { subtype: 'blocked' } });
  expect(verify).toMatch(/\/ds000001\/dataset_description\.json'$/);
});

test('an export that never ran is shown by the empty folder, and is of the latest tag', () => {
  const { verify, mend } = only({ s3Diff: { exportMissing: true } });
  expect(verify).toContain("'s3://openneuro.org/ds000001/'");
  expect(mend).toMatch(/ annex export '1\.0\.1' /);
});
