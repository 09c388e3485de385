// OpenNeuro, as the monitor sees it.

import type { Archive } from '../../core/monitor/archive.ts';
import { SHOWN } from './catalogue.ts';
import { LEGACY_LAYOUT } from './legacy/summary.ts';
import { page } from './page.ts';
import { RULES_VERSION } from './rules-version.ts';

export const openneuro: Archive = {
  ...SHOWN,
  ...page,
  summary: LEGACY_LAYOUT,
  rules: RULES_VERSION,
};
