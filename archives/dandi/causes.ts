// Likely causes of the findings on a dandiset (rules/likely-causes.ts), most explanatory first.

import type { Cause } from '../../core/documents/catalogue.ts';

/** What the tool writes is public at once. */
const WRITES = { caution: null, changes: 2 } as const;
const NOTHING = { caution: null, changes: 0 } as const;

export const CAUSE_LIST = [
  {
    id: 'embargoed-public',
    label: 'Embargo not kept',
    says: 'The archive calls it embargoed, and another place does not.',
    caution: 'Not if the embargo was lifted: then the archive has to say so first.',
    changes: 3,
  },
  {
    id: 'taken-down',
    label: 'Mirror taken down',
    says: 'GitHub disabled the repository.',
    ...NOTHING,
  },
  {
    id: 'objects-kept-embargo',
    label: 'Objects kept the embargo',
    says: 'When the embargo was lifted, some objects kept the tag that closes them.',
    ...NOTHING,
  },
  {
    id: 'stopped-without-hash',
    label: 'Backup stops at an asset without hash',
    says: 'The archive never computed the hash of an asset, and the backup goes no further.',
    ...NOTHING,
  },
  {
    id: 'change-not-seen',
    label: 'Change not seen',
    says: 'The time of the draft did not change with its assets, so the backup skips it.',
    ...WRITES,
  },
  {
    id: 'late-content-equal',
    label: 'Late, content equal',
    says: 'Only the recorded time is old: the files of the mirror are those of the draft.',
    ...WRITES,
  },
  {
    id: 'backup-fails',
    label: 'Backup fails or was cut off',
    says: 'The backup of this dandiset did not come to its end.',
    ...WRITES,
  },
  {
    id: 'wrong-under-right-time',
    label: 'Wrong content under the right time',
    says: 'The mirror says that it is up to date, so the backup skips it, and its content is another one.',
    ...WRITES,
  },
  {
    id: 'versions-not-tagged',
    label: 'Versions not tagged as published',
    says: 'The tags of the mirror are not what was published.',
    ...WRITES,
  },
  {
    id: 'impossible-paths',
    label: 'Paths that no mirror can hold',
    says: 'The paths of some assets exclude each other, or are taken by the mirror.',
    ...NOTHING,
  },
  {
    id: 'zarr-not-backed-up',
    label: 'Zarr not backed up',
    says: 'The mirror of a zarr, or the link to it, is older than the zarr.',
    ...WRITES,
  },
  {
    id: 'zarr-not-ingested',
    label: 'Zarr not ingested',
    says: 'What the archive says of a zarr is not what its bucket holds.',
    ...NOTHING,
  },
  {
    id: 'objects-lost',
    label: 'Objects lost or replaced',
    says: 'Objects of the bucket are gone, or are not what the archive lists.',
    ...NOTHING,
  },
  {
    id: 'addresses-not-registered',
    label: 'Addresses not registered',
    says: 'The backup did not record where the content is now.',
    ...WRITES,
  },
  {
    id: 'manifests-not-written',
    label: 'Manifests not written',
    says: 'The task that writes them is cut off after three minutes, so those of large drafts stay old.',
    ...NOTHING,
  },
  {
    id: 'superdataset-not-committed',
    label: 'Superdataset not committed',
    says: 'The superdataset is only committed after a run in which no mirror fails.',
    ...NOTHING,
  },
  {
    id: 'doi-not-registered',
    label: 'DOI not registered',
    says: 'The DOI of the newest version was never registered, or not published.',
    ...NOTHING,
  },
  {
    id: 'record-not-updated',
    label: "GitHub's record not updated",
    says: 'The tool refreshes it only on change.',
    caution: null,
    changes: 1,
  },
] as const satisfies readonly Cause[];

export type CauseId = (typeof CAUSE_LIST)[number]['id'];
