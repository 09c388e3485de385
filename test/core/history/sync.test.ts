import { expect, test } from 'vitest';
import type { RunHistory, Sync } from '../../../core/history/documents.ts';
import type { Event } from '../../../core/history/events.ts';
import { quantile, withSync } from '../../../core/history/sync.ts';

const places = ['mirror', 'export'].map((place) => ({ place, label: place, isAt: () => true }));
const runOf = (day: string, events: readonly Event[], number = 1): RunHistory => ({
  schemaVersion: '3.0.0',
  run: `2026-${day}T06:00:00.000Z`,
  number,
  until: null,
  rulesVersion: 1,
  events: [...events],
  states: { verdicts: [], of: {} },
  counts: {},
});
const created = (id: string, latest: string, date: string): Event => ({
  kind: 'versions',
  id,
  from: {},
  to: { latest, date: `2026-${date}T06:00:00.000Z` },
});
const arrived = (id: string, version: string, place: string): Event => ({
  kind: 'arrived',
  id,
  place,
  version,
  created: null,
});
const after = (...runs: readonly RunHistory[]) =>
  runs.reduce<Sync | null>((before, run) => withSync(before, run, places), null) as Sync;

test('half and nine of ten; who has not arrived counts as longer than watched', () => {
  const seen = (days: number) => ({ days, arrived: true });
  const waits = (days: number) => ({ days, arrived: false });
  expect(quantile([], 0.5)).toBe(null);
  expect(quantile([seen(1), seen(2), seen(3)], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(seen), 0.9)).toBe(9);
  // Left out, the one that waits would make the median 1.
  expect(quantile([seen(1), waits(5)], 0.5)).toBe(1);
  expect(quantile([seen(1), waits(5), waits(5)], 0.5)).toBe(null);
  // Watched for half a day only, it says nothing about later days.
  expect(quantile([waits(0.5), seen(1), seen(2)], 0.5)).toBe(1);
  // The estimate of Kaplan and Meier for 6, 6, 6, 7, 10 arrived and 6, 9 watched: 0.43 at 7, 0 at 10.
  const both = [seen(6), seen(6), seen(6), seen(7), seen(10), waits(6), waits(9)];
  expect(quantile(both, 0.5)).toBe(7);
  expect(quantile(both, 0.9)).toBe(10);
});

test('a snapshot is seen at each place once, from the time it was created', () => {
  const sync = after(
    runOf('08-01', []),
    runOf('08-02', [created('ds000001', '1.0.1', '08-01'), arrived('ds000001', '1.0.1', 'mirror')]),
    runOf('08-03', [arrived('ds000001', '1.0.1', 'export')]),
    runOf('08-04', [arrived('ds000001', '1.0.1', 'mirror')]),
  );
  expect(sync.last90Days).toEqual({
    snapshots: 1,
    places: {
      mirror: { median: 1, p90: 1, arrived: 1, waiting: 0, replaced: 0 },
      export: { median: 2, p90: 2, arrived: 1, waiting: 0, replaced: 0 },
    },
  });
  expect(sync).toMatchObject({ waiting: 0, resolution: 1, months: [{ month: '2026-08' }] });
});

test('one that waits, is overtaken by a newer one, or is withdrawn is counted as such', () => {
  const begin = runOf('08-02', [
    created('ds000001', '1.0.1', '08-01'),
    created('ds000002', '1.0.1', '08-01'),
    created('ds000003', '1.0.1', '08-01'),
  ]);
  const sync = after(
    begin,
    runOf('08-05', [
      created('ds000001', '1.0.2', '08-05'),
      { kind: 'withdrawn', id: 'ds000002', from: 'ok' },
    ]),
  );
  expect(sync.last90Days.places.mirror).toEqual({
    median: null,
    p90: null,
    arrived: 0,
    waiting: 2,
    replaced: 2,
  });
  expect(sync.waiting).toBe(2);
});

test('old snapshots leave, those that are waited for stay, and their month keeps its numbers', () => {
  const first = runOf('01-02', [
    created('ds000001', '1.0.1', '01-01'),
    created('ds000002', '1.0.1', '01-01'),
    arrived('ds000001', '1.0.1', 'mirror'),
    arrived('ds000001', '1.0.1', 'export'),
  ]);
  const sync = after(first, runOf('03-01', []), runOf('08-01', []));
  expect(sync.snapshots.map(({ id }) => id)).toEqual(['ds000002']);
  expect(sync).toMatchObject({ waiting: 1, last90Days: { snapshots: 0 } });
  expect(sync.months).toMatchObject([
    { month: '2026-01', snapshots: 2, places: { mirror: { arrived: 1, waiting: 1 } } },
  ]);
});

test('a run that is applied again changes nothing', () => {
  const runs = [
    runOf('08-01', [created('ds000001', '1.0.1', '08-01')]),
    runOf('08-02', [created('ds000001', '1.0.2', '08-02'), arrived('ds000001', '1.0.2', 'mirror')]),
  ];
  const once = after(...runs);
  expect(withSync(once, runs[1] as RunHistory, places)).toEqual(once);
});

test('runs that nobody looks at in between give the same as runs that are looked at', () => {
  const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at, 6)).toISOString();
  // Snapshots of every age, some told late, some for ever on their way, some withdrawn.
  const runs = Array.from({ length: 400 }, (_, at): RunHistory => {
    const id = `ds00000${at % 7}`;
    const told = { latest: `1.0.${at}`, date: day(at - ((at * 37) % 160)) };
    const events: Event[] = [
      ...(at % 11 === 3 ? [{ kind: 'withdrawn' as const, id, from: 'ok' }] : []),
      ...(at % 3 < 2 ? [{ kind: 'versions' as const, id, from: {}, to: told }] : []),
      ...(at % 2 > 0 ? [arrived(id, `1.0.${at}`, 'mirror')] : []),
      ...(at % 4 > 0 ? [arrived(id, `1.0.${at - 7}`, 'export')] : []),
    ];
    const gap = at > 200 ? 90 : 0;
    return {
      ...runOf('01-01', events),
      run: day(at + gap),
      ...([0, 1, 119].includes(at) && { origin: 'start-up' }),
    };
  });
  for (const length of [1, 3, 120, 160, 201, 202, 330, 400]) {
    const some = runs.slice(0, length);
    const passed = some.reduce<Sync | null>(
      (before, run, at) => withSync(before, run, places, some[at + 1] ?? null),
      null,
    );
    expect(passed, `${length} runs`).toEqual(after(...some));
  }
});
