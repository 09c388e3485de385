// DANDI for the contract suite: healthy dandisets, and a few with a fault.

import { dandi } from '../../archives/dandi/index.ts';
import { KNOWN } from '../../archives/dandi/sample/faults.ts';
import { addHealthy, emptyWorld } from '../../archives/dandi/sample/healthy.ts';
import { startSample } from '../../archives/dandi/sample/server.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import type { World } from './world.ts';

async function open(): Promise<World> {
  const world = emptyWorld(new Date());
  addHealthy(world, '000101', { name: 'Ordinary <b>recordings</b>' });
  addHealthy(world, '000102', { zarr: 12 });
  addHealthy(world, '000103', { versions: 2 });
  addHealthy(world, '000104');
  const [private_, short, unmerged] = ['000102', '000103', '000104'].map((id) =>
    world.mirrors.get(id),
  );
  if (private_) private_.access = 'private';
  short?.files.delete('README');
  for (const tag of unmerged?.tags ?? []) tag.isMerged = false;
  const server = await startSample({ world });
  return {
    addresses: server.addresses,
    verdicts: {
      '000101': { mirror: 'ok', assets: 'ok', tags: 'ok', zarrs: 'ok', blobs: 'ok' },
      '000102': { mirror: 'error', assets: 'pending' },
      '000103': { mirror: 'ok', assets: 'error', versions: 'ok' },
      '000104': { tags: 'warning', assets: 'ok' },
    },
    ofArchive: { hidden: 'ok' },
    fail: (down) =>
      server.setFaults(down ? KNOWN.kinds.map((kind) => ({ kind, fault: '503', rate: 1 })) : []),
    heal: () => [],
    close: () => server.close(),
  };
}

export const dandiWorld = { name: 'dandi', archive: dandi as Archive, open };
