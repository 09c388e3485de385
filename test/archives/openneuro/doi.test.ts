import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWholeField, readDescription, readDoi } from '../../../archives/openneuro/doi.ts';
import { tagSchema } from '../../../core/ids.ts';
import { recordedTree } from '../../support/recorded.ts';

/** Characters where the steps of reading a DOI stop, backtrack or remove something. */
const HOSTILE = [
  '%',
  '%2',
  '%2f',
  '%e2%80',
  '%ff',
  '&',
  '&#',
  '&#x2f',
  '&#x2f;',
  '&amp;',
  '\u200b',
  '\u200b ',
  'ａ',
  ' ',
  '/',
  'doi:',
  'https://doi.org/',
  '10.18112/openneuro.ds000117.v1.0.4/',
  '10.18112/openneuro.ds000117.v1.0.4é',
  '1 0 . 1 8 1 1 2 / openneuro.ds000117.v',
];

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
    { field: '10.18112/openneuro.ds000117.v1.0.4%2F..', why: 'an escaped path' },
    { field: '10.18112/openneuro.ds000117.v1.0.4%zz', why: 'an invalid escape' },
    { field: '10.18112%252Fopenneuro.ds000117.v1.0.4', why: 'escaped twice' },
    { field: '10.18112/openneuro.ds000117.v1.0.4é', why: 'a letter that no tag has' },
    { field: '10.18112/openneuro.ds000117.v1.0.4+build', why: 'more of a version' },
    { field: '10.18112/openneuro.ds000117.v 1.0.4 and more', why: 'a space within, in a sentence' },
    { field: '10.18112/openneuro.-ds000117.v1.0.4', why: 'an invalid id' },
    { field: '110.18112/openneuro.ds000117.v1.0.4', why: 'another prefix' },
    { field: '10x18112/openneuroxds000117.v1.0.4', why: 'dots are dots' },
  ])('$field is no DOI of a version: $why', ({ field }) => {
    expect(read(field)).toEqual({ kind: 'no-doi', doi: field });
  });

  test.each([[undefined], [null], [''], [7], [[]], [['']], [[7]], [[['10.18112/x']]], [{}]])(
    'a field that is %j is no DOI',
    (field) => {
      expect(read(field)).toEqual({ kind: 'no-doi', doi: null });
    },
  );

  test.each([
    { what: 'percent-encoded', field: 'https://doi.org/10.18112%2Fopenneuro.ds000117.v1.0.4' },
    { what: 'every sign escaped', field: '%31%30%2e18112%2f%6fpenneuro%2Eds000117.v1.0.4' },
    { what: 'with an invalid escape', field: '%E9%ZZ 10.18112%2Fopenneuro.ds000117.v1.0.4' },
    { what: 'with a zero-width space', field: '10.18112/openneuro.ds000117.v1.0.4\u200b' },
    { what: 'with an escaped one', field: '10.18112/openneuro.ds000117%E2%80%8B.v1.0.4' },
    { what: 'with a soft hyphen', field: '10.18112/open\u00adneuro.ds000117.v1.0.4' },
    { what: 'with a byte order mark', field: '\ufeff10.18112/openneuro.ds000117.v1.0.4' },
    { what: 'with direction marks', field: '\u202a10.18112/openneuro.ds000117.v1.0.4\u202c' },
    { what: 'with controls', field: '\u000010.18112/openneuro.ds000117.v1.0.4\u0007' },
    { what: 'with a variation selector', field: '10.18112/openneuro.ds000117.v1.0.4\ufe0f' },
    { what: 'doi: twice', field: 'doi:doi:10.18112/openneuro.ds000117.v1.0.4' },
    { what: 'in white space', field: ' https://doi.org/10.18112/openneuro.ds000117.v1.0.4/ \n' },
    { what: 'in no-break spaces', field: '\u00a010.18112/openneuro.ds000117.v1.0.4\u00a0' },
    { what: 'broken by a line', field: 'https://doi.org/10.18112/\n openneuro.ds000117.v1.0.4' },
    { what: 'spaced out', field: 'doi: 10.18112 / openneuro . ds000117 . v 1.0.4' },
    {
      what: 'as HTML',
      field: `<a href='https://doi.org/10.18112/openneuro.ds000117.v1.0.4'>link</a>`,
    },
    { what: 'as the text of HTML', field: '<b>10.18112/openneuro.ds000117.v1.0.4</b>' },
    { what: 'before a crafted tag', field: '10.18112/openneuro.ds000117.v1.0.4<script>1</script>' },
    { what: 'with entities', field: '&lt;10.18112&#x2F;openneuro&#46;ds000117.v1.0.4&gt;&nbsp;' },
    { what: 'as Markdown', field: '[DOI](https://doi.org/10.18112/openneuro.ds000117.v1.0.4)' },
    { what: 'in italics', field: '_10.18112/openneuro.ds000117.v1.0.4_' },
    { what: 'in quotes', field: '„10.18112/openneuro.ds000117.v1.0.4“' },
    { what: 'before a full-width comma', field: '10.18112/openneuro.ds000117.v1.0.4，ok' },
    {
      what: 'in full width',
      field: '１０．１８１１２／ｏｐｅｎｎｅｕｒｏ．ｄｓ０００１１７．ｖ１．０．４',
    },
    { what: 'in capitals', field: 'DOI:10.18112/OPENNEURO.DS000117.V1.0.4' },
    { what: 'without the v', field: '10.18112/openneuro.ds000117.1.0.4' },
    { what: 'with a question', field: 'https://doi.org/10.18112/openneuro.ds000117.v1.0.4?x=1' },
  ])('$what, it is the same DOI, and kept as it is', ({ field }) => {
    expect(read(field)).toEqual({ kind: 'doi', doi: field, version: '1.0.4', doiDatasetId: null });
  });

  test.each([
    { what: 'one', list: ['10.18112/openneuro.ds000117.v1.0.4'] },
    { what: 'of another first', list: ['mockDOI', '10.18112/openneuro.ds000117.v1.0.4'] },
    { what: 'with what is no text', list: [7, null, '10.18112/openneuro.ds000117.v1.0.4'] },
  ])('a list of texts, $what, counts as one text', ({ list }) => {
    expect(read(list)).toMatchObject({ kind: 'doi', version: '1.0.4' });
  });

  test('any disguise of any version gives that version', () => {
    const disguises: readonly ((sign: string) => string)[] = [
      (sign) => sign,
      (sign) => sign.toUpperCase(),
      (sign) => `%${sign.charCodeAt(0).toString(16)}`,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      (sign) => `&#${sign.charCodeAt(0)};`,
      (sign) => `&#x${sign.charCodeAt(0).toString(16)};`,
      (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0),
      (sign) => `${sign}\u200b`,
      (sign) => `\u2060${sign}`,
    ];
    const part = fc.integer({ min: 0, max: 99 });
    const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    const around = fc.constantFrom('', ' ', '\n', 'doi:', 'https://doi.org/', '(', '\ufeff');
    const after = fc.constantFrom('', ' ', '/', '/ \n', ')', '.', '>', '\u200d', ' and more');
    const choices = fc.array(fc.nat({ max: disguises.length - 1 }), { minLength: 48 });
    fc.assert(
      fc.property(version, around, after, choices, (wanted, before, behind, chosen) => {
        const doi = `10.18112/openneuro.ds000117.v${wanted}`;
        const signs = Array.from(doi, (sign, at) => disguises[chosen[at] as number]?.(sign) ?? '');
        const found = read(`${before}${signs.join('')}${behind}`);
        expect(found).toMatchObject({ kind: 'doi', version: wanted, doiDatasetId: null });
      }),
      { numRuns: 1000 },
    );
  });

  test('a kept field that is whole is read again as it was read first', () => {
    const doi = '10.18112/openneuro.ds000117.v1.0.4';
    const filling = fc.oneof(fc.string(), fc.string({ minLength: 500, maxLength: 520 }));
    fc.assert(
      fc.property(
        filling,
        fc.constantFrom('', doi, `<${doi}>`, encodeURIComponent(doi)),
        (a, b) => {
          const first = read(`${a}${b}`);
          if (first.kind === 'invalid-json' || !isWholeField(first.doi)) return;
          expect(readDoi(first.doi, 'ds000117')).toEqual(first);
        },
      ),
    );
    expect(isWholeField('x'.repeat(511))).toBe(true);
    expect(isWholeField('x'.repeat(512))).toBe(false);
  });

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

  test('a hostile megabyte takes no noticeable time', () => {
    const part = '10.18112/openneuro.';
    const started = process.cpuUsage();
    read(part.repeat(50_000));
    read(`${part}ds000117.v${'.'.repeat(1_000_000)}x`);
    read(`${part}ds000117.v1-`.repeat(30_000));
    for (const unit of HOSTILE) read(unit.repeat(1_000_000 / unit.length));
    expect(process.cpuUsage(started).user).toBeLessThan(4_000_000);
  });

  test('twice the hostile text takes about twice the time', { retry: 3 }, () => {
    const time = (text: string) => {
      const started = process.cpuUsage();
      readDoi(text, 'ds000117');
      return process.cpuUsage(started).user;
    };
    for (const unit of HOSTILE) {
      const text = unit.repeat(400_000 / unit.length);
      time(text);
      const once = Math.max(time(text), 20_000);
      // Quadratic time would be sixteen times as long.
      expect({ unit, factor: time(text.repeat(4)) / once < 10 }).toEqual({ unit, factor: true });
    }
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
