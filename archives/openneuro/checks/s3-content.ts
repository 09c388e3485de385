import { defineCheck } from '../../../core/monitor/check.ts';

export const s3Content = defineCheck({
  id: 's3Content',
  file: 's3-content',
  title: 'Sizes and hashes of an export',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export contents',
    asks: 'Are the files of the export what git says they are?',
    ok: 'No file that could be compared differs from git in its size or its content.',
  },
  coverage: true,
  numbers: {
    content: {
      column: 'comparedContent',
      csv: 'comparedContent',
      label: 'Content',
      says: 'compared by content',
    },
    size: {
      column: 'comparedSize',
      csv: 'comparedSize',
      label: 'Size only',
      says: 'compared by size',
    },
    none: {
      column: 'comparedNone',
      csv: 'comparedNone',
      label: 'Not compared',
      says: 'not compared',
    },
  },
  findings: {
    'size-mismatch': {
      severity: 'error',
      label: 'Sizes differ',
      says: 'Files of the export have a different size than git says.',
      mend: 'Restore these files as the likely cause says.',
    },
    'content-mismatch': {
      severity: 'error',
      label: 'Contents differ',
      says: 'Files of the export have the size that git says, but different bytes.',
      mend: 'Restore these files as the likely cause says.',
    },
  },
});
