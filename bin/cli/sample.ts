// The sample archive in this process. Loaded only when asked for: the generator is large, and a run
// over OpenNeuro needs none of it.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SampleArchive } from '../../archives/openneuro/sample/archive.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import { Problem } from '../problem.ts';

/** Enough that every rule has a dataset of its own, and a dozen healthy ones beside them. */
export const SAMPLE_DATASETS = 80;
const SAMPLE_SEED = 1;

export interface OpenSample {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The same in every process, as its addresses are not. */
  readonly names: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * @param from a recorded export tree to replay; null for the generated archive
 * @throws Problem when there is no such tree
 */
export async function openSample(from: string | null): Promise<OpenSample> {
  const { startSampleArchive } = await import('../../archives/openneuro/sample/server.ts');
  const archive = from === null ? await generate() : await replay(from);
  const server = await startSampleArchive({ archive });
  const identity = from === null ? `${SAMPLE_DATASETS}:${SAMPLE_SEED}` : resolve(from);
  const name = (place: string) => `sample:${identity}/${place}`;
  return {
    addresses: {
      registry: server.registryUrl,
      mirror: server.mirrorUrl,
      export: server.exportUrl,
    },
    names: { registry: name('registry'), mirror: name('mirror'), export: name('export') },
    close: () => server.close(),
  };
}

async function generate(): Promise<SampleArchive> {
  const { generateArchive } = await import('../../archives/openneuro/sample/generate.ts');
  return generateArchive({ datasets: SAMPLE_DATASETS, seed: SAMPLE_SEED, now: new Date() });
}

async function replay(from: string): Promise<SampleArchive> {
  if (!existsSync(join(from, REGISTRY_PATH))) {
    throw new Problem(
      `${from} is no recorded export tree: it has no ${REGISTRY_PATH} (is the archive unpacked?)`,
    );
  }
  const { replayArchive } = await import('../../archives/openneuro/sample/replay.ts');
  return replayArchive(from);
}
