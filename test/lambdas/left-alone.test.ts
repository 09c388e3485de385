// A host that refused one function of a run too often gets no requests from later functions: over
// real HTTP, each function with its own client.

import { expect, test } from 'vitest';
import { openArchive } from '../../archives/openneuro/archive.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { createHttpClient } from '../../core/http.ts';
import type { Run } from '../../lambdas/contract.ts';
import { sharedHosts } from '../../lambdas/shared-hosts.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import type { Tools } from '../../lambdas/steps/tools.ts';
import { fakeCloud } from '../support/aws/cloud.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { serveMiddleBox } from '../support/middle-box.ts';
import { healthyArchive } from '../support/stage-context.ts';
import { beginning, measuring, testRun, testTools } from '../support/steps.ts';

test('later functions send it no request, and ask other hosts as usual', async () => {
  const server = await startSampleArchive({ archive: generateArchive({ datasets: 30, seed: 5 }) });
  await using box = await serveMiddleBox(server.mirrorUrl, { deed: () => 'throttles' });
  const store = memoryRunStore();
  const { table, clients } = fakeCloud();
  const opened: { close(): unknown }[] = [];
  const tools = (run: Run): Tools => {
    const clock = fakeClock();
    const { dynamo } = clients();
    const name = `function-${opened.length}`;
    const peers = sharedHosts({ dynamo, table, clock, log: () => {}, run: run.start, name });
    const http = createHttpClient({ clock, retry: { tries: 2 }, peers });
    opened.push(http, peers);
    const base = testTools(healthyArchive([]), { store });
    const sources = openArchive({ http, ...server, mirrorUrl: box.url });
    return {
      ...base,
      archive: { ...base.archive, sources, traffic: http.traffic },
    };
  };
  try {
    const run = testRun();
    const { shards } = await fetchRegistryStep(tools(run), beginning(run));
    const [shard] = shards.CheckGithub ?? [];
    const [other] = shards.CheckS3Version ?? [];
    if (!shard || !other) throw new Error('there are no shards');
    const first = await checkStep(measuring('check-github', tools(run)), { run, shard });
    expect(first.failed).toBe(first.total);
    const { asked } = box;
    // Five rounds of the concurrent requests.
    expect(asked).toBeLessThanOrEqual(5 * 4);

    const again = await checkStep(measuring('check-github', tools(run)), {
      run,
      shard: { ...shard, id: '0002' },
    });
    expect(again.failed).toBe(first.total);
    expect(box.asked).toBe(asked);
    for await (const record of store.listRecords()) {
      expect(record.lastAttempt?.reason).toBe('throttled');
    }
    const versions = await checkStep(measuring('check-s3-version', tools(run)), {
      run,
      shard: other,
    });
    expect(versions.failed).toBeLessThan(versions.total);

    // Another run starts fresh.
    await store.releaseLock(run);
    const next = testRun({}, 1);
    const begun = await fetchRegistryStep(tools(next), beginning(next));
    await checkStep(measuring('check-github', tools(next)), {
      run: next,
      shard: begun.shards.CheckGithub?.[0] as typeof shard,
    });
    expect(box.asked).toBeGreaterThan(asked);
  } finally {
    for (const one of opened) await one.close();
    await server.close();
  }
});
