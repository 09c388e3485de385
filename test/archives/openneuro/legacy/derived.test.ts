// A tree that was copied without `.mirrorwatch/`: its documents alone give the rows that the run
// made from its records.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SummaryRow } from '../../../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import {
  type SampleServer,
  startSampleArchive,
} from '../../../../archives/openneuro/sample/server.ts';
import type { Stage } from '../../../../core/monitor/context.ts';
import { asView } from '../../../support/legacy.ts';
import { memoryStore } from '../../../support/memory-store.ts';
import { runSample } from '../../../support/sample-run.ts';
import { STAGES } from '../../../support/stages.ts';

let server: SampleServer;
beforeAll(async () => {
  const now = new Date(Date.UTC(2026, 7, 1));
  const archive = await generateArchive({ datasets: 80, seed: 1, now });
  server = await startSampleArchive({ archive });
});
afterAll(() => server.close());

test('documents alone give the rows of the run that wrote them', async () => {
  const store = memoryStore();
  const rowsOf = async (stages: readonly Stage[]): Promise<readonly SummaryRow[]> => {
    const options = { publishAnyway: true };
    const { summary } = await runSample(server, { store, day: 0, stages, options });
    // A first measurement that failed has no document; an empty list of causes has none either.
    return (summary?.datasets ?? [])
      .map(asView)
      .filter(({ id }) => !unmeasured.has(id))
      .map((row) => ({ ...row, causes: row.causes ?? [] }));
  };
  const unmeasured = new Set<string>();
  const recorded = await rowsOf(STAGES);
  for (const { id, unverified } of recorded) if (unverified) unmeasured.add(id);
  store.records.clear();
  const derived = await rowsOf(['summarize']);
  expect(derived).toEqual(recorded.filter(({ id }) => !unmeasured.has(id)));
  expect(derived.filter(({ pending }) => pending)).not.toEqual([]);
  expect(derived.filter(({ notCompared }) => notCompared)).not.toEqual([]);
});
