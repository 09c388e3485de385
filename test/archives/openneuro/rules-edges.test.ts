// Rules at their edges: ties, orders, one of two conditions alone.

import { describe, expect, test } from 'vitest';
import { github } from '../../../archives/openneuro/checks/github.ts';
import type {
  AnnexRecord,
  Github,
  S3Access,
  S3Content,
} from '../../../archives/openneuro/documents.ts';
import type { SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import {
  recordsFromDocuments,
  type StoredChecks,
  withS3FilesVerdict,
} from '../../../archives/openneuro/legacy/verdicts.ts';
import { readClaim } from '../../../archives/openneuro/rules/annex-record.ts';
import { githubEvidence, type Mirror } from '../../../archives/openneuro/rules/github.ts';
import { stateOfError } from '../../../archives/openneuro/rules/leftovers.ts';
import {
  type AskedKey,
  accessDocument,
  createKeyChoice,
} from '../../../archives/openneuro/rules/s3-access.ts';
import {
  compareContent,
  contentDocument,
  contentNotCompared,
} from '../../../archives/openneuro/rules/s3-content.ts';
import { CHECKS } from '../../../archives/openneuro/vocabulary.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import {
  countOtherRules,
  holdReasons,
  summarizeDataset,
  withKeptEntry,
} from '../../support/legacy.ts';
import { okRecord, RECORDED_AT } from '../../support/ok-record.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const AT = RECORDED_AT;

describe('a mirror', () => {
  const snapshots = [
    { tag: '1.0.0', hexsha: A },
    { tag: '1.0.1', hexsha: B },
  ];
  const judge = (branches: Record<string, string>, head: string | null, tags?: object) =>
    documentOf(github, 'ds000001', {
      entry: { latest: '1.0.1', snapshots },
      evidence: githubEvidence({
        head,
        branches: new Map(Object.entries(branches)),
        tags: new Map(Object.entries(tags ?? { '1.0.0': A, '1.0.1': B })),
        annotated: new Map(),
      } as Mirror),
    });

  test.each<[string, Record<string, string>, string, string | null]>([
    ['git-annex', { main: B, 'git-annex': C }, 'git-annex', 'head-on-annex'],
    ['git-annex, which is at the tag', { main: A, 'git-annex': B }, 'git-annex', 'head-on-annex'],
    [
      'main, while master is at the tag',
      { main: A, master: B, 'git-annex': C },
      'main',
      'default-branch-stale',
    ],
    [
      'another, while main is at the tag',
      { dev: A, main: B, 'git-annex': C },
      'dev',
      'default-branch-stale',
    ],
    [
      'main, while none is at the tag',
      { main: A, master: A, 'git-annex': C },
      'main',
      'head-mismatch',
    ],
    [
      'main, while another is at the tag',
      { main: A, dev: B, 'git-annex': C },
      'main',
      'head-mismatch',
    ],
    ['main, which is at the tag', { main: B, master: A, 'git-annex': C }, 'main', null],
  ])('whose HEAD is at %s', (_, branches, head, subtype) => {
    const { findings } = judge(branches, head);
    expect(findings.map((it) => it.subtype)).toEqual(subtype === null ? [] : [subtype]);
    // A HEAD on git-annex is wrong whatever the newest snapshot is.
    const tags = subtype === 'head-on-annex' ? [] : ['1.0.1'];
    expect(findings[0]?.tags ?? tags).toEqual(tags);
  });

  test('lists what is worst first, whatever was looked at first', () => {
    const { findings, status } = judge({ main: A }, 'main', { '1.0.1': B });
    expect(findings.map(({ subtype }) => subtype)).toEqual([
      'head-mismatch',
      'older-tag-missing',
      'annex-branch-missing',
    ]);
    expect(status).toBe('warning');
    const worse = judge({ main: B, 'git-annex': C }, 'git-annex', { '1.0.0': C, '1.0.1': B });
    expect(worse.findings.map((it) => it.status)).toEqual(['error', 'error']);
  });

  test.each<[string, Record<string, string>, object]>([
    ['tags and no branch', {}, { '1.0.1': B }],
    ['branches and no tag', { main: B }, {}],
  ])('with %s is not empty', (_, branches, tags) => {
    const { findings } = judge(branches, null, tags);
    expect(findings.map((it) => it.subtype)).not.toContain('repo-empty');
  });
});

describe('what git-annex recorded', () => {
  const PLACE = { bucket: 'openneuro.org', prefix: 'ds000001/' };
  const remote = (uuid: string) =>
    `${uuid} bucket=openneuro.org exporttree=yes fileprefix=ds000001/ name=s3-PUBLIC type=S3 timestamp=1s\n`;

  test('shows remotes by their id, whatever the order of the log', () => {
    const uuids = (...order: string[]) =>
      readClaim({ remote: order.map(remote).join(''), trust: '', export: '' }, PLACE).remotes.map(
        ({ uuid }) => uuid,
      );
    expect(uuids('b', 'a', 'c')).toEqual(['a', 'b', 'c']);
    expect(uuids('c', 'b', 'a')).toEqual(['a', 'b', 'c']);
  });

  test('the newer of two exports counts, whichever remote comes first', () => {
    const claim = (one: string, two: string) =>
      readClaim(
        {
          remote: remote('a') + remote('b'),
          trust: '',
          export: `${one} here:a ${A}\n${two} here:b ${B}\n`,
        },
        PLACE,
      ).exportedTree;
    expect([claim('1s', '2s'), claim('2s', '1s')]).toEqual([B, A]);
  });
});

describe('keys to ask for', () => {
  const object = (key: string, size = 1, modified = AT) => ({ key, size, etag: 'e', modified });
  const choose = (keys: readonly string[], day = 'a day') => {
    const choice = createKeyChoice('ds000001', '1.0.0', day);
    choice.push(keys.map((key) => object(key)));
    return choice.choose().keys.map(({ key }) => key);
  };

  test('are the first and the last, also where all is one folder', () => {
    const keys = Array.from({ length: 50 }, (_, n) => `sub/${100 + n}`);
    for (const day of ['1', '2', '3']) {
      expect(choose(keys, day)).toEqual(expect.arrayContaining(['sub/100', 'sub/149']));
    }
  });

  test('are of a folder others on other days, in time all of them', () => {
    const sub = Array.from({ length: 12 }, (_, n) => `sub/${100 + n}`);
    for (const keys of [['a', ...sub, 'z'], sub]) {
      const seen = new Set<string>();
      for (let day = 0; day < 400; day++) for (const key of choose(keys, `${day}`)) seen.add(key);
      expect(keys.filter((key) => !seen.has(key))).toEqual([]);
    }
  });

  test('are of many folders the same as if each were known at once', () => {
    const folders = Array.from({ length: 200 }, (_, n) => `sub-${1000 + n}/a`);
    const some = choose(folders);
    expect(some).toHaveLength(10);
    // The folders without a chosen key do not matter: the choice is by each one's own rank.
    const fewer = folders.filter((key, n) => some.includes(key) || n % 3 === 0);
    expect(choose(fewer)).toEqual(some);
  });

  test('a folder that comes in two parts gives at most its two keys', () => {
    const keys = ['a/1', 'a/2', 'a.txt', 'b/1'];
    expect(choose(keys)).toEqual(keys.filter((key) => choose(keys).includes(key)).toSorted());
    expect(new Set(choose(keys)).size).toBe(choose(keys).length);
  });

  test.each(['.', '..', './a', '../a', 'a/.', 'a/..', 'a/./b', 'a/../b'])(
    'never are %j, which no URL can name',
    (key) => {
      expect(choose([key])).toEqual([]);
    },
  );

  test.each(['.a', '..a', 'a.', 'a..', '...', 'a/.b', 'a/...'])('may be %j', (key) => {
    expect(choose([key])).toEqual([key]);
  });

  test('are shown in byte order with their answers', () => {
    const asked: AskedKey[] = ['b', 'a', 'c'].map((key) => ({ key, httpStatus: 200 }));
    const { asked: shown } = accessDocument('ds000001', asked);
    expect(shown.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  test('nothing to ask for is a check that was not made, with the reason', () => {
    expect(accessDocument('ds000001', []).notCompared).toBe('export-missing');
    expect(accessDocument('ds000001', [{ key: 'a', httpStatus: 200 }]).notCompared).toBeNull();
  });
});

describe('contents', () => {
  const NONE = {
    compared: { content: 0, size: 0, none: 0 },
    sizeMismatches: 0,
    contentMismatches: 0,
    bytesMissing: 0,
    bytesExtra: 0,
    mismatches: [],
  };
  const judge = (change: object) =>
    contentDocument('ds000001', { version: '1.0.0', commit: C }, { ...NONE, ...change });

  test.each<[object, string, string[]]>([
    [{}, 'ok', []],
    [{ sizeMismatches: 1 }, 'error', ['size-mismatch']],
    [{ contentMismatches: 1 }, 'error', ['content-mismatch']],
    [{ sizeMismatches: 1, contentMismatches: 1 }, 'error', ['size-mismatch', 'content-mismatch']],
  ])('%j', (change, status, findings) => {
    expect(judge(change)).toMatchObject({ status, findings, subtype: findings[0] ?? null });
  });

  test('contents that were not compared have no findings', () => {
    const judged = contentNotCompared('ds000001', 'blocked');
    expect(judged).toMatchObject({ status: 'pending', findings: [], notCompared: 'blocked' });
  });

  test('an ETag that only ends in an MD5 is not compared', () => {
    const md5 = '0'.repeat(32);
    const plain = { kind: 'plain', size: 1, md5 } as const;
    expect(compareContent(plain, { size: 1, etag: `x${md5}` }).depth).toBe('size');
    expect(compareContent(plain, { size: 1, etag: `${md5}x` }).depth).toBe('size');
  });
});

describe('a row', () => {
  const row = (records: object) =>
    summarizeDataset('ds000001', { latest: '1.0.1', name: null, latestDate: AT }, records as never);

  test('shows orphans of a comparison, and of none that was not made', () => {
    const s3Files = okRecord('s3Files', { numbers: { removed: 3, added: 2 } });
    expect(row({ s3Files })).toMatchObject({ s3FilesAdded: 2, s3FilesRemoved: 3 });
    const without = { ...s3Files, notCompared: 'mirror-absent' };
    expect(row({ s3Files: without })).toMatchObject({ s3FilesAdded: null, s3FilesRemoved: null });
  });

  test('shows what the content checks found, when, and what failed', () => {
    const lastAttempt = { at: AT, reason: 'timeout' } as const;
    const made = row({
      s3Content: okRecord('s3Content', { status: 'error', subtype: 'size-mismatch' }),
      s3Access: okRecord('s3Access', { status: 'error', subtype: 'private', lastAttempt }),
      annexRecord: okRecord('annexRecord', { status: 'warning', subtype: 'remotes' }),
    });
    expect(made).toMatchObject({
      checks: { s3Content: 'error', s3Access: 'error', annexRecord: 'warning' },
      issueSubtypes: { s3Content: 'size-mismatch', s3Access: 'private', annexRecord: 'remotes' },
      lastChecked: { s3Content: AT, s3Access: AT, annexRecord: AT },
      unverified: { s3Access: lastAttempt },
    });
    expect(made.unverified?.s3Content ?? null).toBeNull();
  });

  test('claims the oldest of its times, compared as times', () => {
    const at = (checkedAt: string | null) => okRecord('github', { checkedAt });
    const [early, late] = ['2026-08-01T08:00:00Z', '2026-08-01T08:00:00.500Z'];
    for (const [github, s3Version] of [
      [early, late],
      [late, early],
    ]) {
      expect(
        row({ github: at(github as string), s3Version: at(s3Version as string) }).checkedAt,
      ).toBe(early);
    }
    expect(row({ github: at(late), s3Files: at(null) }).checkedAt).toBe(late);
  });
});

describe('why publishing is held', () => {
  const rows = (count: number, change: (n: number) => object): SummaryRow[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `ds${n}`,
      status: 'ok',
      checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
      unverified: null,
      ...change(n),
    })) as never;
  const good = rows(100, () => ({}));

  test('is explained with the number, the share and the bound', () => {
    const checks = { github: 'error', s3Version: 'ok', s3Files: 'ok' };
    const bad = rows(100, (n) => (n < 7 ? { status: 'error', checks } : {}));
    const [why, ...more] = holdReasons({ previous: good, next: bad });
    expect(more).toEqual([]);
    expect(why).toMatch(/^7 of 100 datasets \(7\.0 %\) turned to error .*more than 2 % /);
    const failed = { github: { at: AT, reason: 'timeout' }, s3Version: null, s3Files: null };
    const unverified = rows(100, (n) => (n < 9 ? { unverified: failed } : {}));
    expect(holdReasons({ previous: good, next: unverified })[0]).toMatch(
      /^9 of 100 .*more than 5 % /,
    );
  });

  test('an object of no attempts is no failure', () => {
    const unverified = { github: null, s3Version: undefined, s3Files: null };
    const next = rows(100, () => ({ unverified }));
    expect(holdReasons({ previous: good, next })).toEqual([]);
  });
});

describe('a dataset whose entry in the registry could not be read', () => {
  const attempt = { at: AT, reason: 'malformed' } as const;
  const own = { at: AT, reason: 'timeout' } as const;
  const row = (unverified: object | null) => {
    const none = summarizeDataset('ds1', { latest: '1.0.1', name: null, latestDate: AT }, {});
    return { ...none, unverified } as unknown as SummaryRow;
  };
  test.each<[string, object | null, object | null]>([
    ['all was measured', null, { github: attempt, s3Version: null, s3Files: null }],
    [
      'another check failed',
      { github: null, s3Version: null, s3Files: own },
      { github: attempt, s3Version: null, s3Files: own },
    ],
    [
      'its mirror was not measured either',
      { github: own, s3Version: null, s3Files: null },
      { github: own, s3Version: null, s3Files: null },
    ],
  ])('has no verified mirror, where %s', (_, before, after) => {
    expect(withKeptEntry(row(before), attempt)).toEqual(row(after));
    expect(withKeptEntry(row(before), undefined)).toEqual(row(before));
  });
});

describe('the rules that a row was judged by', () => {
  const row = (...versions: (number | undefined)[]) =>
    summarizeDataset(
      'ds000001',
      { latest: '1.0.1', name: null, latestDate: AT },
      Object.fromEntries(
        versions.map((rulesVersion, at) => [CHECKS[at], { findings: [], rulesVersion }]),
      ) as never,
    ).rulesVersion;
  test.each<[string, (number | undefined)[], number | undefined]>([
    ['all the same', [2, 2, 2], 2],
    ['the oldest, where they differ', [3, 1, 2], 1],
    ['not told, where one of them is older than the numbers', [2, undefined, 2], undefined],
    ['not told, where nothing was checked', [], undefined],
  ])('are %s', (_, versions, expected) => {
    expect(row(...versions)).toBe(expected);
  });

  test('count where they are others than those of the published row', () => {
    const rows = (...versions: (number | undefined)[]) =>
      versions.map((rulesVersion, n) => ({ id: `ds${n}`, rulesVersion })) as never;
    const previous = rows(1, 2, undefined, undefined);
    expect(countOtherRules({ previous, next: rows(1, 1, 1, undefined, 1) })).toBe(2);
    expect(countOtherRules({ previous, next: previous })).toBe(0);
    expect(countOtherRules({ previous: null, next: previous })).toBe(0);
  });
});

describe('what follows from documents', () => {
  const checkedAt = { github: AT, s3Version: AT, s3Files: AT };
  const stored = (change: Partial<StoredChecks>): StoredChecks => ({
    latest: '1.0.1',
    snapshots: [{ tag: '1.0.1', hexsha: A }],
    checkedAt,
    ...change,
  });

  test('content checks have their own verdicts', () => {
    const document = {
      status: 'error',
      subtype: 'size-mismatch',
      findings: ['size-mismatch'],
      notCompared: null,
      lastAttempt: { at: AT, reason: 'timeout' },
    };
    const records = recordsFromDocuments(
      'ds000001',
      stored({
        s3Content: document as unknown as S3Content,
        s3Access: { ...document, subtype: 'private', findings: ['private'] } as unknown as S3Access,
        annexRecord: { ...document, notCompared: 'mirror-absent' } as unknown as AnnexRecord,
        checkedAt: { ...checkedAt, s3Content: AT },
      }),
    );
    expect(Object.keys(records)).toEqual(['s3Content', 's3Access', 'annexRecord']);
    expect(records.s3Content).toMatchObject({ ...document, check: 's3Content', checkedAt: AT });
    expect(records.s3Access).toMatchObject({ subtype: 'private', checkedAt: null });
    expect(records.annexRecord).toMatchObject({ notCompared: 'mirror-absent' });
  });

  test.each<[string, object, string | null]>([
    ['branches alone', { branches: { main: A }, tags: {} }, AT],
    ['tags alone', { branches: {}, tags: { '1.0.1': A } }, AT],
    ['nothing', { branches: {}, tags: {} }, null],
    ['nothing, and why', { branches: {}, tags: {}, error: 'repo-not-found' }, AT],
  ])('of a mirror with %s', (_, change, at) => {
    const github = {
      ...{ head: null, lastChecked: null, error: null, annotated: {}, status: 'ok', subtype: null },
      ...{ findings: [], lastAttempt: null },
      ...change,
    } as unknown as Github;
    const { github: record } = recordsFromDocuments('ds000001', stored({ github }));
    expect(record?.checkedAt).toBe(at);
  });

  test('paths that git-annex writes move among the bookkeeping, in byte order', () => {
    const judged = withS3FilesVerdict({
      totalS3Files: 3,
      added: [],
      removed: ['annex-uuid', 'left'],
      bookkeeping: ['-/'],
    } as never);
    expect(judged).toMatchObject({ removed: ['left'], bookkeeping: ['-/', 'annex-uuid'] });
    const other = withS3FilesVerdict({
      totalS3Files: 3,
      added: [],
      removed: ['annex-uuid'],
      bookkeeping: ['z/'],
    } as never);
    expect(other.bookkeeping).toEqual(['annex-uuid', 'z/']);
  });
});

test.each([
  ['Dataset ds005592 has been deleted. Reason: none', 'deleted'],
  ['The Dataset ds005592 has been deleted', null],
  ['Dataset ds005592 has been deletedx', null],
])('%j means %j', (message, state) => {
  expect(stateOfError(message, undefined)).toBe(state);
});
