// A rule is corrected between two runs over one unchanged archive: the second run finds what a new
// tree finds, and reports none of it as news (docs/checks.md#documents). Every release is loaded
// separately, with its own rules, and queries real servers.

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { STATUS_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import type { runSample as RunSample } from '../support/sample-run.ts';

const module = (path: string) => `../../${path}.ts`;

/** Rules as they might have been: what they read is kept in documents, records and kept trees. */
const WRONG_RULES = {
  /** No DOI is found. */
  'archives/openneuro/doi': (original: Record<string, unknown>) => ({
    ...original,
    readDescription: () => ({ kind: 'no-doi', doi: null }),
  }),
  /** An annexed file is taken for a plain one. */
  'core/protocols/git/content': (original: Record<string, unknown>) => ({
    ...original,
    contentOf: (mode: number, blob: Buffer | undefined) => {
      const content = (original.contentOf as (...of: unknown[]) => { kind: string })(mode, blob);
      return content.kind === 'annexed' ? { kind: 'plain', size: 1, md5: '0'.repeat(32) } : content;
    },
  }),
  /** The log of exports is not understood. */
  'archives/openneuro/annex/export-log': (original: Record<string, unknown>) => ({
    ...original,
    parseExportLog: () => new Map(),
  }),
};

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 12, seed: 11 }) });
});
afterAll(() => server.close());
afterEach(() => {
  vi.doUnmock(module('archives/openneuro/rules-version'));
  for (const name of Object.keys(WRONG_RULES)) vi.doUnmock(module(name));
  vi.resetModules();
});

/** A run of the release, with its own modules. */
async function release(rulesVersion: number, rules: 'wrong' | 'right'): Promise<typeof RunSample> {
  vi.resetModules();
  vi.doMock(module('archives/openneuro/rules-version'), () => ({ RULES_VERSION: rulesVersion }));
  for (const [name, change] of Object.entries(WRONG_RULES)) {
    if (rules === 'right') vi.doUnmock(module(name));
    else vi.doMock(module(name), async (original) => change((await original()) as never));
  }
  return (await import('../support/sample-run.ts')).runSample;
}

/** Verdicts, without their times and rule versions. */
const verdicts = (store: MemoryStore) =>
  store
    .document<{ datasets: SummaryRow[] }>(SUMMARY_PATH)
    .datasets.map(({ id, status, checks, issueSubtypes, causes }) => {
      return { id, status, checks, issueSubtypes, causes };
    });

async function twoReleases(secondVersion: number, force: boolean) {
  const store = memoryStore();
  const first = await release(1, 'wrong');
  await first(server, { store, day: 0 });
  const before = verdicts(store);
  const second = await release(secondVersion, 'right');
  const { outcome } = await second(server, { store, day: 1, options: { force } });
  const fresh = memoryStore();
  await second(server, { store: fresh, day: 1 });
  return { store, outcome, before, after: verdicts(store), wanted: verdicts(fresh) };
}

test.each([false, true])(
  'a corrected rule reaches every unchanged dataset, as in a new tree, and is no news (force: %s)',
  async (force) => {
    const { store, outcome, before, after, wanted } = await twoReleases(2, force);
    expect(before).not.toEqual(wanted);
    expect(after).toEqual(wanted);
    // More than the 2 % of new faults that would hold a run.
    expect(outcome).toBe('published');
    expect(store.document(STATUS_PATH)).toMatchObject({ lastRun: { rulesChanged: after.length } });
  },
);

test('old readings stay without a new number, unless --force is given', async () => {
  const { after, wanted } = await twoReleases(1, false);
  expect(after).not.toEqual(wanted);
  const forced = await twoReleases(1, true);
  expect(forced.after).toEqual(forced.wanted);
});
