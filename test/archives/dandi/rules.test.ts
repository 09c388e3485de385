// Rules of the DANDI archive whose edges the mutants do not reach: what waits, and until when.

import { describe, expect, test } from 'vitest';
import { assets } from '../../../archives/dandi/checks/assets.ts';
import { doi } from '../../../archives/dandi/checks/doi.ts';
import { embargo } from '../../../archives/dandi/checks/embargo.ts';
import { listing } from '../../../archives/dandi/checks/listing.ts';
import { manifests } from '../../../archives/dandi/checks/manifests.ts';
import { metadata } from '../../../archives/dandi/checks/metadata.ts';
import { isOnItsWay, mirror } from '../../../archives/dandi/checks/mirror.ts';
import { record } from '../../../archives/dandi/checks/record.ts';
import { NONE, someOf } from '../../../archives/dandi/checks/shapes.ts';
import { superdataset } from '../../../archives/dandi/checks/superdataset.ts';
import { tags } from '../../../archives/dandi/checks/tags.ts';
import { zarrs } from '../../../archives/dandi/checks/zarrs.ts';
import { placeAssets } from '../../../archives/dandi/rules/asset-paths.ts';
import { compareRecord, otherIds } from '../../../archives/dandi/rules/compare-record.ts';
import { compareTree } from '../../../archives/dandi/rules/compare-tree.ts';
import { isMerged } from '../../../archives/dandi/rules/is-merged.ts';
import { listingEvidence } from '../../../archives/dandi/rules/listing-faults.ts';
import type { Asset } from '../../../archives/dandi/sources/registry-answers.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';

const HOUR = 3600;
const OID = '1'.repeat(40);
const OTHER = '2'.repeat(40);

/** Findings, or the reason to wait, as `?reason`. */
function told(check: CheckDefinition, evidence: object): readonly string[] {
  const found = check.judge(evidence, null) as readonly string[];
  const reason = found.length === 0 ? check.reasonOf?.(evidence) : null;
  return reason ? [`?${reason}`] : found;
}

const asset = (path: string, fields: Partial<Asset> = {}): Asset => ({
  ...{ path, assetId: `id of ${path}`, size: 3, modified: 5_000_000, created: 1_000_000 },
  ...{
    blob: `blob of ${path}`,
    zarr: null,
    sha256: 'a'.repeat(64),
    etag: 'e-1',
    zarrChecksum: null,
  },
  ...fields,
});

const at = (...all: Asset[]) => new Map(all.map((one) => [one.path, one]));

describe('mirror', () => {
  const seen = (fields: object) =>
    told(mirror, {
      ...{
        embargo: 'OPEN',
        repository: 'readable',
        head: 'draft',
        draft: OID,
        annex: OID,
        refs: 2,
      },
      ...{ modified: '2026-01-02T00:00:00.000001Z', state: '2026-01-02T00:00:00.000001+00:00' },
      ...{ lag: 0, age: 100 * HOUR },
      ...fields,
    });
  const OLDER = { state: '2026-01-02T00:00:00.000000Z' };

  test.each([
    [{}, []],
    [{ ...OLDER, lag: 6 * HOUR }, ['?lag']],
    [{ ...OLDER, lag: 6 * HOUR + 1 }, ['late']],
    [{ ...OLDER, lag: 72 * HOUR }, ['late']],
    [{ ...OLDER, lag: 72 * HOUR + 1 }, ['lag']],
    [{ state: '2026-01-02T00:00:00.000002Z', lag: 1 }, ['clock']],
    [{ state: null }, ['state-missing']],
    [{ draft: null, head: null }, ['draft-missing']],
    [{ head: 'main', annex: null }, ['head-mismatch', 'annex-branch-missing']],
    [{ refs: 0, draft: null, annex: null, head: null }, ['repo-empty']],
    [{ repository: 'not-found', age: 24 * HOUR - 1 }, ['?new']],
    [{ repository: 'not-found', age: 24 * HOUR }, ['repo-not-found']],
    [{ repository: 'disabled' }, ['repo-disabled']],
    [{ embargo: 'EMBARGOED' }, ['leak']],
    [{ embargo: 'UNEMBARGOING' }, ['leak']],
    [{ embargo: 'EMBARGOED', repository: 'not-found' }, []],
    [{ embargo: 'UNEMBARGOING', repository: 'not-found' }, ['?unembargoing']],
  ])('%j: %j', (fields, expected) => {
    expect(seen(fields)).toEqual(expected);
  });

  test('is on its way for six hours, and only where its state is older', () => {
    const older = { modified: '2026-01-02T00:00:00Z', state: '2026-01-01T00:00:00Z' };
    expect(isOnItsWay(older, 6 * HOUR)).toBe(true);
    expect(isOnItsWay(older, 6 * HOUR + 1)).toBe(false);
    expect(isOnItsWay({ ...older, state: older.modified }, 0)).toBe(false);
    expect(isOnItsWay({ ...older, state: null }, 0)).toBe(false);
  });
});

describe('what the tool has not reached yet waits', () => {
  const some = someOf(['a']);
  const ofAssets = (fields: object) =>
    told(assets, {
      ...{ modified: '', commit: OID, isOnItsWay: false, assets: 1, files: 1 },
      ...{ missing: NONE, extra: NONE, differing: NONE, kinds: NONE, backends: NONE },
      ...{ unread: NONE, behindUnhashed: NONE },
      ...fields,
    });
  const ofRecord = (fields: object) =>
    told(record, {
      ...{ commit: OID, isOnItsWay: false, shape: 'entries', why: null, entries: 1 },
      ...{ missing: NONE, extra: NONE, changed: NONE, behindUnhashed: NONE },
      ...fields,
    });

  test.each([
    [
      { missing: some, differing: some, extra: some, kinds: some },
      [...['files-missing', 'content-differs', 'kind-differs', 'files-extra']],
    ],
    [{ isOnItsWay: true, missing: some, extra: some }, ['?lag']],
    [{ isOnItsWay: true, backends: some, missing: some }, ['key-backend']],
    [{ isOnItsWay: true }, []],
    [{ behindUnhashed: some }, ['?behind-unhashed']],
    [{ unread: some }, ['?unread']],
  ])('files: %j', (fields, expected) => {
    expect(ofAssets(fields)).toEqual(expected);
  });

  test.each([
    [
      { missing: some, extra: some, changed: some },
      ['record-missing', 'record-extra', 'record-changed'],
    ],
    [{ isOnItsWay: true, changed: some }, ['?lag']],
    [{ behindUnhashed: some }, ['?behind-unhashed']],
    [{ shape: 'corrupt', isOnItsWay: true }, ['record-corrupt']],
    [{ shape: 'paths-only' }, ['record-corrupt']],
    [{ shape: 'too-large' }, ['?record-unreadable']],
    [{ shape: 'absent' }, ['?record-unreadable']],
  ])('record: %j', (fields, expected) => {
    expect(ofRecord(fields)).toEqual(expected);
  });

  test.each([
    [false, ['metadata-differs']],
    [true, ['?lag']],
  ])('metadata, on its way: %j', (isOnItsWay, expected) => {
    expect(told(metadata, { commit: OID, isOnItsWay, registry: 'a', mirror: 'b' })).toEqual(
      expected,
    );
    expect(told(metadata, { commit: OID, isOnItsWay, registry: 'a', mirror: 'a' })).toEqual([]);
  });

  test('behind the first asset without a hash neither files nor entries are missing', () => {
    const [before, unhashed, after] = [
      asset('before'),
      asset('unhashed', { created: 2_000_000, sha256: null }),
      asset('after', { created: 3_000_000 }),
    ];
    const all = at(before, unhashed, after);
    expect(compareTree(all, [], () => undefined)).toMatchObject({
      ...{ missing: ['before'], behindUnhashed: ['after', 'unhashed'] },
    });
    expect(compareRecord(all, new Map())).toEqual({
      ...{ missing: ['before'], extra: [], changed: [], behindUnhashed: ['after', 'unhashed'] },
    });
  });
});

test('a record has other ids where it has ids at all', () => {
  const listed = at(asset('a'), asset('b'), asset('c'), asset('d'));
  const recorded = at(
    asset('a'),
    asset('b', { assetId: 'another' }),
    asset('c', { blob: 'another' }),
    asset('d', { blob: null }),
  );
  expect(otherIds(listed, recorded)).toEqual(['b', 'c']);
});

describe('a listing', () => {
  const evidence = (
    all: Asset[],
    last: Parameters<typeof listingEvidence>[0]['last'],
    modified = '1970-01-01T00:00:09Z',
  ) =>
    listingEvidence({
      ...{ modified, assets: all, placed: placeAssets(all), last },
      now: new Date('2026-01-01'),
    });

  test('that changed while the time of its draft did not is told until that time changes', () => {
    const first = evidence([asset('a')], null);
    expect(told(listing, first)).toEqual([]);
    const hashed = evidence([asset('a', { sha256: 'b'.repeat(64) })], first);
    expect(told(listing, hashed)).toEqual([]);
    const silent = evidence([asset('a'), asset('b')], first);
    expect(told(listing, silent)).toEqual(['modified-lag']);
    expect(told(listing, evidence([asset('a'), asset('b')], silent))).toEqual(['modified-lag']);
    const later = evidence([asset('a'), asset('b')], silent, '1970-01-01T00:00:10Z');
    expect(told(listing, later)).toEqual([]);
  });

  test('without a hash waits for a day', () => {
    const seconds = (created: number) => [asset('a', { sha256: null, created: created * 1e6 })];
    const now = Date.parse('2026-01-01') / 1000;
    const later = '2027-01-01T00:00:00Z';
    expect(told(listing, evidence(seconds(now - 86_400), null, later))).toEqual(['?unhashed-yet']);
    expect(told(listing, evidence(seconds(now - 86_401), null, later))).toEqual(['unhashed']);
  });

  test('of two assets at one path the newer one is compared; a zarr needs no hash', () => {
    const all = [
      asset('a', { created: 2, assetId: 'new' }),
      asset('a', { created: 1, assetId: 'old' }),
    ];
    expect(placeAssets(all).byPath.get('a')?.assetId).toBe('new');
    expect(told(listing, evidence(all, null))).toEqual(['duplicate-path']);
    const zarr = asset('z', { blob: null, zarr: 'x', sha256: null });
    expect(told(listing, evidence([zarr], null))).toEqual([]);
  });

  test('with a path that is a folder of another, and with a path of the mirror itself', () => {
    const all = [asset('a'), asset('a/b/c'), asset('.dandi/x'), asset('.dandix')];
    expect(told(listing, evidence(all, null))).toEqual(['path-conflict', 'path-reserved']);
    expect([...placeAssets(all).byPath.keys()].sort()).toEqual(['.dandix', 'a/b/c']);
  });
});

describe('tags', () => {
  const seen = (version: object, isMerged: boolean | null = true) =>
    told(tags, {
      ...{ listedAs: '', at: '', orphaned: NONE, isMerged },
      versions: [
        {
          version: '0.1.1',
          created: '',
          age: 9 * HOUR,
          commit: OID,
          isAnnotated: true,
          isBroken: false,
          ...version,
        },
      ],
    });

  test.each([
    [{ commit: null, age: 6 * HOUR }, ['?tag-expected']],
    [{ commit: null, age: 6 * HOUR + 1 }, ['tag-missing']],
    [{ isAnnotated: false }, ['tag-lightweight']],
    [{ isBroken: true, isAnnotated: false }, ['tag-broken']],
  ])('%j: %j', (version, expected) => {
    expect(seen(version)).toEqual(expected);
  });

  test('that may be merged for all that is known are no fault', () => {
    expect(seen({}, null)).toEqual([]);
    expect(seen({}, false)).toEqual(['tag-unmerged']);
  });

  test('are merged if the branch reaches them, and unknown beyond what was read', () => {
    const history = new Map([
      ['d', ['m']],
      ['m', ['p', 't']],
      ['t', ['p']],
      ['p', ['o']],
      ['u', ['p']],
    ]);
    expect([
      isMerged(history, 'd', 't'),
      isMerged(history, 'd', 'u'),
      isMerged(history, 'd', 'x'),
    ]).toEqual([true, false, null]);
  });
});

describe('zarrs', () => {
  const SUM = `${'a'.repeat(32)}-1--1`;
  const seen = (fields: object) =>
    told(zarrs, {
      ...{ total: 1, unverified: NONE },
      zarrs: [
        {
          ...{
            path: 'z',
            zarr: 'z',
            modified: '',
            registry: SUM,
            age: 30 * HOUR,
            pin: OID,
            draft: OID,
          },
          ...{
            section: 'one',
            linked: 'z',
            isSsh: false,
            stated: SUM,
            computed: SUM,
            bucket: null,
          },
          ...{ newest: null, synced: null, odd: 0, at: '' },
          ...fields,
        },
      ],
    });
  const B = `${'b'.repeat(32)}-1--1`;

  test.each([
    [{}, []],
    [{ registry: B }, ['zarr-stale']],
    [{ registry: B, age: 6 * HOUR }, ['?lag']],
    [{ draft: null, stated: null, computed: null, age: 6 * HOUR }, ['?lag']],
    [{ draft: null, stated: null, computed: null }, ['zarr-unfinished']],
    [{ stated: null }, ['zarr-unfinished']],
    [{ computed: B }, ['zarr-corrupt']],
    [{ bucket: B }, ['zarr-s3-differs']],
    [{ bucket: SUM }, []],
    [{ registry: null, age: 24 * HOUR }, ['?zarr-ingesting']],
    [{ registry: null, age: 24 * HOUR + 1 }, ['zarr-stuck']],
    [{ pin: OTHER }, ['zarr-pin-stale']],
    [{ section: 'several' }, ['submodule-broken']],
    [{ section: 'none', linked: null }, ['submodule-broken']],
    [{ linked: 'other' }, ['zarr-differs']],
    [{ isSsh: true }, ['zarr-url-ssh']],
    [{ newest: '2026-01-02T00:00:00.000Z', synced: '2026-01-01T00:00:00.000Z' }, ['zarr-stale']],
    [{ newest: '2026-01-02T00:00:00.000Z', synced: '2026-01-02T00:00:00.000Z' }, []],
    [{ odd: 1 }, ['odd-key']],
    // The mirror does not have the zarr at all: that is a fault of the files.
    [{ pin: null, section: 'none', linked: null }, []],
  ])('%j: %j', (fields, expected) => {
    expect(seen(fields)).toEqual(expected);
  });
});

test.each([
  [{ behind: 0 }, ['manifest-differs']],
  [{ behind: 1 }, []],
  [{ behind: 6 * HOUR }, []],
  [{ behind: 6 * HOUR + 1 }, ['manifest-stale']],
])('a manifest with other assets, %j', (fields, expected) => {
  const evidence = {
    modified: '',
    manifests: [],
    extra: someOf(['a']),
    missing: NONE,
    doi: 'both',
  };
  expect(told(manifests, { ...evidence, ...fields })).toEqual(expected);
});

test.each([
  [{ config: 'embargoed', lag: 6 * HOUR - 1 }, ['?changing']],
  [{ config: 'embargoed', lag: 6 * HOUR }, ['embargo-incoherent']],
  [{ config: 'embargoed', metadata: 'embargoed', lag: 0 }, ['embargo-incoherent']],
  [{ superdataset: 'embargoed' }, ['embargo-incoherent']],
  [{ metadata: null, config: null, superdataset: null }, []],
  [{ registry: 'UNEMBARGOING', config: 'embargoed' }, ['?unembargoing']],
])('embargo, %j: %j', (fields, expected) => {
  const open = { registry: 'OPEN', metadata: 'open', config: 'open', repository: 'open' };
  expect(told(embargo, { ...open, superdataset: 'open', lag: 1e6, ...fields })).toEqual(expected);
});

test.each([
  [{ differsSince: '2026-01-01T00:00:00.000Z', differsFor: 24 * HOUR }, ['?super-moving']],
  [{ differsSince: '2026-01-01T00:00:00.000Z', differsFor: 24 * HOUR + 1 }, ['super-stale']],
  [{ section: 'none', age: 24 * HOUR }, ['?super-new']],
  [{ section: 'none', age: 24 * HOUR + 1 }, ['super-missing']],
  [{ section: 'several' }, ['super-duplicate']],
  [{ url: 'https://github.com/other/000001.git' }, ['super-wrong']],
  [{ path: null }, ['super-wrong']],
  [{}, []],
])('superdataset, %j: %j', (fields, expected) => {
  const expectedEnd = 'dandisets/000001';
  expect(
    told(superdataset, {
      ...{ section: 'one', path: '000001', url: `https://github.com/${expectedEnd}.git` },
      ...{ expected: expectedEnd, access: 'public', gitlink: OID, draft: OID, age: 99 * HOUR },
      ...{ differsSince: null, differsFor: 0, ...fields },
    }),
  ).toEqual(expected);
});

test.each([
  ['https://dandiarchive.org/dandiset/000027/0.1.2', []],
  ['https://dandiarchive.org/dandiset/000027/0.1.2/', []],
  ['https://dandiarchive.org/dandiset/000027/0.1.23', ['doi-elsewhere']],
  ['https://dandiarchive.org/dandiset/000027', ['doi-elsewhere']],
  ['javascript:alert(1)//x/dandiset/000027/0.1.2', ['doi-elsewhere']],
  [null, ['doi-elsewhere']],
])('a DOI that leads to %s: %j', (url, expected) => {
  const name = '10.48324/dandi.000027/0.1.2';
  const evidence = {
    version: '0.1.2',
    doi: name,
    expected: name,
    httpStatus: 200,
    state: 'findable',
  };
  expect(told(doi, { ...evidence, url })).toEqual(expected);
});
