// A whole run of an archive in memory that must publish.

import { expect } from 'vitest';
import { runPipeline } from '../../core/monitor/run.ts';
import { type ContextSettings, type FakeArchive, stageContext } from './stage-context.ts';
import { WHOLE_RUN } from './stages.ts';

/** @returns its context, the paths that it wrote, in order, and what a person is told */
export async function publishedRun(archive: FakeArchive, settings: ContextSettings = {}) {
  const options = { publishAnyway: true, ...settings.options };
  const context = stageContext(archive, { ...settings, options });
  const before = context.store.writes.length;
  const result = await runPipeline(context, WHOLE_RUN);
  expect(result.outcome).toBe('published');
  const { store } = context;
  const notes = result.reports.flatMap((report) => report.notes);
  return { context, store, written: store.writes.slice(before), notes };
}
