// The archives that are monitored. A new one is a folder beside this file, and a line here.

import type { Archive } from '../core/monitor/archive.ts';
import { dandi } from './dandi/index.ts';
import { openneuro } from './openneuro/index.ts';

export const ARCHIVES: readonly Archive[] = [openneuro, dandi];
