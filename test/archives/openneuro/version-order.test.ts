import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  highestVersion,
  isVersion,
  tagOfVersion,
} from '../../../archives/openneuro/version-order.ts';

const HEX = '57fed018cce88d000ac1757f';

describe('the order of versions', () => {
  test('versions are sorted from oldest to newest, whatever order they come in', () => {
    const rising = [
      '',
      '2.0.0^{}',
      'v9.9.9',
      HEX,
      '57fedff2a8d0b4000a9a3b0f',
      '00001',
      '00010',
      '0.9.9',
      '01.0.0',
      '1.0.0',
      '1.0.9',
      '1.0.13',
      '1.1.0',
      '1.10.0',
      '2.0.0',
      '20240101.0.0',
      '99999999999999999999.0.0',
      '100000000000000000000.0.0',
    ];
    expect([...rising].reverse().sort(compareVersions)).toEqual(rising);
    expect([...rising].sort().sort(compareVersions)).toEqual(rising);
  });

  test.each([
    {
      dataset: 'ds003216',
      tags: ['3.0.1', '3.0.10', '3.0.11', '3.0.2', '3.0.9'],
      highest: '3.0.11',
    },
    { dataset: 'ds003592', tags: ['1.0.1', '1.0.10', '1.0.13', '1.0.9'], highest: '1.0.13' },
    { dataset: 'ds006444', tags: ['1.0.0', '1.0.10', '1.0.9'], highest: '1.0.10' },
    { dataset: 'ds000109', tags: ['00001', '2.0.0', '2.0.0^{}', '2.0.2'], highest: '2.0.2' },
    {
      dataset: 'oldest form only',
      tags: [HEX, '57fedff2a8d0b4000a9a3b0f'],
      highest: '57fedff2a8d0b4000a9a3b0f',
    },
    { dataset: 'five digits over hex', tags: ['00001', HEX], highest: '00001' },
    { dataset: 'no tags', tags: [], highest: null },
    {
      dataset: 'no version among the tags',
      tags: ['latest', 'v1.0.0', '1.0', '\u{1f600}'],
      highest: null,
    },
  ])('$dataset: the highest of $tags is $highest', ({ tags, highest }) => {
    expect(highestVersion(tags)).toBe(highest);
    expect(highestVersion(tags.toReversed())).toBe(highest);
  });

  test.each([
    '1.0',
    '1.0.0.0',
    '1.0.0-rc1',
    ' 1.0.0',
    '1.0.0\n',
    '１.0.0',
    '12345',
    '000001',
    HEX.toUpperCase(),
  ])('%j is no version', (tag) => {
    expect(isVersion(tag)).toBe(false);
  });

  const number = fc.oneof(
    fc.nat({ max: 20 }).map(String),
    fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  );
  const semver = fc.tuple(number, number, number).map((parts) => parts.join('.'));

  test('major, minor and patch compare as numbers of any size', () => {
    fc.assert(
      fc.property(semver, semver, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(byNumbers(a, b));
      }),
    );
  });

  test('a total order over any text', () => {
    const digits = fc.constantFrom('0', '00', '01', '1', '10');
    const tag = fc.oneof(
      fc.tuple(digits, digits, digits).map((parts) => parts.join('.')),
      fc.constantFrom('00001', '00002', HEX, 'x', ''),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(tag, tag, tag, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
        expect(compareVersions(a, b) === 0).toBe(a === b);
        if (compareVersions(a, b) < 0 && compareVersions(b, c) < 0) {
          expect(compareVersions(a, c)).toBeLessThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function byNumbers(a: string, b: string): number {
  const others = b.split('.').map(BigInt);
  for (const [at, part] of a.split('.').map(BigInt).entries()) {
    const other = others[at] as bigint;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

test.each([
  { version: '1.0.0', tags: ['1.0.0'], tag: '1.0.0', why: 'as written' },
  { version: '1', tags: ['00001', '1.0.0'], tag: '00001', why: 'the 1 of 2018' },
  { version: '5', tags: ['00001', '00005'], tag: '00005', why: 'the 5 of 2018' },
  { version: '12', tags: ['00002', '00012'], tag: '00012', why: 'two digits' },
  { version: '00001', tags: ['00001'], tag: '00001', why: 'with its zeros' },
  { version: '1', tags: ['1', '00001'], tag: '1', why: 'as written goes first' },
  { version: '1', tags: ['1.0.0'], tag: '1', why: 'no such tag' },
  { version: '1.0', tags: ['00001', '1.0.0'], tag: '1.0', why: 'no number' },
  { version: HEX.toUpperCase(), tags: [HEX], tag: HEX, why: 'a DOI is the same in any case' },
  { version: '1.0.0-RC1', tags: ['1.0.0-rc1'], tag: '1.0.0-rc1', why: 'in another case' },
])('$version of $tags is the tag $tag: $why', ({ version, tags, tag }) => {
  expect(tagOfVersion(version, tags)).toBe(tag);
});
