import { describe, expect, test } from 'vitest';
import { filesPath, metadataPath, snapshotsPath } from '../../../archives/openneuro/paths.ts';
import { checkPath, documentKind, placeOf, timesPath } from '../../support/documents.ts';

describe('paths of the tree', () => {
  test.each([
    ['datasets-registry.json', 'registry'],
    ['all-datasets.json', 'summary'],
    ['status.json', 'status'],
    [timesPath('github'), 'timestamps'],
    [timesPath('s3Version'), 'timestamps'],
    [timesPath('s3Files'), 'timestamps'],
    [snapshotsPath('ds000001'), 'snapshots'],
    [checkPath('github', 'ds000001'), 'github'],
    [checkPath('s3Version', 'ds000001'), 's3-version'],
    [checkPath('s3Files', 'ds000001'), 's3-diff'],
    [metadataPath('ds000001', '1.0.0'), 'metadata'],
    [filesPath('ds000001', '57fecb0ccce88d000ac17538'), 'files'],
  ])('%s holds %s', (path, kind) => {
    expect(documentKind(path)).toBe(kind);
  });

  test('a path gives its dataset and tag', () => {
    expect(placeOf(filesPath('ds000001', '00006'))).toEqual({
      kind: 'files',
      dataset: 'ds000001',
      tag: '00006',
    });
  });

  test.each([
    '',
    '/all-datasets.json',
    'all-datasets.json/',
    'datasets/ds000001',
    'datasets/ds000001/other.json',
    'datasets/../github.json',
    'datasets/ds000001/../github.json',
    'datasets/ds000001/snapshots/../metadata.json',
    'datasets/ds000001/snapshots/1..0/metadata.json',
    'datasets/ds000001/snapshots/a/b/metadata.json',
    'datasets/<b>/github.json',
    'datasets/ds000001/constructor',
    'timestamps/other.json',
    '__proto__',
  ])('no document belongs at %j', (path) => {
    expect(documentKind(path)).toBeUndefined();
  });
});
