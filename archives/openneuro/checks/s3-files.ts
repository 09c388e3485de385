import { defineCheck } from '../../../core/monitor/check.ts';

export const s3Files = defineCheck({
  id: 's3Files',
  file: 's3-diff',
  manifest: 's3-files',
  title: 'An export compared with its tag',
  of: 'names',
  stage: 'check-s3-files',
  words: {
    name: 'Export files',
    asks: 'Does the export hold the files of its version?',
    ok: 'The export holds every file of its version, and nothing else.',
  },
  findings: {
    'export-missing': {
      severity: 'error',
      onItsWay: true,
      label: 'Export missing',
      says: 'The export holds no file of this dataset.',
      mend: 'Export the latest snapshot.',
    },
    'files-missing': {
      severity: 'error',
      onItsWay: true,
      label: 'Files missing',
      says: 'Files of this version are not in the export.',
      mend: 'Restore these files as the likely cause says.',
    },
    'files-orphaned': {
      severity: 'error',
      label: 'Files orphaned',
      says: 'The export holds files that are not in this version.',
      mend: 'Unless they are kept on purpose, remove the orphaned files from the export.',
    },
  },
  isOfComparisons: true,
  reasons: {
    'tag-not-on-mirror': {},
    'mirror-absent': { onItsWay: true },
    blocked: { severity: 'error', onItsWay: true },
    'commit-not-on-mirror': {},
  },
  waits: {
    'tag-not-on-mirror': {
      label: 'Waits for the tag',
      says: 'The files cannot be compared until the tag of this version is on the mirror.',
      mend: 'Push the tag; the next run compares the files.',
    },
    'mirror-absent': {
      label: 'Waits for the mirror',
      says: 'The files cannot be compared while no mirror can be read.',
      mend: 'Fix the mirror; the next run compares the files.',
    },
    'commit-not-on-mirror': {
      label: 'Waits for the commit',
      says: "The mirror does not have the commit that the registry names for this version, and the export differs from the tag's.",
      mend: "Push the registry's commit to the tag; the next run compares the files.",
    },
  },
});
