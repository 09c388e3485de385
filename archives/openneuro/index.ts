// OpenNeuro, as the monitor sees it.

import type { Archive } from '../../core/monitor/archive.ts';
import { CHECK_LIST } from './checks/index.ts';
import { RULES_VERSION } from './rules-version.ts';

export const openneuro: Archive = {
  id: 'openneuro',
  words: { title: 'OpenNeuro', entry: 'dataset' },
  checks: CHECK_LIST,
  rules: RULES_VERSION,
};
