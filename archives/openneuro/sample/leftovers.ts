// What lies in the bucket of the generated archive beside its datasets: one prefix for every answer
// that the registry can give, and one that is no dataset's.

import { annexedFile, objectOf, plainFile } from '../../../sample/files.ts';
import { objectList } from '../../../sample/objects.ts';
import type { SampleLeftover } from './archive.ts';
import { DESCRIPTION } from './bids.ts';

const MODIFIED = '2021-03-04T05:06:07.000Z';

/** Names that must never be told: the data is not public any more. */
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
