// The import of a real recorded history: 146 runs, cut to 60 datasets, with the figures that its
// README gives. Those are of pairs of days; of two runs in a day the last one counts.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Imported, RunHistory } from '../../../core/history/documents.ts';
import type { Event } from '../../../core/history/events.ts';
import { dayOf } from '../../../core/history/paths.ts';
import { mirrorwatch, ROOT, temporaryFolder } from '../../bin/cli.ts';
import { filesBelow } from '../../support/tree.ts';

const BUNDLE = join(ROOT, '../shared/recorded/history/openneuro-60.bundle');
const CHECKS = ['github', 's3Version', 's3Files'];

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

  test('it has 146 runs on 140 days, of which six are the start-up', () => {
    expect(runs).toHaveLength(146);
    expect(new Set(runs.map(({ run }) => dayOf(run))).size).toBe(140);
    const startUp = runs.filter(({ origin }) => origin === 'start-up');
    expect(startUp).toHaveLength(6);
    expect(startUp.flatMap(({ events }) => events)).toEqual([]);
    expect(runs.slice(6).every(({ origin }) => origin === 'import')).toBe(true);
  });

  test.each([
    // Its README has 32 and 22 by the rules of its day. A default branch that is git-annex's is an
    // error now and no warning (ds007283 from 2026-04-08 on), and files are not compared while the
    // tag is not on the mirror (ds004873 on 2026-04-02).
    { how: "by today's rules", more: [], overall: 32 - 1, files: 22 + 1 },
    { how: 'as recorded', more: ['--as-recorded'], overall: 26, files: 22 },
  ])(
    'verdicts, listings and withdrawals are those that were counted, $how',
    async ({ how, more, overall, files }) => {
      if (more.length > 0) expect(await importInto(how, ...more)).toMatchObject({ code: 0 });
      const pairs = byDay(more.length > 0 ? runsIn(how) : runs);
      const events = pairs.flat();
      const verdicts = (check: string) =>
        events.filter((event) => event.kind === 'verdict' && event.check === check).length;
      const others = (...kinds: string[]) =>
        events.filter(({ kind }) => kinds.includes(kind)).length;
      expect(pairs).toHaveLength(135);
      expect(verdicts('overall')).toBe(overall);
      expect(CHECKS.map(verdicts)).toEqual([29, 27, files]);
      expect([others('listed', 'returned'), others('returned')]).toEqual([29, 2]);
      expect(others('withdrawn')).toBe(14);
      // Its README counts otherwise, and has 26 changes of versions and 10 of counts. By our words a
      // version or a date that changed is one, also beside a verdict; a count only without one.
      expect([others('versions'), others('counts')]).toEqual([53, 2]);
      const quiet = pairs.filter((day) => !day.some(isOfCheck));
      expect(quiet).toHaveLength(108);
    },
  );

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
