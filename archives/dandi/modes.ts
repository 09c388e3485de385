// How thoroughly a run looks, in the words of the tool that writes the mirrors.

import type { Context } from './sources/index.ts';

/**
 * `timestamp`: what has changed, and a slice of the rest. `verify`: everything. `force`: everything,
 * and nothing that was kept counts.
 */
export const MODES = ['timestamp', 'verify', 'force'] as const;
export type Mode = (typeof MODES)[number];

export function modeOf({ options }: Pick<Context, 'options'>): Mode {
  return options.force ? 'force' : 'timestamp';
}
