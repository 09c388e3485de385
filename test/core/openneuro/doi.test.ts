import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tagSchema } from '../../../core/model/documents.ts';
import { readDescription } from '../../../core/openneuro/doi.ts';
import { recordedTree } from '../../support/recorded.ts';

function read(doi: unknown, datasetId = 'ds000117') {
  return readDescription(
    Buffer.from(JSON.stringify({ Name: 'A name', DatasetDOI: doi })),
    datasetId,
  );
}

describe('the version in the DOI of a description', () => {
  test.each([
    { field: '10.18112/openneuro.ds000117.v1.0.4', version: '1.0.4' },
    { field: 'doi:10.18112/openneuro.ds000117.v1.0.4', version: '1.0.4' },
    { field: 'DOI: 10.18112/OpenNeuro.DS000117.v1.0.4', version: '1.0.4' },
    { field: 'https://doi.org/10.18112/openneuro.ds000117.v1.0.4/', version: '1.0.4' },
    { field: 'See 10.18112/openneuro.ds000117.v00002.', version: '00002' },
    { field: '(10.18112/openneuro.ds000117.v1.10.13), and others', version: '1.10.13' },
    {
      field: '10.18112/openneuro.ds000117.v57fed018cce88d000ac1757f',
      version: '57fed018cce88d000ac1757f',
    },
    {
      field: '10.18112/openneuro.ds000001.v9.0.0 10.18112/openneuro.ds000117.v1.0.4',
      version: '1.0.4',
    },
  ])('$field: version $version of this dataset', ({ field, version }) => {
    expect(read(field)).toEqual({ kind: 'doi', doi: field, version, doiDatasetId: null });
  });

  test('the DOI of another dataset gives its version and its id (ds005752)', () => {
    const field = 'doi:10.18112/openneuro.ds004215.v2.0.1';
    const expected = { kind: 'doi', doi: field, version: '2.0.1', doiDatasetId: 'ds004215' };
    expect(read(field, 'ds005752')).toEqual(expected);
  });

  test.each([
    { field: 'mockDOI', why: 'ds001563' },
    { field: '10.17605/OSF.IO/WDR78', why: 'ds005450' },
    { field: '10.18112/openneuro.ds000117', why: 'no version' },
    { field: '10.18112/openneuro.ds000117.v', why: 'no version' },
    { field: '10.18112/openneuro.ds000117.v..', why: 'no version' },
    { field: '10.18112/openneuro.ds000117.v1..0', why: 'no tag may hold two dots' },
    { field: `10.18112/openneuro.ds000117.v${'1'.repeat(65)}`, why: 'longer than a tag' },
    { field: '10.18112/openneuro.ds000117.v1.0.4/../../etc/passwd', why: 'a path' },
    { field: '10.18112/openneuro.ds000117.v1.0.4<script>alert(1)</script>', why: 'markup' },
    { field: '10.18112/openneuro.ds000117.v1.0.4%2F..', why: 'an escape' },
    {
      field: '10.18112/openneuro.ds000117.v1.0.4\u202e',
      why: 'a character that turns text around',
    },
    { field: '10.18112/openneuro.ds000117.v 1.0.4', why: 'a space' },
    { field: '10.18112/openneuro.-ds000117.v1.0.4', why: 'an id that is none' },
    { field: '110.18112/openneuro.ds000117.v1.0.4', why: 'another prefix' },
    { field: '10x18112/openneuroxds000117.v1.0.4', why: 'dots are dots' },
  ])('$field is no DOI of a version: $why', ({ field }) => {
    expect(read(field)).toEqual({ kind: 'no-doi', doi: field });
  });

  test.each([[undefined], [null], [''], [7], [['10.18112/openneuro.ds000117.v1.0.4']], [{}]])(
    'a field that is %j is no DOI',
    (field) => {
      expect(read(field)).toEqual({ kind: 'no-doi', doi: null });
    },
  );

  test.each(['[]', 'null', '7', '"10.18112/openneuro.ds000117.v1.0.4"'])(
    'JSON that is no object has no DOI: %s',
    (json) => {
      expect(readDescription(Buffer.from(json), 'ds000117')).toEqual({ kind: 'no-doi', doi: null });
    },
  );

  test.each([
    '',
    '{',
    '<html></html>',
    '{"DatasetDOI": "10.18112/openneuro.ds000117.v1.0.4",}',
    '\0',
  ])('JSON unreadable: %j', (json) => {
    expect(readDescription(Buffer.from(json), 'ds000117')).toEqual({ kind: 'invalid-json' });
  });

  test('a byte order mark, or a name in Latin-1, hides no DOI', () => {
    const json = '{"Name": "caf\xe9", "DatasetDOI": "10.18112/openneuro.ds000117.v1.0.4"}';
    for (const body of [Buffer.from(`\ufeff${json}`), Buffer.from(json, 'latin1')]) {
      expect(readDescription(body, 'ds000117')).toMatchObject({ kind: 'doi', version: '1.0.4' });
    }
  });

  test('a long field is kept short, and is found in nevertheless', () => {
    const field = `${'x'.repeat(511)}\u{1f600} 10.18112/openneuro.ds000117.v1.0.4`;
    const doi = `${'x'.repeat(511)}\ufffd`;
    expect(read(field)).toEqual({ kind: 'doi', doi, version: '1.0.4', doiDatasetId: null });
  });

  test('whatever the field holds, a version is what a tag may be', () => {
    const tail = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('.', '-', '1', '/', '<', ' ', 'v') }),
    );
    let versions = 0;
    fc.assert(
      fc.property(tail, tail, (before, after) => {
        const found = read(`${before}10.18112/openneuro.ds000117.v1.0${after}`);
        if (found.kind !== 'doi') return;
        versions += 1;
        expect(tagSchema.safeParse(found.version).success).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(versions).toBeGreaterThan(100);
  });

  test('a hostile megabyte costs no time', () => {
    const part = '10.18112/openneuro.';
    const started = process.cpuUsage();
    read(part.repeat(50_000));
    read(`${part}ds000117.v${'.'.repeat(1_000_000)}x`);
    read(`${part}ds000117.v1-`.repeat(30_000));
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe('every recorded description', () => {
  const tree = recordedTree();

  test.skipIf(tree === null)('its DOI gives the recorded version', () => {
    let withDoi = 0;
    for (const id of readdirSync(join(tree as string, 'datasets'))) {
      const path = join(tree as string, 'datasets', id, 's3-version.json');
      if (!existsSync(path)) continue;
      const recorded = JSON.parse(readFileSync(path, 'utf8'));
      if (recorded.datasetDescriptionDOI === null) continue;
      withDoi++;
      const found = read(recorded.datasetDescriptionDOI, id);
      const expected =
        recorded.versionSource === 'doi'
          ? {
              kind: 'doi',
              doi: recorded.datasetDescriptionDOI,
              version: recorded.extractedVersion,
              doiDatasetId: recorded.doiDatasetId,
            }
          : { kind: 'no-doi', doi: recorded.datasetDescriptionDOI };
      expect({ id, ...found }).toEqual({ id, ...expected });
    }
    expect(withDoi).toBeGreaterThan(1_600);
  });
});
