// The content of a git-annex branch, kept by commit: nothing is lost, nothing unread is kept.

import { describe, expect, test } from 'vitest';
import {
  type BranchLogs,
  decodeBranchLogs,
  encodeBranchLogs,
} from '../../../../archives/openneuro/annex/branch-logs.ts';

const LOGS: BranchLogs = {
  root: { 'remote.log': 'a name=s3-PUBLIC\n', 'trust.log': '', 'export.log': 'ü\0\r\n' },
  versions: [
    { key: 'MD5E-s1--00.nii.gz', remotes: ['57894849-d0c8', 'other'] },
    { key: '\xff odd&key', remotes: [] },
  ],
};

test('everything comes back, as often as it is read', () => {
  const read = decodeBranchLogs(encodeBranchLogs(LOGS) as Buffer);
  expect(read?.root).toEqual(LOGS.root);
  for (const _ of 'ab') expect([...(read?.versions ?? [])]).toEqual(LOGS.versions);
});

test('cut or changed bytes are rejected', () => {
  const bytes = encodeBranchLogs(LOGS) as Buffer;
  expect(decodeBranchLogs(bytes.subarray(0, -1))).toBeUndefined();
  expect(decodeBranchLogs(Buffer.from(bytes).fill(0, bytes.length - 4))).toBeUndefined();
  expect(decodeBranchLogs(Buffer.from('mirrorwatch-content 3 x'))).toBeUndefined();
});

describe('is not kept', () => {
  test.each<[string, Partial<BranchLogs>]>([
    ['a log that was not read', { versions: [{ key: 'k', remotes: null }] }],
    ['a log longer than a block', { root: { ...LOGS.root, 'export.log': 'x'.repeat(300_000) } }],
  ])('%s', (_, change) => {
    expect(encodeBranchLogs({ ...LOGS, ...change })).toBeUndefined();
  });
});

test('what could end a record early is no uuid', () => {
  const versions = [{ key: 'k', remotes: ['a\0b', 'good', 'ü'] }];
  const read = decodeBranchLogs(encodeBranchLogs({ ...LOGS, versions }) as Buffer);
  expect([...(read?.versions ?? [])]).toEqual([{ key: 'k', remotes: ['good'] }]);
});
