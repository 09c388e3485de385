import { defineCheck } from '../../../core/monitor/check.ts';

export const annexRecord = defineCheck({
  id: 'annexRecord',
  file: 'annex-record',
  title: 'What git-annex recorded of an export',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export record',
    asks: "What does the mirror's git-annex branch say of the export?",
    ok: 'git-annex recorded the latest snapshot as exported, with a version of every annexed file.',
  },
  findings: {
    'claimed-missing': {
      severity: 'error',
      onItsWay: true,
      label: 'Recorded, not there',
      says: 'git-annex recorded files as exported that the export does not hold.',
      mend: 'Restore these files as the likely cause says.',
    },
    'export-behind': {
      severity: 'version-mismatch',
      label: 'Older export recorded',
      says: 'According to git-annex, an older snapshot was exported last.',
      mend: 'Export the latest snapshot.',
    },
    'export-ahead': {
      severity: 'version-mismatch',
      label: 'Newer export recorded',
      says: 'What git-annex exported last is newer than the latest snapshot, or no snapshot.',
      mend: 'Make a snapshot of what was exported, or export the latest snapshot.',
    },
    'export-of-no-snapshot': {
      severity: 'warning',
      label: 'Export of no snapshot',
      says: 'What git-annex recorded as exported last is no snapshot, and no tag or branch of the mirror has it.',
      mend: 'Make a snapshot of what was exported, or export the latest snapshot again.',
    },
    'export-unknown': {
      severity: 'warning',
      label: 'Exported tag unknown',
      says: 'git-annex did not record which snapshot was exported last.',
      mend: 'Export the latest snapshot, and push the git-annex branch.',
    },
    'export-incomplete': {
      severity: 'warning',
      onItsWay: true,
      label: 'Export not finished',
      says: 'git-annex recorded the start of an export, but not its end.',
      mend: 'Export the snapshot again.',
    },
    'unversioned-keys': {
      severity: 'warning',
      onItsWay: true,
      label: 'Files without version',
      says: 'No S3 version is recorded for some annexed files, so a clone cannot get them.',
      mend: 'Export the snapshot again, so that versions are recorded.',
    },
    remotes: {
      severity: 'warning',
      label: 'Public remote unclear',
      says: 'There is not exactly one live remote named s3-PUBLIC that exports to this place.',
      mend: 'Mark remotes that no longer exist as dead, so that one remains.',
    },
  },
});
