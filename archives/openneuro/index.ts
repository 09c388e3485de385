// OpenNeuro, as the monitor sees it.

import type { Archive } from '../../core/monitor/archive.ts';
import { rowAgrees, wholeAgrees } from './agreement.ts';
import { CHECK_LIST } from './checks/index.ts';
import { CHECK_TYPES, DOCUMENT_TYPES } from './document-types.ts';
import { entryOf } from './entry.ts';
import { migrate } from './legacy/migrations.ts';
import { RULES_VERSION } from './rules-version.ts';

export const openneuro: Archive = {
  id: 'openneuro',
  words: { title: 'OpenNeuro', entry: 'dataset' },
  checks: CHECK_LIST,
  documents: {
    types: { ...CHECK_TYPES, ...DOCUMENT_TYPES },
    upgrade: migrate,
    entryOf,
    rowAgrees,
    wholeAgrees,
  },
  rules: RULES_VERSION,
};
