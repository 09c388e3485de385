import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES, CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import {
  boardIn,
  isFiltered,
  readView,
  SORT_KEYS,
  sortedBy,
  toggled,
  type View,
  WHOLE_VIEW,
  withoutFilters,
  writeView,
} from '../../frontend/main/view.ts';
import { ISSUES } from '../support/words.ts';

const view: fc.Arbitrary<View> = fc.record({
  statuses: fc.subarray([...STATUSES]),
  checks: fc.subarray([...CHECKS]),
  uncompared: fc.subarray([...CHECKS]),
  issues: fc.subarray([...ISSUES]),
  causes: fc.subarray([...CAUSES]),
  unverified: fc.boolean(),
  justPublished: fc.boolean(),
  query: fc.string({ unit: 'grapheme', maxLength: 40 }),
  sort: fc.constantFrom(...SORT_KEYS),
  descending: fc.boolean(),
});

describe('the address', () => {
  test('leads back to the same view, whatever was searched for', () => {
    fc.assert(
      fc.property(view, (each) => {
        expect(readView(writeView(each))).toEqual(each);
      }),
    );
  });

  test('of a board tells what differs from its view, also that something is not chosen', () => {
    const name = 'board=0b0e6a3f-0000-4000-8000-000000000000&h=0123456789ab';
    fc.assert(
      fc.property(view, view, (each, base) => {
        const address = writeView(each, base, name);
        expect(readView(address, base)).toEqual(each);
        expect(boardIn(address)).toBe(name);
      }),
    );
    expect(writeView(WHOLE_VIEW, WHOLE_VIEW, name)).toBe(`?${name}`);
    expect(writeView(WHOLE_VIEW, { ...WHOLE_VIEW, statuses: ['error'], sort: 'id' }, name)).toBe(
      `?${name}&status=&sort=`,
    );
  });

  test.each([
    ['?status=error', ''],
    ['?h=0123', ''],
    ['?q=board%3Dx', ''],
    ['?status=error&h=0f&board=a-b&q=1', 'board=a-b&h=0f'],
    ['?board=<script>', ''],
  ])('%s names the board %j', (search, board) => {
    expect(boardIn(search)).toBe(board);
  });

  test('takes half a character as what it stands for in UTF-8', () => {
    expect(writeView({ ...WHOLE_VIEW, query: 'a\ud83e' })).toBe('?q=a%EF%BF%BD');
  });

  test.each([
    [{}, ''],
    [
      { statuses: ['error'], issues: ['s3Files:files-missing'], query: 'ds0001' },
      '?status=error&issue=s3Files:files-missing&q=ds0001',
    ],
    [{ justPublished: true }, '?just-published=1'],
    [{ checks: ['github', 's3Files'], unverified: true }, '?check=github,s3Files&unverified=1'],
    [{ sort: 'missing', descending: true }, '?sort=-missing'],
    [{ sort: 'status', descending: true }, '?sort=-status'],
    [{ query: 'a & b=c#d' }, '?q=a%20%26%20b%3Dc%23d'],
  ] as const)('%j is %s', (changes, address) => {
    expect(writeView({ ...WHOLE_VIEW, ...changes })).toBe(address);
  });

  test.each([
    '?status=fine&check=x&issue=github:toString&sort=constructor&unverified=yes',
    '?status=&issue=,,,&sort=-',
    '?%',
  ])('%s is the whole view', (address) => {
    expect(readView(address)).toEqual(WHOLE_VIEW);
  });
});

test('an older address that sorts by files that differ sorts by those that are missing', () => {
  const { sort, descending } = readView('?sort=-files');
  expect([sort, descending]).toEqual(['missing', true]);
});

describe('a view', () => {
  test('is filtered by anything but its order', () => {
    expect(isFiltered({ ...WHOLE_VIEW, sort: 'id', descending: true })).toBe(false);
    expect(isFiltered({ ...WHOLE_VIEW, query: '  ' })).toBe(false);
    for (const changes of [
      { statuses: ['ok'] },
      { checks: ['github'] },
      { issues: ['github:repo-empty'] },
      { unverified: true },
      { justPublished: true },
      { query: 'x' },
    ] as const) {
      const filtered = { ...WHOLE_VIEW, ...changes, sort: 'since' as const };
      expect(isFiltered(filtered)).toBe(true);
      expect(withoutFilters(filtered)).toEqual({ ...WHOLE_VIEW, sort: 'since' });
    }
  });

  test('a choice can be set and cleared, and the order of choices stays', () => {
    expect(toggled(['ok'], 'error', STATUSES)).toEqual(['error', 'ok']);
    expect(toggled(['error', 'ok'], 'error', STATUSES)).toEqual(['ok']);
  });

  test('a head sorts by its column, most or newest first, then the other way', () => {
    const once = sortedBy(WHOLE_VIEW, 'missing');
    expect([once.sort, once.descending]).toEqual(['missing', true]);
    expect(sortedBy(once, 'missing').descending).toBe(false);
    expect(sortedBy(once, 'id').descending).toBe(false);
    expect(sortedBy(WHOLE_VIEW, 'status').descending).toBe(true);
  });
});
