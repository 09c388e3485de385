// A host that throttles us is left alone, and all remaining requests to it are unverified at once:
// over real HTTP, while the other hosts are in use.

import { expect, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { STATUS_PATH } from '../../core/documents/paths.ts';
import { memoryStore } from '../support/memory-store.ts';
import { serveMiddleBox } from '../support/middle-box.ts';
import { runSample } from '../support/sample-run.ts';

test.each(['throttles', 'throttles-403'] as const)('mirrors whose host %s', async (deed) => {
  const server = await startSampleArchive({ archive: generateArchive({ datasets: 120, seed: 5 }) });
  await using box = await serveMiddleBox(server.mirrorUrl, { deed: () => deed });
  const store = memoryStore();
  try {
    await runSample(server, { store, day: 0, options: { publishAnyway: true } });
    const before = await Array.fromAsync(store.listRecords());
    const { outcome, summary } = await runSample(
      { ...server, mirrorUrl: box.url },
      { store, day: 1, tries: 4 },
    );
    expect(outcome).toBe('held');
    const reasons = summary?.datasets.map(({ checks }) => checks.github?.lastAttempt?.reason);
    expect(reasons?.length).toBeGreaterThan(90);
    expect(new Set(reasons)).toEqual(new Set(['throttled']));
    // Five rounds of the concurrent requests, out of nearly five hundred.
    expect(box.asked).toBeLessThanOrEqual(5 * 32);
    // Nothing else is affected, and no verdict changes.
    const after = new Map(
      (await Array.fromAsync(store.listRecords())).map((it) => [`${it.dataset} ${it.check}`, it]),
    );
    for (const { dataset, check, status, subtype } of before) {
      expect(after.get(`${dataset} ${check}`)).toMatchObject({ status, subtype });
    }
    const failing = [...after.values()].filter(
      ({ check, lastAttempt }) => check === 's3Version' && lastAttempt?.reason === 'throttled',
    );
    expect(failing).toEqual([]);
    const healed = await runSample(server, { store, day: 2, options: { publishAnyway: true } });
    expect(healed.summary?.datasets.filter(({ checks }) => checks.github?.lastAttempt)).toEqual([]);
    expect(store.document<RunStatus>(STATUS_PATH).lastRun.outcome).toBe('published');
  } finally {
    await server.close();
  }
});
