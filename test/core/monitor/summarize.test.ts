// What the last stage writes about the run itself.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import type { RunStatus } from '../../../core/documents/documents.ts';
import { STATUS_PATH } from '../../../core/documents/paths.ts';
import { validateTree } from '../../../core/documents/validate.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { writeFailedStatus } from '../../../core/monitor/run-status.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';
import { STAGES } from '../../support/stages.ts';

test('a run whose clock was set back meanwhile does not end before it began', async () => {
  const context = stageContext(healthyArchive(['ds000001']), { day: 1 });
  const behind = { ...context, now: () => new Date(Date.parse(context.runStart) - 3_600_000) };
  const request = { datasets: null, maxDatasets: null, stages: [...STAGES], archive: [] };
  expect((await runPipeline(behind, request)).outcome).toBe('published');
  const { documents, pages } = context.store;
  const { lastRun } = context.store.document<RunStatus>(STATUS_PATH);
  expect(lastRun).toMatchObject({ finishedAt: context.runStart, durationSeconds: 0 });
  const tree = {
    async *list() {
      yield* documents.keys();
      yield* pages.keys();
    },
    read: async (path: string) => documents.get(path) ?? pages.get(path),
  };
  expect((await Array.fromAsync(validateTree(tree, openneuro))).map(({ path }) => path)).toEqual(
    [],
  );
});

test('reasons without end are cut to what status.json may hold', async () => {
  const context = stageContext(healthyArchive(['ds000001']));
  await writeFailedStatus(context, [
    'x'.repeat(10_000),
    ...Array.from({ length: 99 }, (_, at) => `reason ${at}`),
  ]);
  const { lastRun } = context.store.document<RunStatus>(STATUS_PATH);
  expect(lastRun.why).toHaveLength(20);
  expect(lastRun.why[0]).toMatch(/^x{499}…$/);
  expect(lastRun.why.at(-1)).toBe('And 81 more.');
});
