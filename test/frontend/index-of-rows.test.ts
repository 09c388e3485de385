// Filters and orders against the plain implementation.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { compareVersions } from '../../archives/openneuro/version-order.ts';
import { CAUSES, CHECKS, type Check } from '../../archives/openneuro/vocabulary.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { STATUSES, worst } from '../../core/documents/vocabulary.ts';
import { worstFirst } from '../../core/documents/worst-first.ts';
import {
  countChoices,
  countStatuses,
  countUnchecked,
  indexParts,
  select,
} from '../../frontend/main/index-of-rows.ts';
import { SORT_KEYS, type View } from '../../frontend/main/view.ts';
import { asRow, asView, compactSummary, usual } from '../support/legacy.ts';
import { ISSUES, type Issue, issuesOf } from '../support/words.ts';

const END = Date.parse('2026-08-01T00:00:00.000Z');
const status = fc.constantFrom(...STATUSES);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const time = maybe(
  fc.integer({ min: 0, max: 5 }).map((h) => new Date(END - h * 3_600_000).toISOString()),
);
const version = fc.constantFrom('00001', '1.0.2', '1.0.10', '2.0.0');

const row = fc
  .record({
    checks: fc.record({
      github: status,
      s3Version: status,
      s3Files: status,
      s3Content: maybe(status),
      s3Access: maybe(status),
      annexRecord: fc.constant(null),
    }),
    causes: fc.subarray([...CAUSES].slice(0, 3)),
    s3Files: time,
    s3FilesAdded: maybe(fc.integer({ min: 1, max: 3 })),
    s3FilesRemoved: maybe(fc.integer({ min: 1, max: 3 })),
    githubVersion: maybe(version),
    latestSnapshot: version,
    subtype: maybe(fc.constantFrom('head-mismatch' as const, 'tag-missing' as const)),
    files: maybe(
      fc.constantFrom(
        'export-missing' as const,
        'files-missing' as const,
        'files-orphaned' as const,
      ),
    ),
    failed: fc.boolean(),
    waits: fc.boolean(),
    since: time,
  })
  .map(
    (fields): Omit<SummaryRow, 'id'> => ({
      status: worst(Object.values(fields.checks)),
      checks: fields.checks,
      s3Blocked: null,
      lastChecked:
        fields.s3Files === null
          ? null
          : {
              github: null,
              s3Version: null,
              s3Files: fields.s3Files,
              s3Content: null,
              s3Access: null,
              annexRecord: null,
            },
      s3FilesAdded: fields.s3FilesAdded,
      s3FilesRemoved: fields.s3FilesRemoved,
      issueSubtypes: {
        github: fields.subtype,
        s3Version: null,
        s3Files: fields.files,
        s3Content: null,
        s3Access: null,
        annexRecord: null,
      },
      githubVersion: fields.githubVersion,
      s3Version: fields.latestSnapshot,
      latestSnapshotDate: fields.s3Files,
      name: null,
      latestSnapshot: fields.latestSnapshot,
      checkedAt: fields.s3Files,
      unverified: fields.failed
        ? {
            github: { at: '2026-08-01T00:00:00.000Z', reason: 'timeout' },
            s3Version: null,
            s3Files: null,
          }
        : null,
      findings: [],
      notCompared: null,
      causes: fields.causes,
      ...(fields.since && { since: fields.since }),
      ...(fields.waits && {
        pending: { reason: 'just-published', until: '2026-08-05T00:00:00.000Z' } as const,
      }),
    }),
  );
const rows = fc
  .array(row, { maxLength: 25 })
  .map((list) => list.map((each, at): SummaryRow => ({ id: `ds${100 + at}`, ...each })));
const view: fc.Arbitrary<View> = fc.record({
  statuses: fc.subarray([...STATUSES]),
  checks: fc.subarray([...CHECKS]),
  uncompared: fc.subarray([...CHECKS]),
  issues: fc.subarray(['github:head-mismatch', 'github:tag-missing', 's3Files:files-missing']),
  causes: fc.subarray([...CAUSES].slice(0, 3)),
  unverified: fc.boolean(),
  justPublished: fc.boolean(),
  query: fc.constantFrom('', '  ', '1', 'DS10', 'ds 2', 'none'),
  sort: fc.constantFrom(...SORT_KEYS),
  descending: fc.boolean(),
});

function indexed(list: readonly SummaryRow[]) {
  const summary: Summary = {
    schemaVersion: '3.0.0',
    lastUpdated: new Date(END).toISOString(),
    datasets: [...list],
  };
  return indexParts(
    [...compactSummary(summary, 7).values()].map((part) => readCompact(CATALOGUE, part)),
  );
}

/** What was not checked is no fault, nor what waits. */
const isFault = (each: SummaryRow, check: Check) =>
  !['ok', 'pending', undefined, null].includes(each.checks[check]);
/** Only these checks of the rows above have findings. */
const isUncompared = (each: SummaryRow, check: Check) =>
  each.checks[check] === 'pending' && each.issueSubtypes?.[check] == null;

/** The naive way. */
function passes(each: SummaryRow, wanted: View): boolean {
  return (
    (wanted.statuses.length === 0 || wanted.statuses.includes(each.status)) &&
    (wanted.checks.length === 0 || wanted.checks.some((check) => isFault(each, check as Check))) &&
    (wanted.uncompared.length === 0 ||
      wanted.uncompared.some((check) => isUncompared(each, check as Check))) &&
    (wanted.causes.length === 0 ||
      wanted.causes.some((cause) => each.causes?.includes(cause as never))) &&
    (wanted.issues.length === 0 ||
      wanted.issues.some((issue) => issuesOf(each).includes(issue as Issue))) &&
    (!wanted.unverified || each.unverified !== null) &&
    (!wanted.justPublished || each.pending != null) &&
    wanted.query
      .toLowerCase()
      .split(/\s+/)
      .every((word) => each.id.includes(word))
  );
}

const at = (instant: string | null) => (instant === null ? 0 : Date.parse(instant));
const versions = (a: string | null, b: string | null) =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : compareVersions(a, b);
const rank = (each: SummaryRow) => STATUSES.indexOf(each.status);
const COMPARE: Readonly<Record<View['sort'], (a: SummaryRow, b: SummaryRow) => number>> = {
  status: (a, b) => rank(a) - rank(b),
  id: (a, b) => Number(a.id > b.id) - Number(a.id < b.id),
  latest: (a, b) => at(a.latestSnapshotDate) - at(b.latestSnapshotDate),
  mirror: (a, b) => versions(a.githubVersion, b.githubVersion),
  export: (a, b) => versions(a.s3Version, b.s3Version),
  missing: (a, b) => (a.s3FilesAdded ?? 0) - (b.s3FilesAdded ?? 0),
  extra: (a, b) => (a.s3FilesRemoved ?? 0) - (b.s3FilesRemoved ?? 0),
  since: (a, b) => at(a.since ?? null) - at(b.since ?? null),
};

/** As every list of the worst has it, checked in test/core/documents/worst-first.test.ts. */
function byWorst(list: readonly SummaryRow[]): SummaryRow[] {
  const places = new Map(worstFirst(CATALOGUE, list.map(asRow)).map(({ id }, at) => [id, at]));
  return list.toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

test('shows the rows that pass, in the order asked for, and worst first within', () => {
  fc.assert(
    fc.property(rows, view, (list, wanted) => {
      const index = indexed(list);
      const sign = wanted.descending ? -1 : 1;
      const expected = byWorst(list.filter((each) => passes(each, wanted))).sort(
        (a, b) => sign * (COMPARE[wanted.sort]?.(a, b) ?? 0),
      );
      const found = Array.from(select(index, index.ids, wanted), (place) =>
        asView(index.row(place)),
      );
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expect(found).toEqual(expected.map(usual));
    }),
  );
});

test('a choice shows as many rows as its count promises', () => {
  fc.assert(
    fc.property(rows, view, (list, wanted) => {
      const index = indexed(list);
      const counts = countChoices(index, index.ids, wanted);
      const shows = (changes: Partial<View>) =>
        list.filter((each) => passes(each, { ...wanted, ...changes })).length;
      expect([...counts.checks]).toEqual(CHECKS.map((check) => shows({ checks: [check] })));
      expect([...counts.uncompared]).toEqual(CHECKS.map((check) => shows({ uncompared: [check] })));
      expect([...counts.issues]).toEqual(ISSUES.map((issue) => shows({ issues: [issue] })));
      expect([...counts.causes]).toEqual(CAUSES.map((cause) => shows({ causes: [cause] })));
      expect([...countUnchecked(index)]).toEqual(
        CHECKS.map((check) => list.filter((one) => one.checks[check] == null).length),
      );
      expect(counts.unverified).toBe(shows({ unverified: true }));
      expect(counts.pending).toBe(shows({ justPublished: true }));
      expect(countStatuses(index)).toEqual(
        STATUSES.map((each) => list.filter((one) => one.status === each).length),
      );
    }),
  );
});
