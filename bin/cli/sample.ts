// The sample archive in this process. Loaded only when asked for: the generator is large, and a run
// over OpenNeuro needs none of it.

/** Enough that every rule has a dataset of its own, and a dozen healthy ones beside them. */
export const SAMPLE_DATASETS = 60;
const SAMPLE_SEED = 1;

export interface OpenSample {
  readonly registry: string;
  readonly mirror: string;
  readonly export: string;
  /** The same in every process, as its addresses are not. */
  readonly names: { readonly registry: string; readonly mirror: string; readonly export: string };
  close(): Promise<void>;
}

export async function openSample(): Promise<OpenSample> {
  const { generateArchive } = await import('../../sample/generate.ts');
  const { startSampleArchive } = await import('../../sample/server.ts');
  const archive = await generateArchive({ datasets: SAMPLE_DATASETS, seed: SAMPLE_SEED });
  const server = await startSampleArchive({ archive });
  const name = (place: string) => `sample:${SAMPLE_DATASETS}:${SAMPLE_SEED}/${place}`;
  return {
    registry: server.registryUrl,
    mirror: server.mirrorUrl,
    export: server.exportUrl,
    names: { registry: name('registry'), mirror: name('mirror'), export: name('export') },
    close: () => server.close(),
  };
}
