// The compact summary says what all-datasets.json says, row for row, in every split.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../archives/openneuro/catalogue.ts';
import type { Summary, SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import {
  CAUSES,
  CHECK_SUBTYPES,
  NOT_COMPARED_REASONS,
  SUBTYPES,
} from '../../../archives/openneuro/vocabulary.ts';
import { minuteOf } from '../../../core/documents/catalogue.ts';
import { compactFileName } from '../../../core/documents/compact.ts';
import * as compactRead from '../../../core/documents/compact-read.ts';
import * as compactWrite from '../../../core/documents/compact-write.ts';
import { withFindingSince } from '../../../core/documents/headline.ts';
import { encodeDocument } from '../../../core/documents/json.ts';
import type { CheckRow, Row } from '../../../core/documents/rows.ts';
import { STATUSES } from '../../../core/documents/vocabulary.ts';
import { DOCUMENT_SCHEMAS, documentKind } from '../../support/documents.ts';
import { compactSummary, namesOf, readCompact, usual } from '../../support/legacy.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
/** Null means "not checked" for the content checks. */
const perCheck = <T>(value: fc.Arbitrary<T>) =>
  fc.record({
    github: value,
    s3Version: value,
    s3Files: value,
    s3Content: maybe(value),
    s3Access: maybe(value),
    annexRecord: maybe(value),
  });
const instant = fc
  .date({ min: new Date('2010-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const status = fc.constantFrom(...STATUSES);
const version = fc.constantFrom('1.0.0', '1.0.13', '00001', '580551b4cce88d0009a33677');
const unlessEmpty = <T extends object>(values: T): T | null =>
  Object.values(values).every((value) => value === null) ? null : values;

const row = fc
  .record({
    status,
    checks: perCheck(status),
    s3Blocked: fc.constantFrom(true as const, null),
    lastChecked: perCheck(maybe(instant)).map(unlessEmpty),
    s3FilesAdded: maybe(fc.integer({ min: 1, max: 100_000 })),
    s3FilesRemoved: maybe(fc.integer({ min: 1, max: 100_000 })),
    s3FilesExpected: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
    issueSubtypes: maybe(
      fc.record({
        github: maybe(fc.constantFrom(...CHECK_SUBTYPES.github)),
        s3Version: maybe(fc.constantFrom(...CHECK_SUBTYPES.s3Version)),
        s3Files: maybe(fc.constantFrom(...CHECK_SUBTYPES.s3Files)),
        s3Content: maybe(fc.constantFrom(...CHECK_SUBTYPES.s3Content)),
        s3Access: maybe(fc.constantFrom(...CHECK_SUBTYPES.s3Access)),
        annexRecord: maybe(fc.constantFrom(...CHECK_SUBTYPES.annexRecord)),
      }),
    ),
    // A mirror's highest tag is whatever someone pushed.
    githubVersion: maybe(fc.oneof(version, fc.string({ minLength: 1 }))),
    s3Version: maybe(version),
    latestSnapshotDate: maybe(instant),
    name: maybe(fc.string()),
    latestSnapshot: maybe(version),
    unverified: perCheck(
      maybe(fc.record({ at: instant, reason: fc.constantFrom('timeout', 'throttled') })),
    ).map(unlessEmpty),
    findings: fc.subarray([...SUBTYPES]),
    notCompared: maybe(fc.constantFrom(...NOT_COMPARED_REASONS)),
    causes: fc.subarray([...CAUSES]),
    pending: fc.option(
      fc.record({ reason: fc.constant('just-published' as const), until: instant }),
      { nil: undefined },
    ),
    compared: fc.option(fc.record({ content: fc.nat(), size: fc.nat(), none: fc.nat() }), {
      nil: undefined,
    }),
  })
  .map((fields) => {
    // A check that was not made was never measured.
    const made = Object.entries(fields.checks).filter(([, status]) => status !== null);
    const times = made.flatMap(
      ([check]) => fields.lastChecked?.[check as keyof typeof fields.lastChecked] ?? [],
    );
    return { ...fields, checkedAt: times.sort()[0] ?? null };
  });

const summary = fc.record({ lastUpdated: instant, rows: fc.array(row, { maxLength: 12 }) }).map(
  ({ lastUpdated, rows }): Summary => ({
    schemaVersion: '3.0.0',
    lastUpdated,
    datasets: rows.map(
      (fields, at) => ({ id: `ds${String(at).padStart(6, '0')}`, ...fields }) as SummaryRow,
    ),
  }),
);

/** The page's input: every file through its canonical text. */
function readAll(files: ReturnType<typeof compactSummary>): SummaryRow[] {
  return [...files].flatMap(([name, part]) => {
    expect(documentKind(name)).toBe('compact');
    const text = encodeDocument(DOCUMENT_SCHEMAS.compact, part);
    const { columns, row } = readCompact(JSON.parse(text));
    return columns.id.map((_, place) => row(place));
  });
}

/** The row with its times as the page gets them, to the last whole minute. */
function toMinutes(row: SummaryRow): SummaryRow {
  if (row.lastChecked === null) return row;
  const rounded = Object.entries(row.lastChecked).map(([check, time]) => [
    check,
    time == null ? null : new Date(minuteOf(Date.parse(time))).toISOString(),
  ]);
  const lastChecked = Object.fromEntries(rounded) as NonNullable<SummaryRow['lastChecked']>;
  const times = Object.entries(lastChecked).flatMap(([check, time]) =>
    row.checks[check as keyof typeof row.checks] === null ? [] : (time ?? []),
  );
  return { ...row, lastChecked, checkedAt: times.sort()[0] ?? null };
}

describe('the compact summary', () => {
  test('gives every row back but its name, its times to the minute, however it is split', () => {
    fc.assert(
      fc.property(summary, fc.integer({ min: 1, max: 20 }), (whole, size) => {
        const nameless = whole.datasets.map((each) => toMinutes({ ...each, name: null }));
        expect(readAll(compactSummary(whole, size))).toEqual(nameless.map(usual));
      }),
    );
  });

  test('names its further parts in the first one only', () => {
    const datasets = fc
      .sample(row, 5)
      .map((fields, at) => ({ id: `ds00000${at}`, ...fields }) as SummaryRow);
    const whole: Summary = {
      schemaVersion: '3.0.0',
      lastUpdated: '2026-08-01T00:00:00.000Z',
      datasets,
    };
    const files = compactSummary(whole, 2);
    expect([...files.keys()]).toEqual(['summary.json', 'summary-2.json', 'summary-3.json']);
    expect([...files.values()].map(({ more, total }) => [more, total])).toEqual([
      [['summary-2.json', 'summary-3.json'], 5],
      [[], 5],
      [[], 5],
    ]);
    expect(compactFileName(0)).toBe('summary.json');
  });

  test('names are kept by id, where there are any', () => {
    fc.assert(
      fc.property(summary, (whole) => {
        const { names } = namesOf(whole);
        for (const each of whole.datasets) expect(names[each.id] ?? null).toBe(each.name);
      }),
    );
  });
});

const AT = '2026-08-01T06:00:00.000Z';

describe('since when the worst finding has been there', () => {
  const check = (status: Row['status'], since: string | null, ...findings: string[]): CheckRow => ({
    ...{ status, subtype: findings[0] ?? null, findings, at: AT, since },
    ...{ lastAttempt: null, version: null, numbers: {}, notCompared: null },
  });
  const faulty = (since: string | null, filesSince: string | null): Row => ({
    ...{ id: 'ds000001', name: null, version: '1.0.0', versionDate: null, status: 'error', since },
    ...{ checkedAt: AT, causes: [], pending: null, rulesVersion: null },
    checks: {
      github: check('warning', '2026-07-30T06:00:00.000Z', 'head-mismatch'),
      s3Version: check('ok', null),
      s3Files: check('error', filesSince, 'files-missing'),
    },
  });
  const MARCH = '2026-03-12T06:00:11.000Z';
  test.each([
    ['another day than the status', faulty(MARCH, '2026-06-02T07:00:00.000Z'), true],
    ['the same day', faulty(MARCH, MARCH), false],
    ['before the first run, and the status after it', faulty(MARCH, null), true],
    ['after the first run, and the status before it', faulty(null, MARCH), true],
    ['both before the first run', faulty(null, null), false],
  ])('%s', (_, row, isOther) => {
    const [part] = compactWrite
      .compactSummary(CATALOGUE, { lastUpdated: AT, datasets: [row] })
      .values();
    const text = encodeDocument(DOCUMENT_SCHEMAS.compact, part);
    const read = compactRead.readCompact(CATALOGUE, JSON.parse(text));
    expect(Object.keys(part?.findingSince ?? {})).toEqual(isOther ? ['0'] : []);
    const since = row.checks.s3Files?.since ?? null;
    expect(read.findingSince(0)).toBe(since);
    const shown = withFindingSince(CATALOGUE, read.row(0), read.findingSince(0));
    expect(shown.checks.s3Files?.since).toBe(since);
    expect(shown.checks.github?.since).toBeNull();
  });
});

describe('of how many files some are missing', () => {
  const compared = { content: 20, size: 8, none: 2 };
  test.each([
    ['as many as were compared and are missing', 12, 42, 0],
    ['another number, from another day', 12, 43, 43],
    ['not known', 12, undefined, null],
    ['none is missing', null, undefined, 0],
  ])('%s', (_, s3FilesAdded, s3FilesExpected, inColumn) => {
    const [view] = fc.sample(row, { numRuns: 1, seed: 7 });
    const whole = {
      schemaVersion: '3.0.0' as const,
      lastUpdated: AT,
      datasets: [
        { id: 'ds000001', ...view, s3FilesAdded, s3FilesExpected, compared } as SummaryRow,
      ],
    };
    const checks = { ...whole.datasets[0]?.checks, s3Content: 'ok' as const };
    whole.datasets = [{ ...whole.datasets[0], checks, issueSubtypes: null } as SummaryRow];
    const [part] = compactSummary(whole).values();
    expect(part?.columns.expected).toEqual([inColumn]);
    expect(readCompact(part).row(0).s3FilesExpected).toBe(s3FilesExpected);
  });
});

describe('anything but a compact summary is refused', () => {
  const good = [
    ...compactSummary({
      schemaVersion: '3.0.0',
      lastUpdated: '2026-08-01T00:00:00.000Z',
      datasets: fc
        .sample(row, { numRuns: 3, seed: 1 })
        .map((fields, at) => ({ id: `ds00000${at}`, ...fields }) as SummaryRow),
    }).values(),
  ][0];

  test.each([
    ['null', null],
    ['a list', []],
    ['another document', { schemaVersion: '3.0.0', datasets: [] }],
    ['another schema', { ...good, schemaVersion: '4.0.0' }],
    ['no time', { ...good, lastUpdated: 'yesterday' }],
    ['a column too short', { ...good, columns: { ...good?.columns, added: [] } }],
    [
      'a verdict that is not there',
      { ...good, columns: { ...good?.columns, verdict: [0, 0, 99] } },
    ],
    ['a version that is not there', { ...good, columns: { ...good?.columns, mirror: [0, 0, -1] } }],
    ['an id that is no text', { ...good, columns: { ...good?.columns, id: [1, 2, 3] } }],
  ])('%s', (_what, document) => {
    expect(() => readCompact(document)).toThrow();
  });
});
