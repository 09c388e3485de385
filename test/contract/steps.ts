// A run of an archive by the functions' steps, in this process.

import { createHttpClient } from '../../core/http.ts';
import { type Archive, levelsOf } from '../../core/monitor/archive.ts';
import { stateName } from '../../lambdas/names.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import type { Tools } from '../../lambdas/steps/tools.ts';
import { testDeployment } from '../support/deployment.ts';
import { beginning, testRun } from '../support/steps.ts';
import type { World } from './world.ts';

/** As the state machine calls the functions. */
export async function runSteps(archive: Archive, world: World, store: RunStore, now: () => Date) {
  const http = createHttpClient();
  const tools = (measurement: string | null = null): Tools => ({
    store,
    archive: {
      definition: archive,
      sources: archive.open({ http, addresses: world.addresses, tokens: {} }),
      about: archive.describe(world.addresses),
      identity: Object.values(world.addresses),
      traffic: http.traffic,
    },
    ...{ now, log: () => {}, metric: () => {}, concurrency: 4, measurement },
    memoryBytes: () => 1,
    stillRuns: async () => true,
    deployment: testDeployment(store),
    invocation: `${measurement}`,
    signal: new AbortController().signal,
  });
  const asked = { ...testRun(), start: now().toISOString() };
  try {
    const begun = await fetchRegistryStep(tools(), beginning(asked));
    if (begun.outcome !== 'proceed') throw new Error(begun.why);
    for (const [level, measurements] of levelsOf(archive).entries()) {
      const { shards } = level === 0 ? begun : await planStep(tools(), { run: asked, level });
      for (const { id } of measurements) {
        for (const shard of shards[stateName(id)] ?? []) {
          await checkStep(tools(id), { run: asked, shard });
        }
      }
    }
    return await summarizeStep(tools(), asked);
  } finally {
    http.close();
  }
}
