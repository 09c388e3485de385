// The stages of a whole run over OpenNeuro.

import { openneuro } from '../../archives/openneuro/index.ts';
import { stagesOf } from '../../core/monitor/archive.ts';
import type { RunRequest } from '../../core/monitor/run.ts';

export const STAGES = stagesOf(openneuro);

/** The request of a run over everything. */
export const WHOLE_RUN: RunRequest = {
  ...{ datasets: null, maxDatasets: null },
  ...{ stages: [...STAGES], archive: ['test'] },
};
