// Who may read an export (docs/checks.md#access): the requested keys, and what answers mean.

import { describe, expect, test } from 'vitest';
import { accessDocument, createKeyChoice } from '../../../archives/openneuro/rules/s3-access.ts';
import type { ListedObject } from '../../../core/protocols/sources.ts';

const object = (key: string, size = 1, modified = '2020-01-01T00:00:00.000Z'): ListedObject => ({
  key,
  size,
  etag: 'e',
  modified,
});

const SUBJECTS = Array.from({ length: 40 }, (_, n) => `sub-${String(n).padStart(2, '0')}`);
const LISTING = [
  object('CHANGES'),
  object('annex-uuid'),
  object('derivatives/largest.nii', 1000),
  object('participants.tsv', 1, '2024-01-01T00:00:00.000Z'),
  ...SUBJECTS.flatMap((subject) => [object(`${subject}/a.nii`), object(`${subject}/b.nii`)]),
];

function choose(listing: readonly ListedObject[], day: string, tag = '1.0.0', pageSize = 7) {
  const choice = createKeyChoice('ds000001', tag, day);
  for (let at = 0; at < listing.length; at += pageSize) {
    choice.push(listing.slice(at, at + pageSize));
  }
  return choice.choose().keys.map(({ key }) => key);
}

describe('the choice of keys', () => {
  test('has first, last, largest and newest, ten in all, and no bookkeeping', () => {
    const keys = choose(LISTING, '2026-08-01');
    expect(keys).toHaveLength(10);
    expect(keys).toEqual(
      expect.arrayContaining([
        'CHANGES',
        'sub-39/b.nii',
        'derivatives/largest.nii',
        'participants.tsv',
      ]),
    );
    expect(keys).not.toContain('annex-uuid');
    expect(keys).toEqual(keys.toSorted());
  });

  test.each([
    ['the newest', { modified: '2024-01-01T00:00:00.000Z' }],
    ['the largest', { size: 1000 }],
  ])('has %s of a folder that there is room for only one more key of', (_, change) => {
    const listing = Array.from({ length: 100 }, (_, n) => object(`all/${100 + n}`));
    listing[20] = object('all/120', 1, '2019-01-01T00:00:00.000Z');
    listing[30] = { ...object('all/130'), ...change };
    for (let day = 1; day <= 5; day++) {
      const keys = choose(listing, `2026-08-0${day}`);
      expect(keys).toEqual(expect.arrayContaining(['all/100', 'all/130', 'all/199']));
      expect(keys.length).toBeLessThanOrEqual(4);
      expect(keys).not.toContain('all/120');
    }
  });

  test('takes a key without a time for the oldest', () => {
    const listing = Array.from({ length: 100 }, (_, n): ListedObject => {
      const key = `all/${100 + n}`;
      return n === 30 || n === 60 ? object(key) : { key, size: 1, etag: 'e' };
    });
    expect(choose(listing, '2026-08-01')).toContain('all/130');
  });

  test('is the same for the same tag and day, however the listing is cut into pages', () => {
    const expected = choose(LISTING, '2026-08-01');
    for (const pageSize of [1, 3, 1000]) {
      expect(choose(LISTING, '2026-08-01', '1.0.0', pageSize)).toEqual(expected);
    }
  });

  test('looks into every top folder within a few weeks', () => {
    const seen = new Set<string>();
    for (let day = 1; day <= 60; day++) {
      for (const key of choose(LISTING, `day ${day}`)) seen.add(key.split('/')[0] as string);
    }
    expect(SUBJECTS.filter((subject) => !seen.has(subject))).toEqual([]);
  });

  test('is another one for another tag', () => {
    expect(choose(LISTING, '2026-08-01', '1.0.1')).not.toEqual(choose(LISTING, '2026-08-01'));
  });

  test('has the first and the last archived key, and counts them all', () => {
    const choice = createKeyChoice('ds000001', '1.0.0', '2026-08-01');
    const archived = ['sub-05/a.nii', 'sub-17/b.nii', 'sub-30/a.nii'];
    const listing = LISTING.map((one) =>
      archived.includes(one.key) ? ({ ...one, archived: true } as const) : one,
    );
    choice.push(listing.slice(0, 20));
    choice.push(listing.slice(20));
    const { keys, archivedKeys } = choice.choose();
    expect(archivedKeys).toBe(3);
    expect(keys).toHaveLength(10);
    for (const key of ['sub-05/a.nii', 'sub-30/a.nii']) {
      expect(keys).toContainEqual({ key, archived: true });
    }
    expect(keys).toContainEqual({ key: 'CHANGES', archived: false });
  });

  test.each([
    ['nothing', [], []],
    ['bookkeeping alone', [object('annex-uuid'), object('sub-01/', 0)], []],
    ['one key', [object('README')], ['README']],
    ['a key that no URL can name', [object('a/../b'), object('b')], ['b']],
  ])('of %s', (_, listing, expected) => {
    expect(choose(listing, '2026-08-01')).toEqual(expected);
  });
});

describe('the verdict', () => {
  test.each([
    ['all may be read', [200, 200], 'ok', []],
    ['none may be read', [403, 403], 'error', ['private']],
    ['some may be read', [200, 403], 'error', ['partly-private']],
    ['one is not there', [200, 404], 'warning', ['listed-not-readable']],
    [
      'one is not there and none may be read',
      [403, 404],
      'error',
      ['private', 'listed-not-readable'],
    ],
    ['everything at once', [200, 403, 404], 'error', ['partly-private', 'listed-not-readable']],
    ['none is there', [404], 'warning', ['listed-not-readable']],
    ['nothing was listed', [], 'pending', []],
  ])('%s', (_, statuses, status, findings) => {
    const asked = statuses.map((httpStatus, n) => ({ key: `f${n}`, httpStatus }));
    const judged = accessDocument('ds000001', asked);
    expect(judged).toMatchObject({ status, findings, subtype: findings[0] ?? null });
    expect(judged).not.toHaveProperty('archivedKeys');
  });

  test.each([
    ['some archived', [[200], [200, true]], ['archived']],
    ['some private and some archived', [[200, true], [403]], ['partly-private', 'archived']],
    ['archived, and one not there', [[200, true], [404]], ['archived', 'listed-not-readable']],
    ['restored ones alone', [[200, false]], []],
  ] as const)('%s', (_, answers, findings) => {
    const asked = answers.map(([httpStatus, archived], n) => ({
      key: `f${n}`,
      httpStatus,
      ...(archived !== undefined && { archived }),
    }));
    const judged = accessDocument('ds000001', asked, 7);
    const status = findings.length > 0 ? 'error' : 'ok';
    expect(judged).toMatchObject({ status, findings, archivedKeys: 7 });
    expect(judged.asked.filter((one) => one.archived)).toHaveLength(findings.length > 0 ? 1 : 0);
  });
});
