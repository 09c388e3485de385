// OpenNeuro for the contract suite: its sample archive, and a few planned verdicts.

import { openneuro } from '../../archives/openneuro/index.ts';
import { KNOWN } from '../../archives/openneuro/sample/faults.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { addressesOf, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import type { World } from './world.ts';

/** The special datasets come first, then a few healthy ones. */
const DATASETS = 70;

async function open(): Promise<World> {
  const archive = generateArchive({ datasets: DATASETS, seed: 3, now: new Date() });
  const server = await startSampleArchive({ archive });
  const planned = [...archive.expectations].flatMap(([id, { registry, github }]) =>
    registry === 'listed' ? [[id, { github: github.status }] as const] : [],
  );
  return {
    addresses: addressesOf(server),
    verdicts: Object.fromEntries(planned),
    ofArchive: { leftovers: 'warning' },
    fail: (down) =>
      server.setFaults(down ? KNOWN.kinds.map((kind) => ({ kind, fault: '503', rate: 1 })) : []),
    heal: () => [],
    close: () => server.close(),
  };
}

export const openneuroWorld = { name: 'openneuro', archive: openneuro as Archive, open };
