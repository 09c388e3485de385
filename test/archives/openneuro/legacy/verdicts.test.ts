import { describe, expect, test } from 'vitest';
import type { Github, S3Diff, S3Version } from '../../../../archives/openneuro/documents.ts';
import {
  BEFORE_ANY_RUN,
  recordsFromDocuments,
  type StoredChecks,
  withGithubVerdict,
  withS3FilesVerdict,
  withS3VersionVerdict,
} from '../../../../archives/openneuro/legacy/verdicts.ts';
import { checkRecordSchema } from '../../../../core/documents/records.ts';
import { type DocumentKind, type DocumentOf, parseAs } from '../../../support/documents.ts';

const A = 'a'.repeat(40);
const AT = '2026-08-01T08:00:00.000Z';
const CONTEXT = { latest: '1.0.1', snapshots: [{ tag: '1.0.1', hexsha: A }] };

function read<K extends DocumentKind>(kind: K, document: object): DocumentOf<K> {
  const parsed = parseAs(kind, document);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

const github = (change: object = {}): Github =>
  read('github', {
    branches: { main: A, 'git-annex': A },
    tags: { '1.0.1': A },
    lastChecked: null,
    head: 'main',
    error: null,
    ...change,
  });
const s3Version = (change: object = {}): S3Version =>
  read('s3-version', {
    schemaVersion: '1.1.0',
    lastChecked: AT,
    accessible: true,
    extractedVersion: '1.0.1',
    versionSource: 'doi',
    ...change,
  });
const s3Diff = (change: object = {}): S3Diff =>
  read('s3-diff', {
    schemaVersion: '2.2.0',
    datasetId: 'ds000001',
    snapshotTag: '1.0.1',
    s3Version: '1.0.1',
    status: 'error',
    totalS3Files: 3,
    totalGitFiles: 2,
    checkedAt: null,
    exportMissing: false,
    added: [],
    removed: ['annex-uuid'],
    context: [],
    ...change,
  });

const records = (stored: Partial<StoredChecks>) => {
  const made = recordsFromDocuments('ds000001', {
    ...CONTEXT,
    checkedAt: { github: AT, s3Version: AT, s3Files: AT },
    ...stored,
  });
  for (const record of Object.values(made)) expect(checkRecordSchema.parse(record)).toEqual(record);
  return made;
};

describe('verdicts of older documents', () => {
  test('a mirror is judged by what the registry says', () => {
    expect(withGithubVerdict(github(), CONTEXT).status).toBe('ok');
    expect(withGithubVerdict(github(), { ...CONTEXT, latest: '2.0.0' }).subtype).toBe(
      'tag-missing',
    );
  });

  test('a version is judged by the latest snapshot', () => {
    expect(withS3VersionVerdict(s3Version(), '1.0.1').status).toBe('ok');
    expect(withS3VersionVerdict(s3Version(), '1.0.2').status).toBe('version-mismatch');
  });

  test('annex-uuid at the root leaves the orphans', () => {
    expect(withS3FilesVerdict(s3Diff())).toMatchObject({
      status: 'ok',
      subtype: null,
      removed: [],
      bookkeeping: ['annex-uuid'],
    });
  });

  test('annex-uuid elsewhere stays an orphan', () => {
    const judged = withS3FilesVerdict(s3Diff({ removed: ['annex-uuid', 'sub/annex-uuid'] }));
    expect(judged).toMatchObject({ status: 'error', removed: ['sub/annex-uuid'] });
  });

  test('an export that holds nothing but bookkeeping is missing', () => {
    const diff = s3Diff({ totalS3Files: 1, added: ['a', 'b'] });
    expect(withS3FilesVerdict(diff)).toMatchObject({
      exportMissing: true,
      subtype: 'export-missing',
    });
  });

  test('judging twice changes nothing', () => {
    const once = withS3FilesVerdict(s3Diff());
    expect(withS3FilesVerdict(once)).toEqual(once);
    const mirror = withGithubVerdict(github(), CONTEXT);
    expect(withGithubVerdict(mirror, CONTEXT)).toEqual(mirror);
  });
});

describe('records of a tree that has none', () => {
  test('every check of a dataset in step', () => {
    const all = records({ github: github(), s3Version: s3Version(), s3Diff: s3Diff() });
    expect(all).toMatchObject({
      github: { status: 'ok', version: '1.0.1', checkedAt: AT, runStart: BEFORE_ANY_RUN },
      s3Version: { status: 'ok', version: '1.0.1', checkedAt: AT },
      s3Files: {
        status: 'ok',
        version: '1.0.1',
        numbers: { added: 0, removed: 0, files: 3 },
        checkedAt: AT,
      },
    });
  });

  test('a check without a document has no record', () => {
    expect(records({})).toEqual({});
    expect(Object.keys(records({ github: github(), s3Version: s3Version() }))).toEqual([
      'github',
      's3Version',
    ]);
  });

  test('a time inside a document stands in for one the manifest lacks', () => {
    const checkedAt = { github: null, s3Version: null, s3Files: null };
    expect(records({ s3Version: s3Version(), checkedAt }).s3Version?.checkedAt).toBe(AT);
  });

  test('a comparison of a version the export no longer has is pending with its reason (ds004698)', () => {
    const version = s3Version({ extractedVersion: '1.0.2' });
    const { s3Files } = records({ github: github(), s3Version: version, s3Diff: s3Diff() });
    expect(s3Files).toMatchObject({
      status: 'pending',
      notCompared: 'tag-not-on-mirror',
      version: '1.0.2',
      checkedAt: null,
    });
    expect(s3Files?.numbers).toBeUndefined();
  });

  test('the same with the tag on the mirror is only not compared yet', () => {
    const tags = { '1.0.1': A, '1.0.2': A };
    const version = s3Version({ extractedVersion: '1.0.2' });
    const { s3Files } = records({ github: github({ tags }), s3Version: version, s3Diff: s3Diff() });
    expect(s3Files).toMatchObject({ status: 'pending', notCompared: null });
  });

  test('a blocked export locks the files too, whatever was compared before (ds001246)', () => {
    const blocked = s3Version({ accessible: false, extractedVersion: null, versionSource: null });
    const made = records({ github: github(), s3Version: blocked, s3Diff: s3Diff() });
    expect(made.s3Version).toMatchObject({ status: 'error', subtype: 'blocked', version: null });
    expect(made.s3Files).toMatchObject({ status: 'error', notCompared: 'blocked' });
    expect(made.s3Files?.numbers).toBeUndefined();
  });

  test('a dataset without a mirror has nothing to be compared with', () => {
    const empty = github({ branches: {}, tags: {}, head: null, error: 'repo-empty' });
    const { s3Files } = records({ github: empty, s3Version: s3Version() });
    expect(s3Files).toMatchObject({ status: 'pending', notCompared: 'mirror-absent' });
  });

  test('a missing export has no counts', () => {
    const diff = s3Diff({ exportMissing: true, totalS3Files: 0, added: ['a', 'b'], removed: [] });
    const { s3Files } = records({ github: github(), s3Version: s3Version(), s3Diff: diff });
    expect(s3Files).toMatchObject({ subtype: 'export-missing' });
    expect(s3Files?.numbers).toEqual({ files: 0 });
  });

  test.each([
    ['a request that broke off', { requestError: 'timed out' }, 'connection'],
    ['a server that failed', { httpError: 503 }, 'http-5xx'],
    ['a server that was too busy', { httpError: 429 }, 'throttled'],
    ['an error of the old system', { unexpectedError: 'KeyError' }, 'internal'],
  ])('%s was called "assumed latest", and is no measurement', (_, change, reason) => {
    const assumed = s3Version({ versionSource: 'assumed_latest', ...change });
    expect(records({ s3Version: assumed }).s3Version).toMatchObject({
      status: 'pending',
      subtype: null,
      checkedAt: null,
      lastAttempt: { at: AT, reason },
    });
  });

  test('a mirror that was never seen is pending', () => {
    const lastAttempt = { at: AT, reason: 'timeout' } as const;
    const never: Github = { ...github({ branches: {}, tags: {}, head: null }), lastAttempt };
    expect(records({ github: never }).github).toMatchObject({
      status: 'pending',
      checkedAt: null,
      lastAttempt,
    });
  });

  test('evidence counts although the newest attempt failed', () => {
    const lastAttempt = { at: AT, reason: 'timeout' } as const;
    const { github: record } = records({ github: { ...github(), lastAttempt } });
    expect(record).toMatchObject({ status: 'ok', checkedAt: AT, lastAttempt });
  });
});

describe('documents of a dataset just published', () => {
  const pending = { reason: 'just-published', until: '2026-08-09T00:00:00.000Z' } as const;
  const NO_MIRROR = { branches: {}, tags: {}, head: null, error: 'repo-not-found' };
  const BLOCKED = { accessible: false, extractedVersion: null, versionSource: null };

  test.each<[string, { readonly status: string; readonly subtype: string | null }, object]>([
    [
      'a mirror that is not there: waits',
      withGithubVerdict({ ...github(NO_MIRROR), pending }, CONTEXT),
      { status: 'pending', subtype: null },
    ],
    [
      'a mirror whose tag moved: counts',
      withGithubVerdict({ ...github({ tags: { '1.0.1': 'b'.repeat(40) } }), pending }, CONTEXT),
      { status: 'error', subtype: 'sha-mismatch' },
    ],
    [
      'a blocked export: waits',
      withS3VersionVerdict({ ...s3Version(BLOCKED), pending }, '1.0.1'),
      { status: 'pending', subtype: null },
    ],
    [
      'an export of another version: counts',
      withS3VersionVerdict({ ...s3Version(), pending }, '1.0.2'),
      { status: 'version-mismatch', subtype: 'doi-mismatch' },
    ],
    [
      'files that are missing: wait',
      withS3FilesVerdict({ ...s3Diff({ added: ['a'] }), pending }),
      { status: 'pending', subtype: null },
    ],
    [
      'orphans beside them: count',
      withS3FilesVerdict({ ...s3Diff({ added: ['a'], removed: ['b'] }), pending }),
      { status: 'error', subtype: 'files-orphaned' },
    ],
  ])('%s', (_, judged, expected) => {
    expect(judged).toMatchObject(expected);
  });

  test('wait in their records too, with the date', () => {
    const waits = { status: 'pending', subtype: null, findings: [], pending };
    const found = (findings: string[], more: object = {}) =>
      ({
        ...{ status: 'error', subtype: findings[0], findings, notCompared: null },
        ...{ lastAttempt: null, pending, ...more },
      }) as never;
    const made = records({
      github: { ...github(NO_MIRROR), pending },
      s3Version: { ...s3Version(BLOCKED), pending },
      s3Access: found(['private']),
      annexRecord: found(['unversioned-keys', 'remotes'], { remotes: [] }),
    });
    expect(made).toMatchObject({ github: waits, s3Version: waits, s3Access: waits });
    expect(made.annexRecord).toMatchObject(waits);
    const two = found(['unversioned-keys', 'remotes'], { remotes: [{}, {}] });
    expect(records({ annexRecord: two }).annexRecord).toMatchObject({ findings: ['remotes'] });
  });

  test.each<[string, Partial<StoredChecks>]>([
    ['by its own date', { s3Diff: { ...s3Diff({ added: ['a'] }), pending } }],
    ['by the date of the blocked export', { s3Version: { ...s3Version(BLOCKED), pending } }],
    [
      'by the date of the mirror that is not there',
      { github: { ...github(NO_MIRROR), pending }, s3Version: s3Version() },
    ],
  ])('its files wait %s', (_, stored) => {
    expect(records(stored).s3Files).toMatchObject({ status: 'pending', subtype: null, pending });
  });
});

describe('what each document says', () => {
  test('nothing was seen, so nothing is judged', () => {
    const failed = s3Version({ versionSource: 'assumed_latest', httpError: 503 });
    expect(withS3VersionVerdict(failed, '1.0.2')).toBe(failed);
    const never = { ...s3Diff(), totalS3Files: null };
    expect(withS3FilesVerdict(never)).toBe(never);
    const empty = s3Version({ extractedVersion: null, versionSource: null });
    expect(records({ s3Version: empty }).s3Version).toMatchObject({
      status: 'pending',
      checkedAt: null,
      lastAttempt: null,
    });
  });

  test('a failure at an unknown time is no attempt', () => {
    const checkedAt = { github: null, s3Version: null, s3Files: null };
    const assumed = { versionSource: 'assumed_latest', httpError: 503, lastChecked: null };
    const { s3Version: record } = records({ s3Version: s3Version(assumed), checkedAt });
    expect(record).toMatchObject({ status: 'pending', lastAttempt: null });
  });

  test('one branch and one tag are a mirror', () => {
    const one = github({ branches: { main: A } });
    expect(records({ github: one }).github).toMatchObject({ subtype: 'annex-branch-missing' });
  });

  test('what was compared inside, where a version was', () => {
    const compared = { content: 3, size: 2, none: 1 };
    const document = (snapshotTag: string | null) =>
      ({
        ...{ status: 'ok', subtype: null, findings: [], notCompared: null, lastAttempt: null },
        ...{ snapshotTag, compared },
      }) as never;
    const of = (tag: string | null) => records({ s3Content: document(tag) }).s3Content;
    expect(of('1.0.1')).toMatchObject({ numbers: compared });
    expect(of(null)).not.toHaveProperty('numbers');
    const access = { ...(document('1.0.1') as object), compared: undefined } as never;
    expect(records({ s3Access: access }).s3Access?.numbers).toBeUndefined();
  });

  test('likely causes stand with the files', () => {
    const causes = { causes: [{ cause: 'still-private' }, { cause: 'export-cut-short' }] } as never;
    const { s3Files } = records({ s3Diff: s3Diff(), causes });
    expect(s3Files?.causes).toEqual(['still-private', 'export-cut-short']);
  });

  test('files have the rules of their comparison, else those of the reason for none', () => {
    const by = (rulesVersion: number) => ({ rulesVersion });
    const blocked = s3Version({ accessible: false, extractedVersion: null, versionSource: null });
    const noMirror = github({ branches: {}, tags: {}, head: null, error: 'repo-empty' });
    const [diff, version] = [
      { ...s3Diff(), ...by(1) },
      { ...s3Version(), ...by(2) },
    ];
    expect(records({ s3Diff: diff, s3Version: version }).s3Files?.rulesVersion).toBe(1);
    const { s3Files } = records({ s3Version: { ...blocked, ...by(2) }, github: noMirror });
    // Without a document the manifest's time is that of no comparison.
    expect(s3Files).toMatchObject({ rulesVersion: 2, checkedAt: AT });
  });
});

describe('which comparison is of what the export has now', () => {
  const recorded = (exportedTag: string) =>
    ({
      ...{ exportedTag, exportedCommit: A, exportedBranch: null, findings: [], remotes: [] },
      ...{ status: 'ok', subtype: null, notCompared: null, lastAttempt: null },
    }) as never;
  const assumed = s3Version({ versionSource: 'assumed_latest' });
  const other = s3Diff({ s3Version: '1.0.0', snapshotTag: '1.0.0' });
  const hidden = s3Version({ versionSource: 'assumed_latest', requestError: 'timed out' });
  const doi = 'doi:10.18112/openneuro.ds000001.v1.0.3';

  test.each<[string, Partial<StoredChecks>, object]>([
    [
      'where nothing else is known: the last one',
      { s3Diff: s3Diff() },
      { status: 'ok', version: '1.0.1' },
    ],
    [
      'where the version could not be requested: the last one',
      { github: github(), s3Version: hidden, s3Diff: other },
      { status: 'ok', version: '1.0.0' },
    ],
    [
      'where its tag is gone from the mirror: the last one',
      { github: github({ tags: {} }), s3Version: s3Version(), s3Diff: s3Diff() },
      { status: 'ok', version: '1.0.1', notCompared: null },
    ],
    [
      'where the export has another version and no mirror was seen: none yet',
      { s3Version: s3Version({ extractedVersion: '1.0.2' }), s3Diff: s3Diff() },
      { status: 'pending', version: '1.0.2', notCompared: null },
    ],
    [
      'where git-annex recorded another tag: none yet',
      { github: github(), s3Version: assumed, annexRecord: recorded('1.0.0'), s3Diff: s3Diff() },
      { status: 'pending', version: '1.0.0', notCompared: null },
    ],
    [
      'where the snapshot in the DOI is not on the mirror: none, whatever is recorded',
      {
        snapshots: [{ tag: '1.0.3', hexsha: A }],
        github: github(),
        s3Version: s3Version({ extractedVersion: '1.0.3', datasetDescriptionDOI: doi }),
        annexRecord: recorded('1.0.0'),
      },
      { status: 'pending', version: '1.0.3', notCompared: 'tag-not-on-mirror' },
    ],
  ])('%s', (_, stored, expected) => {
    expect(records(stored).s3Files).toMatchObject(expected);
  });
});
