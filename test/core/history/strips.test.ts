// What a dataset's strips keep.

import { expect, test } from 'vitest';
import { dayOf } from '../../../core/history/paths.ts';
import { withRun } from '../../../core/history/strips.ts';
import { type Strips, stripsSchema } from '../../../core/history/strips-document.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a verdict that changes daily drops its oldest entries, and says so', () => {
  let strips: Strips | null = null;
  const begin = Date.UTC(2026, 0, 1);
  for (let day = 0; day < 500; day++) {
    const run = new Date(begin + day * DAY_MS).toISOString();
    const states = day === 0 ? { overall: 'ok', github: 'ok' } : {};
    const to = day % 2 === 0 ? 'ok' : 'error:tag-missing';
    const change = { kind: 'verdict', id: 'a', check: 'github', from: 'ok', to } as const;
    const said = { run, at: dayOf(run), events: day === 0 ? [] : [change], states, notices: [] };
    strips = withRun(strips, 'ds000001', said);
    expect(strips.truncated).toBe(day < 400 ? undefined : true);
  }
  const own = stripsSchema.parse(strips).strips;
  expect(own.overall).toEqual([['2026-01-01', 'ok']]);
  expect(own.github).toHaveLength(400);
  expect([own.github?.[0]?.[0], own.github?.at(-1)?.[0]]).toEqual(['2026-04-11', '2027-05-15']);
});
