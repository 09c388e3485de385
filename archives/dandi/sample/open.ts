// The made-up archive in this process: healthy dandisets, and one for each fault.

import type { OpenSample } from '../../../core/monitor/archive.ts';
import { addHealthy } from './healthy.ts';
import { mutantWorld } from './mutants/index.ts';
import { startSample } from './server.ts';

/** Beside those with a fault. */
const HEALTHY = 30;
const NAMES = [
  'Recordings of hippocampal place cells',
  'Two-photon imaging of the visual cortex',
  'Patch clamp of human neurons',
  'Light sheet microscopy of a whole brain',
  'Reaching movements with Utah arrays',
];

export async function openSample(): Promise<OpenSample> {
  const { world } = mutantWorld(new Date());
  for (let at = 0; at < HEALTHY; at++) {
    const id = String(300 + at * 7).padStart(6, '0');
    const name = `${NAMES[at % NAMES.length]}, part ${1 + Math.floor(at / NAMES.length)}`;
    addHealthy(world, id, {
      name,
      files: (at * 5) % 17,
      versions: at % 4,
      ...(at % 6 === 5 && { zarr: 40 + at }),
    });
  }
  const server = await startSample({ world });
  return {
    addresses: server.addresses,
    names: Object.fromEntries(
      Object.keys(server.addresses).map((place) => [place, `sample:${HEALTHY}:1/${place}`]),
    ),
    close: () => server.close(),
  };
}
