// The invented archives, by the id of the archive that each stands for. For the command line alone: functions are bundled
// without them. Each is loaded when it is asked for; the generators are large.

import type { OpenSample } from '../core/monitor/archive.ts';

/** @param from a recorded tree to replay; null for the generated archive */
type Open = (from: string | null) => Promise<OpenSample>;

export const SAMPLES: Readonly<Record<string, Open>> = {
  openneuro: async (from) => (await import('./openneuro/sample/open.ts')).openSample(from),
  dandi: async () => (await import('./dandi/sample/open.ts')).openSample(),
};
