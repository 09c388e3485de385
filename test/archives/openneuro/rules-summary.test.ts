import { describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import { summaryRowSchema } from '../../../archives/openneuro/legacy/summary.ts';
import { type Check, SUBTYPES } from '../../../archives/openneuro/vocabulary.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import type { Status } from '../../../core/documents/vocabulary.ts';
import { shrinkFault } from '../../../core/monitor/hold.ts';
import { holdReasons, summarizeDataset } from '../../support/legacy.ts';
import { okRecord, RECORDED_AT } from '../../support/ok-record.ts';
import { issuesOf } from '../../support/words.ts';

const AT = RECORDED_AT;
const ENTRY = { latest: '1.0.1', name: 'Balloons', latestDate: AT };

const row = (changes: { [C in Check]?: Partial<CheckRecord> }): SummaryRow => {
  const made = summarizeDataset('ds000001', ENTRY, {
    github: okRecord('github', changes.github),
    s3Version: okRecord('s3Version', changes.s3Version),
    s3Files: okRecord('s3Files', changes.s3Files),
    s3Content: changes.s3Content && okRecord('s3Content', changes.s3Content),
    s3Access: changes.s3Access && okRecord('s3Access', changes.s3Access),
    annexRecord: changes.annexRecord && okRecord('annexRecord', changes.annexRecord),
  });
  expect(summaryRowSchema.safeParse(made).error).toBeUndefined();
  return made;
};

describe('a row', () => {
  test('the row of a dataset in step', () => {
    expect(row({ s3Files: { numbers: { added: 0, removed: 0 } } })).toEqual({
      id: 'ds000001',
      status: 'ok',
      checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
      s3Blocked: null,
      lastChecked: { github: AT, s3Version: AT, s3Files: AT },
      s3FilesAdded: null,
      s3FilesRemoved: null,
      issueSubtypes: null,
      githubVersion: '1.0.1',
      s3Version: '1.0.1',
      latestSnapshotDate: AT,
      name: 'Balloons',
      latestSnapshot: '1.0.1',
      checkedAt: AT,
      unverified: null,
      findings: [],
      notCompared: null,
    });
  });

  test('waits for the last of its checks, and for none that does not', () => {
    const until = (day: number) => ({
      reason: 'just-published' as const,
      until: `2026-08-0${day}T06:00:00.000Z`,
    });
    expect(row({ github: { pending: null } }).pending).toBeUndefined();
    for (const [one, other] of [
      [5, 4],
      [4, 5],
    ] as const) {
      const changes = { s3Version: { pending: until(one) }, s3Files: { pending: until(other) } };
      expect(row(changes).pending).toEqual(until(5));
    }
  });

  test('a dataset that was never checked is pending and claims no time', () => {
    // Also a title in an older system's document: every output is made from the row.
    const long = summarizeDataset('ds000001', { ...ENTRY, name: `a\n${'b'.repeat(999)}` }, {});
    expect(long.name).toMatch(/^a b{297}…$/);
    expect(summarizeDataset('ds000001', ENTRY, {})).toMatchObject({
      status: 'pending',
      checks: { github: 'pending', s3Version: 'pending', s3Files: 'pending' },
      lastChecked: null,
      checkedAt: null,
      githubVersion: null,
      s3Version: null,
    });
  });

  test.each<[Status, Status, Status, Status]>([
    ['ok', 'ok', 'ok', 'ok'],
    ['ok', 'ok', 'pending', 'pending'],
    ['ok', 'warning', 'pending', 'warning'],
    ['warning', 'version-mismatch', 'pending', 'version-mismatch'],
    ['error', 'version-mismatch', 'pending', 'error'],
  ])('of %s, %s and %s is %s: the worst wins, and pending hides only ok', (a, b, c, expected) => {
    expect(
      row({ github: { status: a }, s3Version: { status: b }, s3Files: { status: c } }).status,
    ).toBe(expected);
  });

  test('claims the oldest of its times, whatever their fractions', () => {
    const changes = {
      github: { checkedAt: '2026-08-01T08:00:00.500Z' },
      s3Version: { checkedAt: '2026-08-01T08:00:00Z' },
      s3Files: { checkedAt: '2026-08-01T08:00:01Z' },
    };
    expect(row(changes).checkedAt).toBe('2026-08-01T08:00:00Z');
  });

  test('the row of a blocked export shows the lock and no version', () => {
    const changes = {
      s3Version: { status: 'error', subtype: 'blocked', version: '1.0.0' },
      s3Files: { status: 'error', notCompared: 'blocked', numbers: { added: 3, removed: 4 } },
    } as const;
    expect(row(changes)).toMatchObject({
      status: 'error',
      s3Blocked: true,
      s3Version: null,
      s3FilesAdded: null,
      s3FilesRemoved: null,
      issueSubtypes: { github: null, s3Version: 'blocked', s3Files: null },
      notCompared: 'blocked',
    });
  });

  test('the row of a missing export shows no counts', () => {
    const changes = {
      s3Files: { status: 'error', subtype: 'export-missing', numbers: { added: 17 } },
    } as const;
    expect(row(changes)).toMatchObject({ s3FilesAdded: null, s3FilesRemoved: null });
  });

  test('counts differences above zero', () => {
    const changes = {
      s3Files: { status: 'error', subtype: 'files-missing', numbers: { added: 2, removed: 0 } },
    } as const;
    expect(row(changes)).toMatchObject({ s3FilesAdded: 2, s3FilesRemoved: null });
  });

  test('lists findings where there is more than the one in its subtype', () => {
    const one = { status: 'error', subtype: 'tag-missing', findings: ['tag-missing'] } as const;
    expect(row({ github: { ...one, findings: [...one.findings] } }).findings).toEqual([]);
    const two: CheckRecord['findings'] = ['tag-missing', 'annex-branch-missing'];
    expect(row({ github: { ...one, findings: two } }).findings).toEqual(two);
  });

  test('lists the further findings of every check, so that each is counted as an issue', () => {
    const made = row({
      github: { subtype: 'tag-missing', findings: ['tag-missing', 'annex-branch-missing'] },
      s3Version: { subtype: 'no-doi', findings: ['no-doi'] },
      s3Files: { subtype: 'files-missing', findings: ['files-missing', 'files-orphaned'] },
      s3Content: { subtype: 'size-mismatch', findings: ['size-mismatch', 'content-mismatch'] },
      s3Access: { subtype: 'partly-private', findings: ['partly-private', 'listed-not-readable'] },
      annexRecord: { subtype: 'export-behind', findings: ['export-behind', 'remotes'] },
    });
    expect(made.findings).toEqual([
      ...['tag-missing', 'annex-branch-missing', 'files-missing', 'files-orphaned'],
      ...['size-mismatch', 'content-mismatch', 'partly-private', 'listed-not-readable'],
      ...['export-behind', 'remotes'],
    ]);
    expect(issuesOf(made)).toEqual([
      ...['github:tag-missing', 'github:annex-branch-missing', 's3Version:no-doi'],
      ...['s3Files:files-missing', 's3Files:files-orphaned'],
      ...['s3Content:size-mismatch', 's3Content:content-mismatch'],
      ...['s3Access:partly-private', 's3Access:listed-not-readable'],
      ...['annexRecord:export-behind', 'annexRecord:remotes'],
    ]);
  });

  test('says how deeply contents were compared, where they were', () => {
    const compared = { content: 87, size: 5, none: 8 };
    expect(row({ s3Content: { numbers: compared } }).compared).toEqual(compared);
    expect(row({ s3Content: {} }).compared).toBeUndefined();
    expect(row({}).compared).toBeUndefined();
  });

  test('a row counts the further findings that older runs listed for the mirror only', () => {
    const old = { ...row({}), issueSubtypes: null, notCompared: 'blocked' } as const;
    expect(issuesOf({ ...old, findings: ['tag-missing', 'sha-mismatch'] })).toEqual([
      'github:tag-missing',
      'github:sha-mismatch',
    ]);
    expect(new Set(SUBTYPES).size).toBe(SUBTYPES.length);
  });

  test('keeps the status of a check whose newest attempt failed, and says so', () => {
    const lastAttempt = { at: AT, reason: 'timeout' } as const;
    expect(
      row({ github: { status: 'warning', subtype: 'head-mismatch', lastAttempt } }),
    ).toMatchObject({
      status: 'warning',
      unverified: { github: lastAttempt, s3Version: null, s3Files: null },
    });
  });
});

describe('holding a publication', () => {
  const FAILED = { github: { at: AT, reason: 'timeout' }, s3Version: null, s3Files: null } as const;
  const rows = (count: number, change: (i: number) => Partial<SummaryRow>): SummaryRow[] =>
    Array.from({ length: count }, (_, i) => ({ ...row({}), id: `ds${i}`, ...change(i) }));
  const good = (count: number) => rows(count, () => ({}));

  test.each([
    ['5 of 100 newly unverified', 5, 0],
    ['6 of 100 newly unverified', 6, 1],
  ])('%s', (_, failures, reasons) => {
    const next = rows(100, (i) => (i < failures ? { unverified: FAILED } : {}));
    expect(holdReasons({ previous: good(100), next })).toHaveLength(reasons);
  });

  test('what was unverified before is not newly so', () => {
    const same = rows(100, (i) => (i < 50 ? { unverified: FAILED } : {}));
    expect(holdReasons({ previous: same, next: same })).toEqual([]);
  });

  test('a first run that could measure little is held', () => {
    const next = rows(100, (i) => (i < 50 ? { unverified: FAILED } : {}));
    expect(holdReasons({ previous: null, next })).toEqual([
      expect.stringMatching(/^50 of 100 datasets \(50\.0 %\) could not be measured/),
    ]);
  });

  test.each<[string, number, Status, Status, number]>([
    ['2 of 100 turned to error', 2, 'ok', 'error', 0],
    ['3 of 100 turned to error', 3, 'ok', 'error', 1],
    ['3 of 100 turned to mismatch', 3, 'warning', 'version-mismatch', 1],
    ['3 of 100 turned from mismatch to error', 3, 'version-mismatch', 'error', 1],
    ['3 of 100 turned from pending to error', 3, 'pending', 'error', 1],
    ['all turned from error to mismatch', 100, 'error', 'version-mismatch', 0],
    ['all turned to warning', 100, 'ok', 'warning', 0],
    ['all stay in error', 100, 'error', 'error', 0],
  ])('%s', (_, count, before, now, reasons) => {
    const some = (status: Status) => rows(100, (i) => (i < count ? { status } : {}));
    expect(holdReasons({ previous: some(before), next: some(now) })).toHaveLength(reasons);
  });

  test('new datasets that are bad at once turn nothing bad', () => {
    const next = rows(100, (i) => (i < 50 ? {} : { status: 'error' }));
    expect(holdReasons({ previous: good(50), next })).toEqual([]);
  });

  test('datasets judged by other rules turn nothing bad', () => {
    const some = (count: number, change: object) => rows(100, (i) => (i < count ? change : {}));
    const bad = { status: 'error', rulesVersion: 2 } as const;
    expect(holdReasons({ previous: good(100), next: some(50, bad) })).toEqual([]);
    expect(
      holdReasons({ previous: some(50, { rulesVersion: 2 }), next: some(50, bad) }),
    ).toHaveLength(1);
  });

  test('a check made for the first time does not count as newly bad, an earlier one does', () => {
    const [before, found] = [
      { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
      { github: 'ok', s3Version: 'ok', s3Files: 'ok', s3Content: 'error' },
    ] as const;
    const checked = (checks: SummaryRow['checks'], status: Status) =>
      rows(100, () => ({ checks, status }));
    const next = checked(found, 'error');
    expect(holdReasons({ previous: checked(before, 'ok'), next })).toEqual([]);
    const worse = checked({ ...found, s3Files: 'error' }, 'error');
    expect(holdReasons({ previous: checked(before, 'ok'), next: worse })).toHaveLength(1);
  });

  test('an empty run holds nothing', () => {
    expect(holdReasons({ previous: null, next: [] })).toEqual([]);
  });
});

describe('a registry that shrinks', () => {
  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `ds${from + i}`);
  test.each([
    ['loses 10 of 100', ids(100), ids(90), false],
    ['loses 11 of 100', ids(100), ids(89), true],
    ['loses 6 of 42', ids(42), ids(36), false],
    ['loses 7 of 42', ids(42), ids(35), true],
    ['loses 1 of 3', ids(3), ids(2), false],
    ['loses 2 of 3', ids(3), ids(1), true],
    ['loses 18 of 1834', ids(1834), ids(1816), false],
    ['loses 19 of 1834', ids(1834), ids(1815), true],
    ['keeps its size but loses 20', ids(100), ids(100, 20), true],
    ['grows', ids(100), ids(200), false],
    ['is the first', [], ids(100), false],
  ])('one that %s', (_, previous, next, fault) => {
    const why = shrinkFault(previous, next);
    expect(why !== null).toBe(fault);
    if (why !== null)
      expect(why).toMatch(/^The registry lost \d+ of \d+ datasets .*--accept-shrink/);
  });
});
