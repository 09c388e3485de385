// The page's cost in CPU time: other work on the machine changes the clock, not this.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface CpuTime {
  /** Milliseconds of the main thread: scripts alone, and everything. */
  readonly scripts: number;
  readonly tasks: number;
}

/** CPU time of the page's main thread during an action. */
export async function cpuTime(page: Page, act: () => Promise<void>): Promise<CpuTime> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, 1000 * value]));
  };
  const before = await read();
  await act();
  const after = await read();
  await session.detach();
  const passed = (name: string) => {
    const [from, to] = [before.get(name) ?? Number.NaN, after.get(name) ?? Number.NaN];
    // A new document counts from zero.
    return to >= from ? to - from : to;
  };
  return { scripts: passed('ScriptDuration'), tasks: passed('TaskDuration') };
}

/** CPU milliseconds of the longest task of the page's main thread during an action. */
export async function longestTask(page: Page, act: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
  await act();
  const { traceEvents } = JSON.parse(`${await browser?.stopTracing()}`) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const renderers = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) =>
      name.endsWith('RunTask') && tdur !== undefined && renderers.has(`${pid} ${tid}`),
  );
  expect(tasks.length, 'the trace tells tasks').toBeGreaterThan(0);
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of CPU time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}
