import { describe, expect, test } from 'vitest';
import type { DiffResult } from '../../../core/compare/diff.ts';
import { s3DiffSchema, s3VersionSchema } from '../../../core/model/documents.ts';
import { judgeS3Files, whyNotCompared } from '../../../core/openneuro/rules/s3-files.ts';
import {
  type DescriptionAnswer,
  judgeS3Version,
} from '../../../core/openneuro/rules/s3-version.ts';

const doi = (version: string, doiDatasetId: string | null = null): DescriptionAnswer => ({
  kind: 'read',
  description: {
    kind: 'doi',
    doi: `10.18112/openneuro.${doiDatasetId ?? 'ds000001'}.v${version}`,
    version,
    doiDatasetId,
  },
});

describe('version of an export, each row of the table', () => {
  test.each<[string, DescriptionAnswer, object]>([
    [
      'the DOI of the latest version',
      doi('1.0.1'),
      { status: 'ok', subtype: null, extractedVersion: '1.0.1', versionSource: 'doi' },
    ],
    [
      'the DOI of another version',
      doi('1.0.0'),
      { status: 'version-mismatch', subtype: 'doi-mismatch', extractedVersion: '1.0.0' },
    ],
    [
      "the DOI of another dataset's latest version",
      doi('1.0.1', 'ds000002'),
      { status: 'ok', subtype: null, doiIdMismatch: true, doiDatasetId: 'ds000002' },
    ],
    [
      'no DOI',
      { kind: 'read', description: { kind: 'no-doi', doi: null } },
      {
        status: 'warning',
        subtype: 'no-doi',
        extractedVersion: '1.0.1',
        versionSource: 'assumed_latest',
      },
    ],
    [
      'another DOI',
      { kind: 'read', description: { kind: 'no-doi', doi: 'mockDOI' } },
      { status: 'warning', subtype: 'no-doi', datasetDescriptionDOI: 'mockDOI' },
    ],
    [
      'unreadable JSON',
      { kind: 'read', description: { kind: 'invalid-json' } },
      { status: 'warning', subtype: 'invalid-json', invalidJson: true, extractedVersion: '1.0.1' },
    ],
    [
      '404',
      { kind: 'absent' },
      { status: 'warning', subtype: 'description-missing', datasetDescriptionMissing: true },
    ],
    [
      'archived',
      { kind: 'archived' },
      {
        status: 'warning',
        subtype: 'description-archived',
        accessible: true,
        extractedVersion: '1.0.1',
        versionSource: 'assumed_latest',
      },
    ],
    [
      '403',
      { kind: 'denied', status: 403 },
      {
        status: 'error',
        subtype: 'blocked',
        accessible: false,
        httpStatus: 403,
        extractedVersion: null,
      },
    ],
  ])('%s', (_, answer, expected) => {
    const measured = judgeS3Version(answer, '1.0.1');
    expect(measured).toMatchObject(expected);
    const document = {
      schemaVersion: '3.0.0',
      ...measured,
      lastChecked: null,
      etag: null,
      lastAttempt: null,
    };
    expect(s3VersionSchema.safeParse(document).success).toBe(true);
  });
});

describe('files of an export', () => {
  const SAME: DiffResult<string> = {
    exportMissing: false,
    totalS3Files: 3,
    totalGitFiles: 3,
    added: [],
    removed: [],
    context: [],
    bookkeeping: [],
    submodules: [],
  };
  const compared = (change: Partial<DiffResult<string>>) =>
    judgeS3Files('ds000001', {
      kind: 'compared',
      version: '1.0.1',
      commit: 'a'.repeat(40),
      difference: { ...SAME, ...change },
    });

  test.each<[string, Partial<DiffResult<string>>, string, string | null]>([
    ['no difference', {}, 'ok', null],
    ['missing', { added: ['a'] }, 'error', 'files-missing'],
    ['orphaned', { removed: ['a'] }, 'error', 'files-orphaned'],
    ['missing and orphaned', { added: ['a'], removed: ['b'] }, 'error', 'files-missing'],
    ['nothing exported', { exportMissing: true, added: ['a'] }, 'error', 'export-missing'],
    ['annex-uuid at the root', { bookkeeping: ['annex-uuid'] }, 'ok', null],
    ['annex-uuid in a subfolder', { removed: ['sub/annex-uuid'] }, 'error', 'files-orphaned'],
    ['a submodule', { submodules: ['code/tools'] }, 'ok', null],
  ])('%s', (_, change, status, subtype) => {
    expect(compared(change)).toMatchObject({
      status,
      subtype,
      snapshotTag: '1.0.1',
      s3Version: '1.0.1',
      notCompared: null,
    });
  });

  test('a blocked export is an error without a comparison or a subtype', () => {
    const judged = judgeS3Files('ds000001', { kind: 'blocked' });
    expect(judged).toMatchObject({
      status: 'error',
      subtype: null,
      notCompared: 'blocked',
      totalS3Files: null,
    });
  });

  test.each(['tag-not-on-mirror', 'mirror-absent'] as const)('pending says why: %s', (reason) => {
    const judged = judgeS3Files('ds000001', { kind: 'not-compared', reason, version: '1.0.1' });
    expect(judged).toMatchObject({ status: 'pending', notCompared: reason, s3Version: '1.0.1' });
    const document = { schemaVersion: '3.0.0', ...judged, checkedAt: null, lastAttempt: null };
    expect(s3DiffSchema.safeParse(document).success).toBe(true);
  });

  test.each([
    ['its tag is there', { error: null, tags: { '1.0.1': 'a' } }, null],
    ['its tag is not there', { error: null, tags: { '1.0.0': 'a' } }, 'tag-not-on-mirror'],
    ['there is no repository', { error: 'repo-not-found', tags: {} }, 'mirror-absent'],
    ['the repository is empty', { error: 'repo-empty', tags: {} }, 'mirror-absent'],
    ['the mirror was never seen', undefined, null],
  ] as const)('why a version is not compared when %s', (_, github, reason) => {
    expect(whyNotCompared(github, '1.0.1')).toBe(reason);
  });

  test('no mirror has a tag called constructor by accident', () => {
    expect(whyNotCompared({ error: null, tags: {} }, 'constructor')).toBe('tag-not-on-mirror');
  });
});
