// Every finding has a likely cause with a command that lets anybody see it, and cards show the
// evidence of every check.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { aboutArchive } from '../../../archives/dandi/about-archive.ts';
import { FACTS } from '../../../archives/dandi/cards/facts.ts';
import { ITEMS } from '../../../archives/dandi/cards/items.ts';
import { CAUSE_LIST } from '../../../archives/dandi/causes.ts';
import { PLACES } from '../../../archives/dandi/endpoints.ts';
import { dandi } from '../../../archives/dandi/index.ts';
import { askedAddress, issueTracker } from '../../../archives/dandi/report-links.ts';
import { likelyCauses } from '../../../archives/dandi/rules/likely-causes.ts';
import { catalogueOf } from '../../../core/documents/catalogue.ts';
import type { Row } from '../../../core/documents/rows.ts';

const CATALOGUE = catalogueOf(dandi);
const ABOUT = aboutArchive(
  Object.fromEntries(Object.entries(PLACES).map(([place, { url }]) => [place, url])),
);
const rowOf = (findings: Record<string, readonly string[]>, id = '000027') =>
  ({
    id,
    checks: Object.fromEntries(
      dandi.checks.map((check) => [
        check.id,
        { findings: findings[check.id] ?? [], status: findings[check.id] ? 'error' : 'ok' },
      ]),
    ),
  }) as unknown as Row;
const causesOf = (findings: Record<string, readonly string[]>, about = ABOUT) =>
  likelyCauses(about, rowOf(findings), CATALOGUE);

const ALL = dandi.checks.flatMap(({ id, findings }) =>
  Object.keys(findings).map((finding) => [id, finding] as const),
);

describe('a likely cause', () => {
  test.each(ALL)('explains %s:%s, and anybody can see it', (check, finding) => {
    const [cause, ...others] = causesOf({ [check]: [finding] });
    expect(others).toEqual([]);
    expect(cause?.evidence).toHaveLength(1);
    const commands = [cause?.verify, cause?.mend].filter((one) => one != null);
    expect(cause?.verify).not.toBeNull();
    for (const command of commands) {
      const { status, stderr } = spawnSync('sh', ['-n', '-c', command]);
      expect([status, stderr.toString()]).toEqual([0, '']);
      expect(command).toContain('000027');
    }
  });

  test('is there for each of the list, and none is left over', () => {
    const used = new Set(ALL.flatMap(([id, one]) => causesOf({ [id]: [one] })[0]?.cause ?? []));
    used.add(causesOf({ mirror: ['lag'] })[0]?.cause ?? '');
    used.add(causesOf({ mirror: ['lag'], assets: ['files-missing'] })[0]?.cause ?? '');
    expect(CAUSE_LIST.flatMap(({ id }) => (used.has(id) ? [] : [id]))).toEqual([]);
  });

  test.each([
    [{ mirror: ['lag'] }, ['late-content-equal']],
    [{ mirror: ['lag'], assets: ['files-missing'], record: ['record-missing'] }, ['backup-fails']],
    [{ assets: ['files-missing'], metadata: ['metadata-differs'] }, ['wrong-under-right-time']],
    [{ listing: ['modified-lag'], assets: ['files-missing'] }, ['change-not-seen']],
    [
      { blobs: ['blob-blocked'], manifests: ['manifest-blocked', 'manifest-stale'] },
      ['objects-kept-embargo', 'manifests-not-written'],
    ],
    [{}, []],
  ])('of %j is %j', (findings, expected) => {
    expect(causesOf(findings).map(({ cause }) => cause)).toEqual(expected);
  });

  test('has no command where the addresses of an archive are not known', () => {
    const [cause] = causesOf(
      { mirror: ['leak'] },
      { ...ABOUT, mirrorUrl: null, registryUrl: null },
    );
    expect(cause).toMatchObject({ verify: null, mend: null });
  });

  test('is not sought for an id that is none', () => {
    const row = rowOf({ mirror: ['lag'] }, '$(reboot)');
    expect(likelyCauses(ABOUT, row, CATALOGUE)).toEqual([]);
  });
});

describe('cards', () => {
  test('show fields that the documents have, for every check', () => {
    expect(Object.keys(FACTS)).toEqual(dandi.checks.map(({ id }) => id));
    for (const { id, evidence } of dandi.checks) {
      const fields = Object.keys(evidence.shape);
      expect([id, FACTS[id]?.filter(([, field]) => !fields.includes(field))]).toEqual([id, []]);
    }
  });

  test('say of a zarr which part of it differs', () => {
    const sum = (letter: string, rest: string) => `${letter.repeat(32)}${rest}`;
    const zarr = (bucket: string) => ({
      ...{ path: 'a.zarr', registry: sum('a', '-3--30'), stated: sum('a', '-3--30') },
      ...{ computed: sum('a', '-3--30'), pin: null, draft: null, section: 'one', isSsh: false },
      bucket,
    });
    const told = (bucket: string) => ITEMS.zarrs?.[1]({ zarrs: [zarr(bucket)] })[0]?.remark;
    expect(told(sum('b', '-2--20'))).toBe('bucket has 2 files, not 3');
    expect(told(sum('b', '-3--31'))).toBe('bucket has 31 bytes, not 30');
    expect(told(sum('b', '-3--30'))).toBe('bucket has other contents');
    expect(told(sum('a', '-3--30'))).toBeUndefined();
  });

  test('name the address that a check asks, and the tracker of the archive', () => {
    expect(issueTracker(ABOUT)).toBe('https://github.com/dandi/dandisets/issues/new');
    expect(issueTracker({ ...ABOUT, registryUrl: 'https://other.example/api' })).toBeNull();
    expect(askedAddress('mirror', ABOUT, '000027')).toBe(
      'https://github.com/dandisets/000027.git/info/refs?service=git-upload-pack',
    );
    expect(askedAddress('embargo', ABOUT, '000027')).toBe(
      'https://api.dandiarchive.org/api/dandisets/000027/',
    );
    expect(askedAddress('mirror', ABOUT, '../x')).toBeNull();
  });
});
