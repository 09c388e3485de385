// The sample archive in this process.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REGISTRY_PATH } from '../../../core/documents/paths.ts';
import type { OpenSample } from '../../../core/monitor/archive.ts';
import { Problem } from '../../../core/problem.ts';
import type { SampleArchive } from './archive.ts';

/** Enough for a dataset of its own for every rule, and a dozen healthy ones. */
export const SAMPLE_DATASETS = 80;
const SAMPLE_SEED = 1;

/**
 * @param from a recorded export tree to replay; null for the generated archive
 * @throws Problem when there is no such tree
 */
export async function openSample(from: string | null): Promise<OpenSample> {
  const { addressesOf, startSampleArchive } = await import('./server.ts');
  const archive = from === null ? await generate() : await replay(from);
  const server = await startSampleArchive({ archive });
  const identity = from === null ? `${SAMPLE_DATASETS}:${SAMPLE_SEED}` : resolve(from);
  const name = (place: string) => `sample:${identity}/${place}`;
  return {
    addresses: addressesOf(server),
    names: Object.fromEntries(
      ['registry', 'mirror', 'export', 'doi'].map((place) => [place, name(place)]),
    ),
    close: () => server.close(),
  };
}

async function generate(): Promise<SampleArchive> {
  const { generateArchive } = await import('./generate.ts');
  return generateArchive({ datasets: SAMPLE_DATASETS, seed: SAMPLE_SEED, now: new Date() });
}

async function replay(from: string): Promise<SampleArchive> {
  if (!existsSync(join(from, REGISTRY_PATH))) {
    throw new Problem(
      `${from} is no recorded export tree: it has no ${REGISTRY_PATH} (is the archive unpacked?)`,
    );
  }
  const { replayArchive } = await import('./replay.ts');
  return replayArchive(from);
}
