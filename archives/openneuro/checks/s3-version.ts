import { defineCheck } from '../../../core/monitor/check.ts';

export const s3Version = defineCheck({
  id: 's3Version',
  file: 's3-version',
  title: 'The version that an export claims to be',
  of: 'names',
  stage: 'check-s3-version',
  words: {
    name: 'Export version',
    asks: 'Which version does the export say it is?',
    ok: 'The export says that it is the latest snapshot.',
  },
  column: { id: 'export', name: 'Export', label: 'Export' },
  version: { csv: 'exportVersion' },
  findings: {
    blocked: {
      severity: 'error',
      onItsWay: true,
      closed: true,
      brief: 'blocked',
      label: 'Export blocked',
      says: 'The export cannot be read (403), so neither its version nor its files are known.',
      mend: 'Unless it is closed on purpose, open the export to readers.',
    },
    'doi-mismatch': {
      severity: 'version-mismatch',
      label: 'DOI of another version',
      says: 'The DOI in the export names another version than the latest snapshot.',
      mend: 'Export the latest snapshot or correct the DOI; if the export is ahead, make a snapshot of it.',
    },
    'no-doi': {
      severity: 'warning',
      label: 'No DOI',
      says: 'The description in the export names no DOI of the archive; the latest snapshot is assumed.',
      mend: 'Add the DOI to the description with the next snapshot.',
    },
    'invalid-json': {
      severity: 'warning',
      label: 'Description unreadable',
      says: 'The description in the export is not valid JSON; the latest snapshot is assumed.',
      mend: 'Correct dataset_description.json with the next snapshot.',
    },
    'description-missing': {
      severity: 'warning',
      onItsWay: true,
      label: 'Description missing',
      says: 'The export has no dataset_description.json; the latest snapshot is assumed.',
      mend: 'Restore these files as the likely cause says.',
    },
    'description-archived': {
      severity: 'warning',
      label: 'Description archived',
      says: 'The description in the export is in an archived storage class; the latest snapshot is assumed.',
      mend: 'Restore the description, and move it to a storage class that can be read.',
    },
  },
});
