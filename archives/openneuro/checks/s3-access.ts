import { defineCheck } from '../../../core/monitor/check.ts';

export const s3Access = defineCheck({
  id: 's3Access',
  file: 's3-access',
  title: 'Keys of an export, asked for without credentials',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export access',
    asks: 'Can anybody read what the export lists?',
    ok: 'Every object that was asked for can be read by anybody.',
  },
  findings: {
    private: {
      severity: 'error',
      onItsWay: true,
      label: 'Export private',
      says: 'The export lists its files, but none of those asked for can be read (403).',
      mend: 'Unless they are closed on purpose, open the objects to readers.',
    },
    'partly-private': {
      severity: 'error',
      onItsWay: true,
      label: 'Partly private',
      says: 'Some objects of the export cannot be read (403), while others can.',
      mend: 'Unless they are closed on purpose, open these objects to readers.',
    },
    archived: {
      severity: 'error',
      label: 'Objects archived',
      says: 'Objects of the export are in an archived storage class, so nobody can read them.',
      mend: 'Restore these objects, and move them to a storage class that can be read.',
    },
    'listed-not-readable': {
      severity: 'warning',
      label: 'Listed, not there',
      says: 'Objects that the export lists are not there when they are asked for (404).',
      mend: 'Restore these files as the likely cause says.',
    },
  },
});
