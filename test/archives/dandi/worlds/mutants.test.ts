// Dandisets with exactly one fault each: its check finds it, and nothing else is found.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dandi } from '../../../../archives/dandi/index.ts';
import { MUTANTS, mutantWorld, OWNER } from '../../../../archives/dandi/sample/mutants/index.ts';
import { type SampleServer, startSample } from '../../../../archives/dandi/sample/server.ts';
import { findingsOf, type OpenedStore, openStore, runDandi } from '../support/run.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
/** A commit must have been seen so long before the superdataset counts as old. */
const EARLIER = new Date(NOW.getTime() - 30 * 3_600_000);

const { world, expected } = mutantWorld(NOW);
let server: SampleServer;
let opened: OpenedStore;
let now = EARLIER;
let found: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  server = await startSample({ world });
  opened = await openStore(() => now);
  const stale = [...expected].flatMap(([id, one]) => (one?.endsWith('super-stale') ? id : []));
  const run = { store: opened.store, token: OWNER, githubToken: 'github' };
  await runDandi(server, { ...run, now, datasets: stale });
  now = NOW;
  const result = await runDandi(server, { ...run, now, options: { publishAnyway: true } });
  expect(result).toMatchObject({ outcome: 'published', errors: [] });
  found = await findingsOf(opened);
}, 120_000);
afterAll(async () => {
  await server.close();
  await opened.close();
});

describe('a dandiset with one fault', () => {
  test.each([...expected])('%s: %s', (id, one) => {
    const all = found.get(id) ?? [];
    expect(all.filter((finding) => finding.includes(':'))).toEqual(one?.includes(':') ? [one] : []);
    if (one?.includes('?')) expect(all).toContain(one);
    expect(all.filter((finding) => finding.includes('!'))).toEqual([]);
  });

  test('hidden dandisets are told by their ids alone', async () => {
    expect(found.get('dandi')).toEqual(['hidden:leak', 'hidden:super-access']);
    const { readable, closed } = await opened.document('hidden.json');
    expect({ readable, closed }).toEqual({ readable: ['000900'], closed: ['000901'] });
  });

  test('there is one for every finding of every check', () => {
    const all = dandi.checks.flatMap(({ id, findings }) =>
      Object.keys(findings).map((finding) => `${id}:${finding}`),
    );
    const made = new Set(MUTANTS.map((mutant) => mutant.expected));
    expect(all.filter((finding) => !made.has(finding))).toEqual([]);
  });
});
