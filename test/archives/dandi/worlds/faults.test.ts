// Sources that fail or lie: whatever they do, no verdict changes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultName, SampleKind } from '../../../../archives/dandi/sample/faults.ts';
import { addHealthy, emptyWorld } from '../../../../archives/dandi/sample/healthy.ts';
import { type SampleServer, startSample } from '../../../../archives/dandi/sample/server.ts';
import { findingsOf, type OpenedStore, openStore, runDandi } from '../support/run.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const DAY = 86_400_000;
let now = NOW;
let server: SampleServer;
let opened: OpenedStore;
let before: ReadonlyMap<string, readonly string[]>;

/** Without failed attempts, which are no verdicts. */
const verdicts = (found: ReadonlyMap<string, readonly string[]>) =>
  Object.fromEntries([...found].map(([id, all]) => [id, all.filter((one) => !one.includes('!'))]));

beforeAll(async () => {
  const world = emptyWorld(NOW);
  for (let at = 0; at < 6; at++) {
    addHealthy(world, `00020${at}`, { versions: at % 3, ...(at === 4 && { zarr: 30 }) });
  }
  // What is wrong must stay wrong as well.
  world.mirrors.get('000203')?.files.delete('README');
  const [tag] = world.mirrors.get('000202')?.tags ?? [];
  if (tag) tag.isAnnotated = false;
  server = await startSample({ world });
  opened = await openStore(() => now);
  await runDandi(server, { store: opened.store, now });
  before = await findingsOf(opened);
});
afterAll(async () => {
  await server.close();
  await opened.close();
});

/** A run over everything, a day later, in which nothing that was kept counts. */
async function runWith(faults: readonly (readonly [SampleKind, FaultName])[]) {
  now = new Date(now.getTime() + DAY);
  server.setFaults(faults.map(([kind, fault]) => ({ kind, fault, rate: 1 })));
  const force = { force: true };
  const result = await runDandi(server, { store: opened.store, now, options: force, tries: 1 });
  server.setFaults([]);
  return result;
}

test('what is wrong without any fault', () => {
  expect(verdicts(before)).toMatchObject({
    '000202': ['tags:tag-lightweight'],
    '000203': ['assets:files-missing'],
    '000205': [],
  });
});

describe('no verdict changes', () => {
  test.each<readonly (readonly [SampleKind, FaultName])[]>([
    [['assets', 'row-doubled']],
    [['assets', 'row-dropped']],
    [['assets', 'wrong-count']],
    [['assets', '500']],
    [['assets', 'cut']],
    [['assets', '429-bare']],
    [['dandiset', 'draft-changed']],
    [['dandiset', '401-json']],
    [['metadata', 'garbage']],
    [['metadata', '401-json']],
    [['versions', 'row-dropped']],
    [['versions', 'row-doubled']],
    [['registry', '500']],
    [['registry', 'html']],
    [['registry', 'shrunk']],
    [['refs', 'cut-refs']],
    [['refs', '500']],
    [['refs', 'html']],
    [['tree', 'cut']],
    [['tree', 'garbage']],
    [['super-refs', '401-github']],
    [['super-tree', 'cut']],
    [['zarr-refs', '500']],
    [['zarr-tree', 'cut']],
    [['listing', '503']],
    [['listing', 'cut']],
    [['head', '503']],
    [['head', '403-html']],
    [['head', '404-text']],
    [['manifest', 'cut']],
    [['doi', '500']],
    [['doi', '404-html']],
  ])('with %j', async (...faults) => {
    await runWith(faults);
    expect(verdicts(await findingsOf(opened))).toEqual(verdicts(before));
  });

  test('when GitHub says of all mirrors that they are not there, nothing is published', async () => {
    const published = await opened.document('all-datasets.json');
    const result = await runWith([['refs', '401-github']]);
    expect(result.outcome).toBe('held');
    expect(await opened.document('all-datasets.json')).toEqual(published);
    // The next run sees them again.
    expect((await runWith([])).outcome).toBe('published');
    expect(verdicts(await findingsOf(opened))).toEqual(verdicts(before));
  });
});
