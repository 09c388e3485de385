import { describe, expect, test } from 'vitest';
import { s3Files } from '../../../archives/openneuro/checks/s3-files.ts';
import { type S3Version, s3VersionSchema } from '../../../archives/openneuro/documents.ts';
import { filesDocument } from '../../../archives/openneuro/rules/s3-files.ts';
import {
  answerOf,
  type DescriptionAnswer,
  versionDocument,
} from '../../../archives/openneuro/rules/s3-version.ts';
import type { DiffResult } from '../../../core/compare/diff.ts';
import { verdictOf } from '../../../core/monitor/verdict.ts';

const doi = (version: string, doiDatasetId: string | null = null): DescriptionAnswer => ({
  kind: 'read',
  description: {
    kind: 'doi',
    doi: `10.18112/openneuro.${doiDatasetId ?? 'ds000001'}.v${version}`,
    version,
    doiDatasetId,
  },
});

const KNOWN = { latest: '1.0.1', tags: ['00001', '1.0.0', '1.0.1'] };

describe('version of an export, each row of the table', () => {
  test.each<[string, DescriptionAnswer, object]>([
    [
      'the DOI of the latest version',
      doi('1.0.1'),
      {
        status: 'ok',
        subtype: null,
        extractedVersion: '1.0.1',
        versionSource: 'doi',
        doiIdMismatch: null,
      },
    ],
    [
      'the DOI of another version',
      doi('1.0.0'),
      { status: 'version-mismatch', subtype: 'doi-mismatch', extractedVersion: '1.0.0' },
    ],
    [
      'a DOI of 2018, where there is that tag',
      doi('1'),
      { status: 'version-mismatch', subtype: 'doi-mismatch', extractedVersion: '00001' },
    ],
    [
      'a DOI of 2018, where there is not',
      doi('2'),
      { status: 'version-mismatch', subtype: 'doi-mismatch', extractedVersion: '2' },
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
    const document = versionDocument('ds000001', answer, KNOWN, null);
    expect(document).toMatchObject(expected);
    expect(s3VersionSchema.safeParse(document).success).toBe(true);
    // The kept data is enough to judge it again.
    const kept = answerOf(document, 'ds000001');
    expect(kept.kind).toBe(answer.kind);
    expect(versionDocument('ds000001', kept, KNOWN, null)).toEqual(document);
  });

  test.each([
    [401, 401],
    [403, 403],
    [null, 403],
  ])('a kept denial of %s is one of %i', (httpStatus, status) => {
    const document = { accessible: false, httpStatus } as S3Version;
    expect(answerOf(document, 'ds000001')).toEqual({ kind: 'denied', status });
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
    symlinks: [],
  };
  const compared = (change: Partial<DiffResult<string>>) =>
    filesDocument('ds000001', {
      version: '1.0.1',
      commit: 'a'.repeat(40),
      branch: null,
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
    ['a plain symlink', { symlinks: ['fsaverage'] }, 'ok', null],
  ])('%s', (_, change, status, subtype) => {
    expect(compared(change)).toMatchObject({
      status,
      subtype,
      snapshotTag: '1.0.1',
      s3Version: '1.0.1',
      notCompared: null,
    });
  });

  test.each([
    ['blocked', 'error'],
    ['tag-not-on-mirror', 'pending'],
    ['mirror-absent', 'pending'],
  ] as const)('nothing is compared, %s: %s', (reason, status) => {
    const seen = { found: [], notCompared: reason, evidence: {} };
    expect(verdictOf(s3Files, seen, null)).toMatchObject({ status, subtype: null });
  });
});
