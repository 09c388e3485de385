// A sample archive whose first dataset is deleted from the registry and comes back. Its copy stays in
// the bucket.

import type { SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';

export function archiveWithWithdrawal(options: Parameters<typeof generateArchive>[0]) {
  const { leftovers = [], ...generated } = generateArchive(options);
  const [gone, ...others] = generated.datasets as [SampleDataset, ...SampleDataset[]];
  const { id } = gone;
  const deleted = {
    ...{ id, export: gone.export },
    state: { kind: 'deleted', reason: 'Consent was withdrawn' },
  } as const;
  const archive = { ...generated, leftovers, datasets: [gone, ...others] };
  return {
    archive,
    /** The dataset that is deleted. */
    id,
    withdraw: () =>
      Object.assign(archive, { datasets: others, leftovers: [...leftovers, deleted] }),
    restore: () => Object.assign(archive, { datasets: [gone, ...others], leftovers }),
  };
}
