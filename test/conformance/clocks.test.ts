// A clock that was ahead for one run freezes nothing (docs/checks.md#unverified): over real HTTP,
// into a real folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { gatherFacts } from '../../bin/cli/outcome.ts';
import { findFaults } from '../../bin/cli/validate-command.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { noTraffic } from '../../core/traffic.ts';
import { runSample } from '../support/sample-run.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'mirrorwatch-clocks-'));
});
afterEach(() => rm(out, { recursive: true }));

/** Runs of `runSample` are days of August 2026; the folder is told the date. */
const AT = Date.UTC(2026, 7, 1);
const DAY = 24 * 60 * 60 * 1000;

async function run(day: number, clock = day, force = false) {
  const server = await startSampleArchive({ archive: generateArchive({ datasets: 6, seed: 3 }) });
  const now = () => new Date(AT + clock * DAY);
  const store = await openFolderStore(out, { archive: openneuro, lock: true, now });
  try {
    const options = { checks: new Set<string>(), force };
    const result = await runSample(server, { store, day, options });
    const about = { runStart: startOf(day), out, durationSeconds: 1, traffic: noTraffic() };
    const facts = gatherFacts(CATALOGUE, result, { ...about, dryRun: null });
    const records = await Array.fromAsync(store.listRecords());
    return { result, facts, starts: new Set(records.map(({ runStart }) => runStart)) };
  } finally {
    await store.close();
    await server.close();
  }
}
const startOf = (day: number) => new Date(AT + day * DAY).toISOString();

test.each([false, true])(
  'what a run of the future wrote is replaced; forced: %j',
  async (force) => {
    expect((await run(40_000)).starts).toEqual(new Set([startOf(40_000)]));
    const lines: string[] = [];
    await findFaults(out, (line) => lines.push(line));
    expect(lines.filter((line) => line.includes('begins in the future')).length).toBeGreaterThan(5);

    const { result, facts, starts } = await run(1, 1, force);
    expect(result.outcome).toBe('published');
    expect(starts).toEqual(new Set([startOf(1)]));
    const notes = facts.stages.flatMap((stage) => stage.notes);
    expect(notes.filter((note) => note.includes('in the future'))).toHaveLength(1);
    lines.length = 0;
    await findFaults(out, (line) => lines.push(line));
    expect(lines).toEqual([]);
    const again = await run(2);
    const later = again.facts.stages.flatMap((stage) => stage.notes);
    expect(later.filter((note) => note.includes('in the future'))).toEqual([]);
  },
);

test('results that were discarded count as unverified', async () => {
  await run(2);
  // The same folder by a clock for which the next day is the present.
  const { result, facts } = await run(1, 2, true);
  expect(result.reports.find(({ stage }) => stage === 'check-github')?.failed[0]?.reason).toBe(
    'older',
  );
  expect(facts.unverified).toBe(result.summary?.datasets.length);
});
