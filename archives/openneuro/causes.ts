// Likely causes of OpenNeuro's findings (docs/checks.md#causes), most explanatory first.

import type { Cause } from '../../core/documents/catalogue.ts';

export const CAUSE_LIST = [
  {
    id: 'repository-never-pushed',
    label: 'Repository never pushed',
    says: 'The repository never reached GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 2,
  },
  {
    id: 'blob-too-big',
    label: 'File too big for GitHub',
    says: 'GitHub refuses files over 100 MiB, so the push of the latest snapshot failed.',
    caution: null,
    changes: 0,
  },
  {
    id: 'snapshot-not-pushed',
    label: 'Snapshot not pushed',
    says: 'Not all snapshots are on GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 1,
  },
  {
    id: 'string-sorted-export',
    label: 'Versions sorted as text',
    says: 'What was exported or pushed last is the latest only when sorted as text, 1.0.9 after 1.0.13.',
    caution:
      'Not if the older version is shown on purpose: its public files are replaced with those of the latest snapshot.',
    changes: 2,
  },
  {
    id: 'default-branch-stale',
    label: 'Wrong default branch',
    says: 'GitHub shows another branch than that of the latest snapshot.',
    caution: 'Not if that branch was chosen on purpose: new clones get the other one.',
    changes: 1,
  },
  {
    id: 'branch-not-pushed',
    label: 'Branch not pushed',
    says: 'The default branch is at an older snapshot.',
    caution: 'Not if that branch was chosen on purpose: new clones get the other one.',
    changes: 1,
  },
  {
    id: 'export-never-ran',
    label: 'Export never ran',
    says: 'Nothing was exported.',
    caution: 'Not if the dataset is kept out of the bucket on purpose: its files become public.',
    changes: 2,
  },
  {
    id: 'export-cut-short',
    label: 'Export cut short',
    says: 'An export was started, but files were never uploaded.',
    caution: 'Not if files were removed on purpose: they come back.',
    changes: 2,
  },
  {
    id: 'export-not-renewed',
    label: 'Latest snapshot not exported',
    says: 'The export is an older snapshot.',
    caution:
      'Not if the older version is shown on purpose: its public files are replaced with those of the latest snapshot.',
    changes: 2,
  },
  {
    id: 'objects-changed',
    label: 'Objects changed after the export',
    says: 'Exported files were lost or changed since. Exporting again does nothing.',
    caution: 'Not if files were removed on purpose: they come back.',
    changes: 2,
  },
  {
    id: 'files-left-behind',
    label: 'Files left behind',
    says: 'git-annex does not know these files, so it never removes them.',
    caution: 'Not if they are there on purpose: they are removed.',
    changes: 2,
  },
  {
    id: 'still-private',
    label: 'Still private in S3',
    says: 'The dataset is public, but its objects cannot be read.',
    caution:
      'Not if the export is closed on purpose: anybody can then read it, and what was read cannot be taken back.',
    changes: 3,
  },
  {
    id: 'annex-branch-not-pushed',
    label: 'git-annex branch not pushed',
    says: 'The git-annex branch is not on GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 1,
  },
  {
    id: 'ahead-of-registry',
    label: 'Copies ahead of the registry',
    says: 'The mirror and the export hold a version that is no snapshot.',
    caution: null,
    changes: 0,
  },
  {
    id: 'tag-moved',
    label: 'Tag moved on the mirror',
    says: 'A tag on the mirror is at another commit than the snapshot that it names.',
    caution:
      "Not if the tag was moved on purpose: it is put back to the registry's commit, and clones get that.",
    changes: 2,
  },
  {
    id: 'no-known-cause',
    label: 'No known cause',
    says: 'Nothing explains this yet.',
    caution: null,
    changes: 0,
    unexplained: true,
  },
] as const satisfies readonly Cause[];
