// The stages of a whole run over OpenNeuro.

import { openneuro } from '../../archives/openneuro/index.ts';
import { stagesOf } from '../../core/monitor/archive.ts';

export const STAGES = stagesOf(openneuro);
