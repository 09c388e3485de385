import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DOCUMENT_SCHEMAS,
  type DocumentKind,
  type DocumentOf,
  parseAs,
} from '../../../support/documents.ts';

const COMMIT = 'c'.repeat(40);
const TAG_OBJECT = 'd'.repeat(40);

function read<K extends DocumentKind>(kind: K, document: unknown): DocumentOf<K> {
  const parsed = parseAs(kind, document);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

describe('every kind of every recorded version is read', () => {
  const times = { github: '2026-03-01T00:00:00.000Z' };
  const checks = { github: 'ok', s3Version: 'warning', s3Files: 'pending' };
  const diff = {
    datasetId: 'ds000001',
    snapshotTag: '1.0.0',
    s3Version: '1.0.0',
    status: 'error',
    totalS3Files: 1,
    totalGitFiles: 1,
    added: ['a'],
    removed: ['b'],
  };
  test.each<[string, DocumentKind, object]>([
    ['1.0.0', 'snapshots', { schemaVersion: '1.0.0', tags: ['1.0.0'] }],
    ['1.0.0', 's3-diff', { schemaVersion: '1.0.0', ...diff, checkedAt: times.github }],
    ['1.1.0', 'metadata', { schemaVersion: '1.1.0', hexsha: COMMIT, created: times.github }],
    [
      '1.1.0',
      'registry',
      {
        schemaVersion: '1.1.0',
        lastChecked: times.github,
        totalCount: 1,
        latestSnapshots: { ds000001: '1.0.0' },
      },
    ],
    [
      '1.1.0',
      'summary',
      {
        schemaVersion: '1.1.0',
        lastUpdated: times.github,
        datasets: [{ id: 'ds000001', status: 'pending', checks, lastChecked: times }],
      },
    ],
    ['1.1.0', 'files', { schemaVersion: '1.1.0', count: 1, files: ['a'] }],
    [
      '2.0.0',
      'github',
      { lastChecked: times.github, head: 'unknown', branches: {}, tags: { '1.0.0': COMMIT } },
    ],
    [
      '2.0.0',
      's3-version',
      {
        schemaVersion: '2.0.0',
        lastChecked: times.github,
        accessible: true,
        httpStatus: null,
        datasetDescriptionDOI: null,
        extractedVersion: '1.0.0',
        versionSource: 'assumed_latest',
        datasetDescriptionMissing: null,
        doiIdMismatch: null,
        doiDatasetId: null,
        invalidJson: null,
        httpError: null,
        requestError: null,
        unexpectedError: null,
      },
    ],
    [
      '2.1.0',
      's3-diff',
      {
        schemaVersion: '2.1.0',
        ...diff,
        checkedAt: times.github,
        exportMissing: false,
        context: [],
      },
    ],
    [
      '2.2.0',
      's3-diff',
      { schemaVersion: '2.2.0', ...diff, checkedAt: null, exportMissing: false, context: [] },
    ],
    [
      '2.2.0',
      'github',
      { branches: {}, tags: {}, lastChecked: null, head: null, error: 'repo-not-found' },
    ],
  ])('%s %s', (from, kind, document) => {
    expect(parseAs(kind, document)).toMatchObject({
      ok: true,
      from,
      value: { schemaVersion: '3.0.0' },
    });
  });

  test('a manifest has no version', () => {
    expect(read('timestamps', { ds000001: times.github })).toEqual({ ds000001: times.github });
  });
});

describe('1.0.0 to 1.1.0', () => {
  test('a comparison gains an empty context', () => {
    const diff = read('s3-diff', {
      schemaVersion: '1.0.0',
      datasetId: 'ds000001',
      snapshotTag: '1.0.0',
      s3Version: '1.0.0',
      checkedAt: '2026-02-01T10:20:30.123456+00:00',
      status: 'ok',
      totalS3Files: 1,
      totalGitFiles: 1,
      added: [],
      removed: [],
    });
    expect(diff).toMatchObject({ context: [], exportMissing: false });
  });
});

describe('1.1.0 to 2.0.0', () => {
  test.each([
    ['2026-02-01T10:20:30.123456+00:00', '2026-02-01T10:20:30.123Z'],
    ['2026-02-01T10:20:30Z', '2026-02-01T10:20:30.000Z'],
    ['2026-02-01T10:20:30.000Z', '2026-02-01T10:20:30.000Z'],
  ])('the time %s is kept as %s', (told, kept) => {
    const version = read('s3-version', {
      schemaVersion: '1.1.0',
      lastChecked: told,
      datasetId: 'ds000001',
      accessible: false,
      httpStatus: 403,
      datasetDescriptionDOI: null,
      extractedVersion: null,
      other: 'dropped',
    });
    expect(version).not.toHaveProperty('other');
    expect(version).toMatchObject({ lastChecked: kept, versionSource: null, requestError: null });
  });

  test('times inside the rows of a summary are kept too', () => {
    const summary = read('summary', {
      schemaVersion: '1.0.0',
      lastUpdated: '2026-02-01T11:00:00+00:00',
      datasets: [
        {
          id: 'ds000001',
          status: 'ok',
          checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
          lastChecked: { github: '2026-02-01T10:00:00.5+00:00', s3Version: '2026-02-01T09:00:00Z' },
        },
      ],
    });
    expect(summary.datasets[0]).toMatchObject({
      lastChecked: {
        github: '2026-02-01T10:00:00.500Z',
        s3Version: '2026-02-01T09:00:00.000Z',
        s3Files: null,
      },
      checkedAt: '2026-02-01T09:00:00.000Z',
      githubVersion: null,
      latestSnapshot: null,
    });
  });
});

describe('2.0.0 to 2.2.0', () => {
  const old = { lastChecked: '2026-03-24T20:00:00.000Z', head: 'unknown', branches: {}, tags: {} };

  test('a mirror without any ref was an empty repository', () => {
    expect(read('github', old)).toMatchObject({ error: 'repo-empty', head: null });
  });

  test('a mirror with refs had no error', () => {
    const github = read('github', { ...old, tags: { '1.0.0': COMMIT } });
    expect(github).toMatchObject({ error: null, head: null });
  });

  test('a failed attempt leaves nothing to read', () => {
    expect(parseAs('github', { ...old, error: 'command-failed' })).toMatchObject({
      ok: false,
      issues: [{ field: 'error' }],
    });
  });
});

describe('2.2.0 to 3.0.0', () => {
  const old = { branches: {}, lastChecked: null, head: 'main', error: null };

  test('an annotated tag means its commit, and its object stands beside (ds000109)', () => {
    const tags = { '1.0.0': COMMIT, '2.0.0': TAG_OBJECT, '2.0.0^{}': COMMIT };
    expect(read('github', { ...old, tags })).toMatchObject({
      tags: { '1.0.0': COMMIT, '2.0.0': COMMIT },
      annotated: { '2.0.0': TAG_OBJECT },
    });
  });

  test('tags named like parts of an object are tags', () => {
    const text = `{"branches":{},"head":null,"lastChecked":null,"error":null,"tags":{"__proto__":"${COMMIT}","constructor":"${TAG_OBJECT}","constructor^{}":"${COMMIT}"}}`;
    const github = read('github', text);
    expect(Object.entries(github.tags)).toEqual([
      ['__proto__', COMMIT],
      ['constructor', COMMIT],
    ]);
    expect(Object.entries(github.annotated)).toEqual([['constructor', TAG_OBJECT]]);
  });

  test('an export about which nothing was said was not missing', () => {
    const diff = {
      schemaVersion: '2.2.0',
      datasetId: 'ds000001',
      snapshotTag: '1.0.0',
      s3Version: '1.0.0',
      status: 'ok',
      totalS3Files: 1,
      totalGitFiles: 1,
      checkedAt: null,
      exportMissing: null,
      added: [],
      removed: [],
      context: [],
    };
    expect(read('s3-diff', diff).exportMissing).toBe(false);
  });

  test('a migrated mirror has no verdict yet', () => {
    const github = read('github', { ...old, tags: {} });
    expect(github).toMatchObject({ status: 'pending', findings: [], lastAttempt: null });
  });

  test('rows stand in order of their ids', () => {
    const row = { status: 'ok', checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' } };
    const summary = read('summary', {
      schemaVersion: '1.1.0',
      lastUpdated: '2026-03-01T00:00:00.000Z',
      datasets: ['ds000115', 'ds000017'].map((id) => ({ id, ...row })),
    });
    expect(summary.datasets.map(({ id }) => id)).toEqual(['ds000017', 'ds000115']);
  });
});

describe('unknown to every step', () => {
  test.each(['0.9.0', '3.1.0', '', 7, null, '__proto__'])('version %j is an issue', (version) => {
    const parsed = parseAs('snapshots', { schemaVersion: version, tags: [] });
    expect(parsed).toMatchObject({ ok: false, issues: [{ field: 'schemaVersion' }] });
  });

  test.each<[string, DocumentKind, object]>([
    ['a summary without rows', 'summary', { lastUpdated: '2026-03-01T00:00:00.000Z' }],
    [
      'rows that are no rows',
      'summary',
      { lastUpdated: '2026-03-01T00:00:00Z', datasets: [1, null] },
    ],
    ['tags that are a list', 'github', { branches: {}, tags: [], head: null, error: null }],
    ['an invalid time', 'metadata', { schemaVersion: '1.1.0', hexsha: COMMIT, created: 'now' }],
  ])('%s is an issue, not a crash', (_, kind, document) => {
    expect(parseAs(kind, document).ok).toBe(false);
  });
});

test('whatever stands in the fields of any version, the answer is a document or issues', () => {
  const kinds = Object.keys(DOCUMENT_SCHEMAS) as DocumentKind[];
  const names = [
    ...kinds.flatMap((kind) =>
      Object.keys((DOCUMENT_SCHEMAS[kind] as { shape?: object }).shape ?? {}),
    ),
    '__proto__',
  ];
  const version = fc.constantFrom('1.0.0', '1.1.0', '2.0.0', '2.1.0', '2.2.0', '3.0.0', undefined);
  const fields = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
  fc.assert(
    fc.property(fc.constantFrom(...kinds), version, fields, (kind, schemaVersion, document) => {
      const parsed = parseAs(kind, { ...document, schemaVersion });
      expect(parsed.ok ? parsed.value : parsed.issues).toBeTypeOf('object');
    }),
    { numRuns: 1000 },
  );
});
