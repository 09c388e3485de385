// What is in the bucket of the generated archive beside its datasets: one prefix for every answer
// of the registry, and one that is not a dataset's.

import { annexedFile, objectOf, plainFile } from '../../../sample/files.ts';
import { objectList } from '../../../sample/objects.ts';
import type { SampleLeftover } from './archive.ts';
import { DESCRIPTION } from './bids.ts';

const MODIFIED = '2021-03-04T05:06:07.000Z';

/** Names that must never be shown: the data is no longer public. */
export const NOT_TO_BE_TOLD = 'sub-withdrawn';

function leftover(id: string, state: SampleLeftover['state']): SampleLeftover {
  const recording = `${NOT_TO_BE_TOLD}/anat/${NOT_TO_BE_TOLD}_T1w.nii.gz`;
  const files = [
    plainFile(DESCRIPTION, '{"Name": "Withdrawn"}\n'),
    annexedFile(recording, 9_000_000, `${id} leftover`),
  ];
  return {
    id,
    state,
    export: { objects: () => objectList(files.map((file) => objectOf(file, MODIFIED))) },
  };
}

/** Ids far from those of generated datasets. */
export const LEFTOVERS: readonly SampleLeftover[] = [
  leftover('ds999001', { kind: 'deleted', reason: 'Consent was withdrawn' }),
  leftover('ds999002', {
    kind: 'deleted',
    reason: 'Duplicate',
    redirect: '/datasets/ds900001',
  }),
  leftover('ds999003', { kind: 'private' }),
  leftover('ds999004', { kind: 'unknown' }),
  leftover('upload-tests', { kind: 'unknown' }),
];
