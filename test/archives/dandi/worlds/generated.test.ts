// Invented dandisets with all names that the registry lets in, and one whose every text is hostile.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { generateWorld } from '../../../../archives/dandi/sample/generated.ts';
import { HOSTILE, hostileWorld, MARKUP } from '../../../../archives/dandi/sample/hostile.ts';
import { type SampleServer, startSample } from '../../../../archives/dandi/sample/server.ts';
import type { World } from '../../../../archives/dandi/sample/world.ts';
import { findingsOf, type OpenedStore, openStore, runDandi } from '../support/run.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
let server: SampleServer | undefined;
let opened: OpenedStore | undefined;
afterEach(async () => {
  await server?.close();
  await opened?.close();
});

async function runOver(world: World): Promise<OpenedStore> {
  server = await startSample({ world });
  opened = await openStore(() => NOW);
  const result = await runDandi(server, { store: opened.store, now: NOW });
  expect(result).toMatchObject({ outcome: 'published', errors: [] });
  return opened;
}

test('whatever files, versions, zarrs and names there are: what is right is ok', async () => {
  const world = generateWorld({ dandisets: 25, seed: 7, files: 2500 }, NOW);
  const found = await findingsOf(await runOver(world));
  expect(found.size).toBe(26);
  expect(Object.fromEntries([...found].filter(([, all]) => all.length > 0))).toEqual({});
});

test('hostile texts are texts, and only their faults are found', async () => {
  const store = await runOver(hostileWorld(NOW));
  const found = await findingsOf(store);
  expect(found.get(HOSTILE)).toEqual([
    'assets:files-extra',
    'assets:files-missing',
    'mirror:head-mismatch',
    'superdataset:super-wrong',
    'zarrs:zarr-differs',
    'zarrs:zarr-s3-differs',
  ]);
  expect(found.get('000667')).toEqual(['doi:doi-none']);
  const html = await readFile(join(store.folder, 'summary.html'), 'utf8');
  expect(html).toContain('&lt;img');
  expect(html).not.toContain(MARKUP);
  const assets = await store.document<{ missing: { examples: string[] } }>(
    `datasets/${HOSTILE}/assets.json`,
  );
  expect(assets.missing.examples).toEqual([`${MARKUP}.nwb`]);
});
