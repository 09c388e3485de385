// The import of a real recorded history: 146 runs, cut to 60 datasets, with the figures that its
// README gives (H11). Those are of pairs of days; of two runs in a day the last one counts.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Imported, RunHistory } from '../../../core/history/documents.ts';
import type { Event } from '../../../core/history/events.ts';
import type { DailyChanges } from '../../../core/history/import/daily.ts';
import { dayOf } from '../../../core/history/paths.ts';
import { mirrorwatch, ROOT, temporaryFolder } from '../../bin/cli.ts';
import { filesBelow } from '../../support/tree.ts';

const BUNDLE = join(ROOT, '../shared/recorded/history/openneuro-60.bundle');

describe.skipIf(!existsSync(BUNDLE))('the recorded history of 60 datasets', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let repository: string;
  let runs: readonly RunHistory[];
  const place = (name: string) => join(folder.path, name);
  const importInto = (name: string, ...more: string[]) =>
    mirrorwatch(['history', 'import', '--from-git', repository, '--out', place(name), ...more]);
  const runsIn = (name: string): RunHistory[] =>
    [...filesBelow(place(name))].flatMap(([path, bytes]) =>
      path.startsWith('history/runs/') ? [JSON.parse(bytes.toString()) as RunHistory] : [],
    );

  beforeAll(async () => {
    folder = await temporaryFolder();
    repository = place('repository');
    execFileSync('git', ['clone', '-q', '--bare', BUNDLE, repository]);
    expect(await importInto('out')).toMatchObject({ code: 0 });
    runs = runsIn('out');
  });
  afterAll(() => folder.remove());

  test('there are 146 runs on 140 days, of which six are the start-up', () => {
    expect(runs).toHaveLength(146);
    expect(new Set(runs.map(({ run }) => dayOf(run))).size).toBe(140);
    const startUp = runs.filter(({ origin }) => origin === 'start-up');
    expect(startUp).toHaveLength(6);
    expect(startUp.flatMap(({ events }) => events)).toEqual([]);
    expect(runs.slice(6).every(({ origin }) => origin === 'import')).toBe(true);
  });

  test.each([
    { how: "by today's rules", more: [], ours: { overall: 32 - 1, s3Files: 22 + 1 }, all: 189 },
    { how: 'as recorded', more: ['--as-recorded'], ours: { overall: 26, s3Files: 22 }, all: 183 },
  ])('the figures that its README gives, $how', async ({ how, more, ours, all }) => {
    const out = more.length > 0 ? how : 'out';
    const { stdout } = await importInto(out, '--json', ...more);
    const { daily } = JSON.parse(stdout) as { daily: DailyChanges };
    expect(daily).toEqual({
      days: 135,
      quiet: 108,
      changes: {
        ...{ overall: ours.overall, github: 29, s3Version: 27, s3Files: ours.s3Files },
        ...{ versions: 26, counts: 10, listed: 29 - 2, returned: 2, withdrawn: 14 },
      },
    });
    expect(Object.values(daily.changes).reduce((sum, count) => sum + count)).toBe(all);

    // The events give the same, but for versions and counts, which they tell otherwise.
    const pairs = byDay(runsIn(out));
    const events = pairs.flat();
    const told = Map.groupBy(events, (event) =>
      event.kind === 'verdict' ? event.check : event.kind,
    );
    const { versions: _, counts: __, ...others } = daily.changes;
    for (const [name, count] of Object.entries(others)) {
      expect(told.get(name)?.length, name).toBe(count);
    }
    expect([told.get('versions')?.length, told.get('counts')?.length]).toEqual([53, 2]);
    expect(pairs.filter((day) => !day.some(isOfCheck))).toHaveLength(daily.quiet);
  });

  test('two rules that are younger than its README move its figures by one each', () => {
    const of = (id: string, check: string) =>
      runs.flatMap(({ run, events }) =>
        events.flatMap((event) =>
          event.kind === 'verdict' && event.id === id && event.check === check
            ? [`${dayOf(run)} ${event.from} → ${event.to}`]
            : [],
        ),
      );
    // A default branch that is git-annex's is an error, and was a warning: overall stays as it is.
    expect(of('ds007283', 'github')).toContain(
      '2026-04-08 error:tag-missing → error:head-on-annex',
    );
    expect(of('ds007283', 'overall')).toEqual([
      '2026-03-31 pending → error',
      '2026-07-30 error → ok',
    ]);
    // Files are not compared while the mirror lacks the tag.
    expect(of('ds004873', 's3Files')).toEqual([
      '2026-04-02 error:files-missing → pending',
      '2026-04-08 pending → ok',
      '2026-07-11 ok → error:files-missing',
    ]);
  });

  test('nothing is put down to rules, and every verdict comes from a document', () => {
    const marked = runs
      .flatMap(({ events }) => events)
      .filter((event) => 'because' in event || 'fromRow' in event);
    expect(marked).toEqual([]);
  });

  test('twice gives the same bytes, and so do two halves', async () => {
    const whole = filesBelow(place('out'));
    const again = await importInto('out');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('There already') });
    expect(filesBelow(place('out'))).toEqual(whole);
    expect(await importInto('halves', '--until', '2026-05-20')).toMatchObject({ code: 0 });
    expect(runsIn('halves').length).toBeLessThan(146);
    expect(await importInto('halves')).toMatchObject({ code: 0 });
    expect(filesBelow(place('halves'))).toEqual(whole);
  });

  test('everything is valid, and a rebuild finds nothing to write', async () => {
    expect(await mirrorwatch(['validate', place('out')])).toMatchObject({ code: 0 });
    const rebuilt = await mirrorwatch(['history', 'rebuild', '--out', place('out')]);
    expect(rebuilt).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('all was as it should be'),
    });
  });

  test('how it ends has the last rows, and since when each verdict that changed is so', () => {
    const { summary, since } = JSON.parse(
      readFileSync(join(place('out'), 'history/imported.json'), 'utf8'),
    ) as Imported;
    expect(summary.map(({ total, lastUpdated }) => [total, lastUpdated])).toEqual([
      [46, '2026-08-08T07:05:21.000Z'],
    ]);
    // Its comparison has not changed since before the first run.
    expect(since.ds000117?.s3Files).toBeUndefined();
    const last = runs.flatMap(({ run, events }) =>
      events.flatMap((event) =>
        event.kind === 'verdict' && event.id === 'ds006128' && event.check === 's3Version'
          ? [{ run, to: event.to }]
          : [],
      ),
    );
    const own = since.ds006128?.s3Version;
    expect(own?.verdict).toBe(last.at(-1)?.to);
    expect(dayOf(own?.since ?? '')).toBe(dayOf(last.at(-1)?.run ?? ''));
  });
});

const isOfCheck = (event: Event) => event.kind === 'verdict' && event.check !== 'overall';

/** The changes from one day to the next, without those that were undone on the same day. */
function byDay(runs: readonly RunHistory[]): Event[][] {
  const steady = runs.filter(({ origin }) => origin !== 'start-up');
  const days = Map.groupBy(steady, ({ run }) => dayOf(run));
  return [...days.values()].slice(1).map((ofDay) => {
    const all = ofDay.flatMap(({ events }) => events);
    // What a new dataset did on its first day is no change.
    const isNew = new Set(all.flatMap(({ kind, id }) => (kind === 'listed' ? [id] : [])));
    const alike = Map.groupBy(
      all.filter(({ kind, id }) => kind === 'listed' || !isNew.has(id)),
      (event) => JSON.stringify([event.kind, event.id, 'check' in event && event.check]),
    );
    return [...alike.values()].flatMap((events) => {
      const [first, last] = [events[0] as Event, events.at(-1) as Event];
      const isUndone = 'from' in first && 'to' in last && isDeepStrictEqual(first.from, last.to);
      return isUndone ? [] : [last];
    });
  });
}
