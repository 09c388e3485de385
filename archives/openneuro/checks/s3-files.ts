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
  column: { id: 'files', name: 'Files differing', label: 'Differ' },
  numbers: {
    added: {
      column: 'added',
      csv: 'filesMissing',
      label: 'Missing',
      says: 'missing in the export',
      sign: '+',
      ofFaults: true,
    },
    removed: {
      column: 'removed',
      csv: 'filesOrphaned',
      label: 'Orphaned',
      says: 'orphaned in the export',
      sign: '\u2212',
      ofFaults: true,
    },
  },
  findings: {
    'export-missing': {
      severity: 'error',
      onItsWay: true,
      brief: 'no export',
      label: 'Export missing',
      says: 'The export holds no file of this dataset.',
      mend: 'Export the latest snapshot.',
    },
    'files-missing': {
      severity: 'error',
      onItsWay: true,
      counted: true,
      label: 'Files missing',
      says: 'Files of this version are not in the export.',
      mend: 'Restore these files as the likely cause says.',
    },
    'files-orphaned': {
      severity: 'error',
      counted: true,
      label: 'Files orphaned',
      says: 'The export holds files that are not in this version.',
      mend: 'Unless they are kept on purpose, remove the orphaned files from the export.',
    },
  },
  waits: {
    'tag-not-on-mirror': {
      brief: 'waits for tag',
      label: 'Waits for the tag',
      says: 'The files cannot be compared until the tag of this version is on the mirror.',
      mend: 'Push the tag; the next run compares the files.',
    },
    'mirror-absent': {
      onItsWay: true,
      brief: 'waits for mirror',
      label: 'Waits for the mirror',
      says: 'The files cannot be compared while no mirror can be read.',
      mend: 'Fix the mirror; the next run compares the files.',
    },
    'commit-not-on-mirror': {
      brief: 'waits for commit',
      label: 'Waits for the commit',
      says: "The mirror does not have the commit that the registry names for this version, and the export differs from the tag's.",
      mend: "Push the registry's commit to the tag; the next run compares the files.",
    },
  },
});
