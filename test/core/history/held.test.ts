// H05 and H10: runs that must not publish add nothing to the history.

import { expect, test } from 'vitest';
import type { RunHistory } from '../../../core/history/documents.ts';
import { runPath } from '../../../core/history/paths.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { publishedRun } from '../../support/published-run.ts';
import { healthyArchive, healthyRefs, stageContext } from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';

const IDS = Array.from({ length: 20 }, (_, at) => `ds${String(at + 1).padStart(6, '0')}`);
type Store = Awaited<ReturnType<typeof publishedRun>>['store'];
/** All that a visitor may read of the history, which names no run but those published. */
const historyOf = ({ documents, pages }: Store) =>
  [...documents, ...pages].filter(([path]) => /history|badge|feed/.test(path));
const runFile = (store: Store, day: number) =>
  store.document<RunHistory>(runPath(new Date(Date.UTC(2026, 7, 1 + day)).toISOString()));

test('a held run leaves nothing, and the next one is compared with the last published', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await publishedRun(archive);
  const before = historyOf(store);
  for (const id of IDS.slice(0, 10)) archive.refs.set(id, healthyRefs([]));
  const held = await runPipeline(stageContext(archive, { store, day: 1 }), WHOLE_RUN);
  expect(held.outcome).toBe('held');
  expect(historyOf(store)).toEqual(before);

  // Of the ten that the held run saw, nine are well again.
  for (const id of IDS.slice(0, 9)) archive.refs.set(id, healthyRefs(['1.0.0']));
  await publishedRun(archive, { store, day: 2 });
  const { number, events } = runFile(store, 2);
  expect(number).toBe(2);
  expect(new Set(events.map(({ id }) => id))).toEqual(new Set(['ds000010']));
  expect(events).toContainEqual({
    ...{ kind: 'verdict', id: 'ds000010', check: 'github', from: 'ok', to: 'error:tag-missing' },
  });
  expect(runFile(store, 1)).toBeNull();
});

test('the older of two racing runs is refused once the newer one has published', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await publishedRun(archive);
  const older = stageContext(archive, { store, day: 1 });
  const measured = WHOLE_RUN.stages.filter((stage) => stage !== 'summarize');
  await runPipeline(older, { ...WHOLE_RUN, stages: measured });
  archive.refs.set('ds000001', healthyRefs([]));
  await publishedRun(archive, { store, day: 2 });
  const after = historyOf(store);
  const late = { ...older, now: () => new Date(Date.UTC(2026, 7, 3, 1)) };
  const { outcome, reports } = await runPipeline(late, { ...WHOLE_RUN, stages: ['summarize'] });
  expect(outcome).toBe('held');
  expect(JSON.stringify(reports)).toContain('A newer run');
  expect(historyOf(store)).toEqual(after);
});
