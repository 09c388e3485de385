// H20, H21: when a fault is told, and that it is over.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { diffSummaries, summaryOf } from '../../../core/history/diff.ts';
import type { RunHistory } from '../../../core/history/documents.ts';
import type { Notice } from '../../../core/history/events.ts';
import { afterRun, NO_STATE } from '../../../core/history/notice-state.ts';
import { lookAt, noticesOf } from '../../../core/history/notices.ts';
import type { NotifyFrom } from '../../../core/history/settings.ts';
import { checkRow, rowOf } from '../../support/rows.ts';

const ID = 'ds000117';
const START = Date.UTC(2026, 2, 18, 6);
const HOUR = 3_600_000;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();

interface Told {
  readonly run: string;
  readonly notices: readonly Notice[];
}

/** Publishes summaries one after the other. The first one is the first that ever was. */
function publish(
  summaries: readonly { readonly run: string; readonly rows: readonly Row[] }[],
  more: Partial<Pick<RunHistory, 'origin' | 'notifyFrom'>> = {},
): Told[] {
  let state = NO_STATE;
  let previous: readonly Row[] | null = null;
  const gone = new Set<string>();
  return summaries.map(({ run, rows }) => {
    const differ = { archive: { checks: openneuro.checks }, withdrawn: gone };
    const { events } = diffSummaries(differ, previous && summaryOf(previous), rows);
    for (const { kind, id } of events) if (kind === 'withdrawn') gone.add(id);
    previous = rows;
    const noticed = { run, events, ...more };
    const look = (id: string) => {
      const row = rows.find((one) => one.id === id);
      return row && lookAt(openneuro.checks, row, run);
    };
    const notices = noticesOf(state, noticed, look);
    state = afterRun(state, { ...noticed, notices });
    return { run, notices };
  });
}

/**
 * The words of one dataset, a run each: `ok`, `error:x`, several checks as `error:x,ok`; `-` is not
 * listed, a `?` at the end not measured, a `!` by other rules than before.
 */
const CHECKS = ['github', 's3Version', 's3Files'];
function story(
  text: string,
  { hours = 24, ...more }: { hours?: number; notifyFrom?: NotifyFrom } = {},
) {
  let rules = 1;
  const summaries = text.split(' ').map((said, day) => {
    const run = at(day * hours);
    if (said.endsWith('!')) rules += 1;
    const verdicts = said.replace(/[?!]$/, '').split(',');
    const failed = said.endsWith('?') && { lastAttempt: { at: run, reason: 'timeout' as const } };
    const checks = verdicts.map((verdict, place) => {
      const check = checkRow(verdict, { at: said.endsWith('?') ? at(0) : run, ...failed });
      return [CHECKS[place], check] as const;
    });
    const row = rowOf(ID, Object.fromEntries(checks), { rulesVersion: rules });
    const other = rowOf(
      'ds999999',
      { github: checkRow('ok', { at: run }) },
      { rulesVersion: rules },
    );
    return { run, rows: said === '-' ? [other] : [row, other] };
  });
  return publish(summaries, more)
    .flatMap(({ notices }, day) => notices.map(({ kind }) => `${day}:${kind}`))
    .join(' ');
}

const BAD = 'error:repo-not-found';
const OTHER = 'error:tag-missing';
const days = (verdict: string, count: number) => Array(count).fill(verdict).join(' ');

test.each([
  ['a fault that two runs saw is told once', `ok ${BAD} ${BAD} ${BAD}`, '2:fault'],
  ['one that only one run saw is not told, nor that it is over', `ok ${BAD} ok ${BAD} ok`, ''],
  ['that it is over is told after one good measurement', `ok ${BAD} ${BAD} ok`, '2:fault 3:mended'],
  ['a warning is none', 'ok warning:no-doi warning:no-doi', ''],
  [
    'a fault that became a warning is over',
    `ok ${BAD} ${BAD} warning:no-doi ok`,
    '2:fault 3:mended',
  ],
  ['what was bad when we first looked is not told, nor its end', `${BAD} ${BAD} ok`, ''],
  ['a failed measurement confirms nothing', `ok ${BAD} ${BAD}? ${BAD}? ${BAD}`, '4:fault'],
  ['a failed measurement breaks no fault', `ok ${BAD} ${BAD}? ${BAD} ok`, '3:fault 4:mended'],
  ['other rules make no fault', `ok ${BAD}! ${BAD} ${BAD} ok`, ''],
  ['other rules end none', `ok ${BAD} ${BAD} ok! ok ${BAD} ${BAD}`, '2:fault 6:fault'],
  ['unknown is not over', `ok ${BAD} ${BAD} pending ${BAD} ${BAD} pending ok`, '2:fault 7:mended'],
  ['unknown between two runs confirms nothing', `ok ${BAD} pending ${BAD} ok`, ''],
  [
    'another finding is told once',
    `ok ${BAD} ${BAD} ${OTHER} ${OTHER} ${OTHER}`,
    '2:fault 4:changed',
  ],
  [
    'another finding for one run is not',
    `ok ${BAD} ${BAD} ${OTHER} ${BAD} ${BAD} ${BAD}`,
    '2:fault',
  ],
  [
    'another finding soon after that is confirmed anew',
    `ok ${BAD} ${BAD} ${OTHER} ${BAD} ${OTHER} ${OTHER}`,
    '2:fault 6:changed',
  ],
  [
    'a second check turns bad',
    `ok,ok ${BAD},ok ${BAD},ok ${BAD},${BAD} ${BAD},${BAD}`,
    '2:fault 4:worse',
  ],
  [
    'one of two is over',
    `ok,ok ${BAD},${BAD} ${BAD},${BAD} ok,${BAD} ok,${BAD} ok,ok`,
    '2:fault 4:changed 5:mended',
  ],
  [
    'a dataset that was bad before gets worse',
    `${BAD},ok ${BAD},${BAD} ${BAD},${BAD} ok,ok`,
    '2:worse 3:mended',
  ],
  ['that and back is nothing', `${BAD},ok ${BAD},${BAD} ${BAD},ok ${BAD},ok`, ''],
  ['it is withdrawn', `ok ${BAD} ${BAD} - ${BAD} ok`, '2:fault 3:withdrawn'],
])('%s', (_, said, told) => {
  expect(story(said)).toBe(told);
});

test.each([
  ['mended within a week', `- ${days(BAD, 7)} ok ok ok`, ''],
  ['bad for eight days', `- ${days(BAD, 10)} ok`, '9:fault 11:mended'],
  ['turns bad on its third day', `- ok ok ${days(BAD, 8)}`, '9:fault'],
  ['turns bad a week after', `- ${days('ok', 7)} ${BAD} ${BAD}`, '9:fault'],
  ['comes back bad', `ok - ${days(BAD, 9)}`, '1:withdrawn 10:fault'],
])('a new dataset: %s', (_, said, told) => {
  expect(story(said)).toBe(told);
});

test.each([
  [1, `ok ${days(BAD, 30)}`, '21:fault'],
  [10, `ok ${BAD} ${BAD} ${BAD} ${BAD}`, '3:fault'],
  [20, `ok ${BAD} ${BAD}`, '2:fault'],
  [19, `ok ${BAD} ${BAD} ${BAD}`, '3:fault'],
])('runs that are %d hours apart', (hours, said, told) => {
  expect(story(said, { hours })).toBe(told);
});

test('a warning is told if that is wanted, and a mismatch is not if it is not', () => {
  const warning = 'warning:no-doi';
  const mismatch = 'version-mismatch:doi-mismatch';
  const said = `ok ${warning} ${warning} ok ${mismatch} ${mismatch} ok`;
  expect(story(said)).toBe('5:fault 6:mended');
  expect(story(said, { notifyFrom: 'warning' })).toBe('2:fault 3:mended 5:fault 6:mended');
  expect(story(said, { notifyFrom: 'error' })).toBe('');
});

test('a dataset that flaps is told once more and then rests until it is steady for a week', () => {
  const once = `${BAD} ${BAD} ok`;
  const flapping = `ok ${once} ${once} ${once} ${once} ${once}`;
  const twice = '2:fault 3:mended 5:fault 6:mended';
  expect(story(flapping)).toBe(`${twice} 8:flaps`);
  // Its last change is on day 15, so it is as any other from day 22 on.
  expect(story(`${flapping} ${days('ok', 7)} ${BAD} ${BAD} ok`)).toBe(
    `${twice} 8:flaps 24:fault 25:mended`,
  );
  expect(story(`${flapping} ${days('ok', 3)} ${BAD} ${BAD} ok`)).toBe(`${twice} 8:flaps`);
  // It stays bad: that is known, and its end is told.
  expect(story(`ok ${once} ${once} ${days(BAD, 10)} ok`)).toBe(`${twice} 8:flaps 17:mended`);
  // Slowly enough is no flapping.
  const slow = `${once} ${days('ok', 5)}`;
  expect(story(`ok ${slow} ${slow} ${slow}`)).not.toContain('flaps');
});

test('a notice says what was, what is, and since when', () => {
  const rows = (run: string, github: string, files: string) => [
    rowOf(
      ID,
      {
        github: checkRow(github, { at: run, since: '2026-03-19T06:10:00.000Z' }),
        s3Files: checkRow(files, { at: run }),
      },
      { causes: ['tag-never-pushed'] },
    ),
  ];
  const mismatch = 'version-mismatch:doi-mismatch';
  const told = publish([
    { run: at(0), rows: rows(at(0), 'ok', 'ok') },
    { run: at(24), rows: rows(at(24), mismatch, 'ok') },
    { run: at(48), rows: rows(at(48), mismatch, BAD) },
    { run: at(72), rows: rows(at(72), 'ok', 'ok') },
  ]);
  const since = '2026-03-19T06:10:00.000Z';
  expect(told.flatMap(({ notices }) => notices)).toEqual([
    {
      ...{ id: ID, kind: 'fault', status: 'error', causes: ['tag-never-pushed'] },
      checks: [
        { check: 's3Files', from: 'ok', to: BAD, since: null },
        { check: 'github', from: 'ok', to: mismatch, since },
      ],
    },
    {
      ...{ id: ID, kind: 'mended', status: 'ok' },
      checks: [
        { check: 's3Files', from: BAD, to: 'ok', since: null },
        { check: 'github', from: mismatch, to: 'ok', since },
      ],
    },
  ]);
});

test('an imported run is not reported, but its new datasets are new', () => {
  const run = (day: number, verdict: string) => ({
    run: at(day * 24),
    rows: [rowOf(ID, { github: checkRow(verdict, { at: at(day * 24) }) })],
  });
  const summaries = [run(0, 'ok'), run(1, BAD), run(2, BAD), run(3, BAD)];
  expect(publish(summaries, { origin: 'import' }).flatMap(({ notices }) => notices)).toEqual([]);
  const listed = { kind: 'listed', id: ID, to: 'ok' } as const;
  const noticed = { run: at(0), events: [listed], origin: 'import' as const };
  expect(afterRun(NO_STATE, noticed)).toEqual({ datasets: {}, young: { [ID]: at(0) } });
});
