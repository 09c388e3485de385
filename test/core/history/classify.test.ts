import { describe, expect, test } from 'vitest';
import {
  type Change,
  changesOf,
  countChanges,
  kindOfVerdicts,
  yesterdayOf,
} from '../../../core/history/classify.ts';
import type { RunEvent } from '../../../core/history/documents.ts';
import type { Event } from '../../../core/history/events.ts';

const run = '2026-08-08T06:00:00.000Z';
const told = (event: Event): Change[] => changesOf({ run, ...event });
const id = 'ds000117';

describe('a change of verdict by the rank of its statuses', () => {
  test.each([
    ['ok', 'error:files-missing', 'new-fault'],
    ['ok', 'version-mismatch:outdated', 'new-fault'],
    ['warning:head-mismatch', 'error:tag-missing', 'new-fault'],
    ['pending', 'error:export-missing', 'new-fault'],
    ['error:files-missing', 'ok', 'mended'],
    ['version-mismatch:outdated', 'ok', 'mended'],
    ['version-mismatch:outdated', 'error:files-missing', 'worse'],
    ['ok', 'warning:doi-missing', 'worse'],
    ['ok', 'pending', 'worse'],
    ['error:files-missing', 'version-mismatch:outdated', 'better'],
    ['error:files-missing', 'warning:files-left', 'better'],
    ['warning:doi-missing', 'ok', 'better'],
    ['pending', 'ok', 'better'],
    ['error:files-missing', 'error:blocked', 'changed'],
    ['error', 'error:blocked', 'changed'],
  ])('from %s to %s is %s', (from, to, kind) => {
    expect(kindOfVerdicts(from, to)).toBe(kind);
    expect(told({ kind: 'verdict', id, check: 's3Files', from, to })).toEqual([
      { run, id, kind, check: 's3Files', from, to },
    ]);
  });
});

describe('an event', () => {
  test('an event of the overall verdict adds nothing: those of its checks tell it', () => {
    expect(told({ kind: 'verdict', id, check: 'overall', from: 'ok', to: 'error' })).toEqual([]);
  });

  test.each<[string, Event]>([
    [
      'another count',
      { kind: 'counts', id, check: 's3Files', from: { added: 1 }, to: { added: 2 } },
    ],
    ['a failed measurement', { kind: 'unverified', id, check: 'github', reason: 'timeout' }],
    ['a measurement that works again', { kind: 'verified', id, check: 'github' }],
    ['an arrival', { kind: 'arrived', id, place: 'github', version: '1.0.0', created: null }],
    [
      'an export of another version',
      { kind: 'versions', id, from: { export: null }, to: { export: '1.0.0' } },
    ],
    [
      'a latest version that is gone',
      { kind: 'versions', id, from: { latest: '1.0.0' }, to: { latest: null } },
    ],
  ])('that is %s is no change', (_, event) => {
    expect(told(event)).toEqual([]);
  });

  test('a different latest version is a new snapshot', () => {
    const event: Event = {
      kind: 'versions',
      id,
      from: { latest: '1.0.0', mirror: '1.0.0' },
      to: { latest: '1.0.1', mirror: '1.0.1' },
    };
    expect(told(event)).toEqual([
      { run, id, kind: 'snapshot', check: null, from: '1.0.0', to: '1.0.1' },
    ]);
  });

  test('a dataset that is listed with a fault is both new and a fault', () => {
    expect(told({ kind: 'listed', id, to: 'pending' }).map(({ kind }) => kind)).toEqual(['listed']);
    expect(told({ kind: 'listed', id, to: 'error' })).toEqual([
      { run, id, kind: 'new-fault', check: 'overall', from: null, to: 'error' },
      { run, id, kind: 'listed', check: null, from: null, to: 'error' },
    ]);
    expect(told({ kind: 'returned', id, to: 'ok' }).map(({ kind }) => kind)).toEqual(['returned']);
    expect(told({ kind: 'withdrawn', id, from: 'ok' }).map(({ kind }) => kind)).toEqual([
      'withdrawn',
    ]);
  });
});

test('datasets are counted, not their checks, and none that only changed by new rules', () => {
  const verdict = (check: string, of: string, because?: 'rules'): RunEvent => ({
    ...{ run, kind: 'verdict', id: of, check, from: 'ok', to: 'error' },
    ...(because && { because }),
  });
  const events = [
    verdict('github', 'ds000001'),
    verdict('s3Files', 'ds000001'),
    verdict('github', 'ds000002'),
    verdict('github', 'ds000003', 'rules'),
  ];
  const counts = countChanges(events.flatMap(changesOf));
  expect(counts.get('new-fault')).toBe(2);
  expect(counts.get('mended')).toBe(0);
});

test('what follows from a new fault in other checks is not counted beside it', () => {
  const verdict = (id: string, check: string, to: string): RunEvent => ({
    ...{ run, kind: 'verdict', id, check, from: 'ok', to },
  });
  const events = [
    verdict('ds000001', 'github', 'error:repo-not-found'),
    verdict('ds000001', 's3Files', 'pending'),
    verdict('ds000002', 's3Files', 'pending'),
  ];
  const counts = countChanges(events.flatMap(changesOf));
  expect([counts.get('new-fault'), counts.get('worse')]).toEqual([1, 1]);
});

test.each([
  ['a daily run', ['2026-08-06T06:00:00Z', '2026-08-07T06:00:00Z', run], '2026-08-07T06:00:00Z'],
  ['a run 20 hours before', ['2026-08-07T10:00:00Z', run], '2026-08-07T10:00:00Z'],
  ['not one a millisecond later', ['2026-08-07T10:00:00.001Z', run], null],
  [
    'not a run of the same day',
    ['2026-08-06T05:00:00Z', '2026-08-08T01:00:00Z', run],
    '2026-08-06T05:00:00Z',
  ],
  ['none before the first', [run], null],
  ['none without runs', [], null],
])('yesterday is %s', (_, runs, expected) => {
  expect(yesterdayOf(runs)).toBe(expected);
});
