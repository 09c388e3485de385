// New datasets are not faults (docs/checks.md#new-datasets).

import { describe, expect, test } from 'vitest';
import { asEntry } from '../../../archives/openneuro/entries.ts';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { causeWaits } from '../../../archives/openneuro/rules/just-published.ts';
import type { RegistryDataset } from '../../../archives/openneuro/sources.ts';
import {
  CAUSES,
  type Check,
  type NotComparedReason,
  type Subtype,
} from '../../../archives/openneuro/vocabulary.ts';
import { checkOf } from '../../../core/monitor/check.ts';
import { publishedAt, waitsUntil } from '../../../core/monitor/new-entries.ts';
import { verdictOf } from '../../../core/monitor/verdict.ts';

const UNTIL = '2026-08-09T00:00:00.000Z';
const PENDING = { reason: 'just-published', until: UNTIL };
interface More {
  readonly notCompared?: NotComparedReason | null;
  readonly remotes?: readonly object[];
  readonly exportedTree?: string | null;
}

const verdict = (
  check: Check,
  found: readonly Subtype[],
  { notCompared = null, ...evidence }: More,
  until: string | null = UNTIL,
) => verdictOf(checkOf(openneuro, check), { found, notCompared, evidence }, until);

describe('findings that wait', () => {
  test.each<{ check: Check; findings: readonly Subtype[]; more?: More }>([
    { check: 'github', findings: ['repo-not-found', 'tag-missing', 'annex-branch-missing'] },
    { check: 'github', findings: ['repo-empty', 'tag-missing', 'older-tag-missing'] },
    { check: 's3Version', findings: ['blocked'] },
    { check: 's3Version', findings: ['description-missing'] },
    { check: 's3Files', findings: ['export-missing'] },
    { check: 's3Files', findings: ['files-missing'] },
    { check: 's3Files', findings: [], more: { notCompared: 'blocked' } },
    { check: 's3Files', findings: [], more: { notCompared: 'mirror-absent' } },
    { check: 's3Access', findings: ['private'] },
    { check: 's3Access', findings: ['partly-private'] },
    { check: 'annexRecord', findings: ['claimed-missing', 'unversioned-keys'] },
    { check: 'annexRecord', findings: ['export-incomplete'] },
    { check: 'annexRecord', findings: ['unversioned-keys', 'remotes'], more: { remotes: [] } },
    { check: 'annexRecord', findings: ['export-unknown'], more: { exportedTree: null } },
  ])('$check $findings $more: pending, with the date', ({ check, findings, more }) => {
    expect(verdict(check, findings, more ?? {})).toEqual({
      status: 'pending',
      subtype: null,
      findings: [],
      pending: PENDING,
    });
  });

  test.each<{ check: Check; findings: readonly Subtype[]; more?: More }>([
    { check: 'github', findings: ['tag-missing'] },
    { check: 'github', findings: ['sha-mismatch', 'annex-branch-missing'] },
    { check: 'github', findings: ['head-on-annex'] },
    { check: 'github', findings: ['annex-branch-missing'] },
    { check: 's3Version', findings: ['doi-mismatch'] },
    { check: 's3Version', findings: ['no-doi'] },
    { check: 's3Version', findings: ['invalid-json'] },
    { check: 's3Files', findings: ['files-orphaned'] },
    { check: 's3Files', findings: [], more: { notCompared: 'tag-not-on-mirror' } },
    { check: 's3Content', findings: ['size-mismatch', 'content-mismatch'] },
    { check: 's3Content', findings: [], more: { notCompared: 'blocked' } },
    { check: 's3Access', findings: ['listed-not-readable'] },
    { check: 'annexRecord', findings: ['export-behind'] },
    { check: 'annexRecord', findings: ['remotes'], more: { remotes: [{}, {}] } },
    { check: 'annexRecord', findings: ['export-unknown'], more: { exportedTree: 'a tree' } },
    // A record does not say which remotes exist.
    { check: 'annexRecord', findings: ['remotes'] },
    { check: 's3Files', findings: [] },
  ])('$check $findings $more: judged at once', ({ check, findings, more }) => {
    const judged = verdict(check, findings, more ?? {});
    expect(judged).toEqual(verdict(check, findings, more ?? {}, null));
    expect(judged.pending).toBeNull();
  });

  test.each<{
    check: Check;
    findings: readonly Subtype[];
    more?: More;
    status: string;
    counts: readonly Subtype[];
  }>([
    {
      check: 's3Access',
      findings: ['partly-private', 'listed-not-readable'],
      status: 'warning',
      counts: ['listed-not-readable'],
    },
    {
      check: 'annexRecord',
      findings: ['claimed-missing', 'export-behind', 'unversioned-keys'],
      status: 'version-mismatch',
      counts: ['export-behind'],
    },
    {
      check: 'annexRecord',
      findings: ['unversioned-keys', 'remotes'],
      more: { remotes: [{}, {}] },
      status: 'warning',
      counts: ['remotes'],
    },
  ])('$check $findings: $status for $counts', ({ check, findings, more, status, counts }) => {
    expect(verdict(check, findings, more ?? {})).toEqual({
      status,
      subtype: counts[0],
      findings: counts,
      pending: PENDING,
    });
  });

  test('orphans count at once beside files that are missing', () => {
    expect(verdict('s3Files', ['files-missing', 'files-orphaned'], {})).toMatchObject({
      status: 'error',
      subtype: 'files-orphaned',
      pending: PENDING,
    });
  });

  test('after the date everything counts', () => {
    const error = { status: 'error', pending: null };
    expect(verdict('s3Version', ['blocked'], {}, null)).toMatchObject(error);
    expect(verdict('s3Files', [], { notCompared: 'blocked' }, null)).toMatchObject(error);
  });
});

test('causes fixed by another export or push wait too', () => {
  expect(CAUSES.filter((cause) => causeWaits(cause, UNTIL))).toEqual([
    'repository-never-pushed',
    'export-never-ran',
    'export-cut-short',
    'still-private',
  ]);
  expect(CAUSES.filter((cause) => causeWaits(cause, null))).toEqual([]);
});

describe('the date from which findings count', () => {
  const published = '2026-08-01T06:00:00.000Z';
  test.each([
    { now: '2026-08-01T06:00:00.000Z', days: 8, until: '2026-08-09T06:00:00.000Z' },
    { now: '2026-08-09T05:59:59.999Z', days: 8, until: '2026-08-09T06:00:00.000Z' },
    { now: '2026-08-09T06:00:00.000Z', days: 8, until: null },
    { now: '2026-08-01T06:00:00.000Z', days: 0, until: null },
    { now: '2026-08-02T05:00:00.000Z', days: 1, until: '2026-08-02T06:00:00.000Z' },
  ])('at $now with $days days: $until', ({ now, days, until }) => {
    expect(waitsUntil(published, days, now)).toBe(until);
  });

  test('what was published at a time nobody knows does not wait', () => {
    expect(waitsUntil(null, 8, published)).toBeNull();
    expect(waitsUntil(undefined, 8, published)).toBeNull();
  });
});

describe('when a dataset was published', () => {
  const entry = (dataset: Pick<RegistryDataset, 'id' | 'snapshots' | 'publishDate'>) =>
    asEntry({ ...dataset, name: null, latestSnapshot: '1.0.0' });
  const NOW = '2026-08-10T06:00:00.000Z';
  const EARLIER = '2026-08-03T06:00:00.000Z';
  const CREATED = '2024-01-05T00:00:00.000Z';
  const snapshots = ['2024-02-01T00:00:00.000Z', CREATED].map((created, at) => ({
    tag: `1.0.${at}`,
    created,
    hexsha: 'a'.repeat(40),
  }));
  const listing = (published?: Record<string, string>) => ({
    latestSnapshots: { ds000001: '1.0.0' },
    ...(published && { published }),
  });

  test.each([
    { what: 'as the registry says', publishDate: EARLIER, previous: listing(), at: EARLIER },
    {
      what: 'as the registry says, whatever was known before',
      publishDate: EARLIER,
      previous: listing({ ds000001: NOW }),
      at: EARLIER,
    },
    { what: 'as known before', previous: listing({ ds000001: EARLIER }), at: EARLIER },
    { what: 'first seen now', previous: { latestSnapshots: {}, published: {} }, at: NOW },
    {
      what: 'seen before by a run over other datasets',
      previous: { latestSnapshots: {}, published: { ds000001: EARLIER } },
      at: EARLIER,
    },
    {
      what: 'listed before there was such a field: first snapshot',
      previous: listing(),
      at: CREATED,
    },
    { what: 'a first run: first snapshot', previous: null, at: CREATED },
    { what: 'a date that is just now', publishDate: NOW, previous: null, at: NOW },
    {
      what: 'a date to come is none',
      publishDate: '2126-08-10T06:00:00.000Z',
      previous: null,
      at: CREATED,
    },
  ])('$what', ({ publishDate, previous, at }) => {
    const dataset = { id: 'ds000001', snapshots, ...(publishDate && { publishDate }) };
    expect(publishedAt(entry(dataset), previous, NOW)).toBe(at);
  });

  test('is that of the first snapshot with a time, even if that is now', () => {
    const of = (created: string | undefined) => ({ tag: '1', created, hexsha: 'a'.repeat(40) });
    const at = (...created: (string | undefined)[]) =>
      publishedAt(entry({ id: 'ds000001', snapshots: created.map(of) as never }), null, NOW);
    expect(at(undefined, EARLIER, 'a while ago', CREATED)).toBe(CREATED);
    expect(at(NOW)).toBe(NOW);
  });

  test('is not known where not even a snapshot has a time', () => {
    const later = [{ tag: '1.0.0', created: '2126-01-01T00:00:00.000Z', hexsha: 'a'.repeat(40) }];
    expect(publishedAt(entry({ id: 'ds000001', snapshots: later }), null, NOW)).toBeNull();
    expect(publishedAt(entry({ id: 'ds000001', snapshots: [] }), null, NOW)).toBeNull();
  });
});
