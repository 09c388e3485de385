// OpenNeuro, as the monitor sees it.

import type { Archive } from '../../core/monitor/archive.ts';
import { SHOWN } from './catalogue.ts';
import { RULES_VERSION } from './rules-version.ts';

export const openneuro: Archive = { ...SHOWN, rules: RULES_VERSION };
