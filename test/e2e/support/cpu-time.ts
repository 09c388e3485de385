// The page's cost in CPU time (other work on the machine changes the clock, not this), and a slow
// machine and network.

import type { Page } from 'playwright-core';

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

/** Chrome's "Fast 4G": bytes a second and milliseconds. */
export const FOUR_G = { downloadThroughput: 1_012_500, uploadThroughput: 168_750, latency: 165 };

/** Fast 4G, a processor that is four times slower, and an empty cache. */
export async function throttle(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', { offline: false, ...FOUR_G });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}
