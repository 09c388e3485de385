// How thoroughly a run looks, in the words of the tool that writes the mirrors.

import type { ArchiveChoice } from '../../core/monitor/archive.ts';
import type { Context } from './sources/index.ts';

/**
 * `timestamp`: what has changed, and a slice of the rest. `verify`: everything. `force`: everything,
 * and nothing that was kept counts.
 */
const MODES = ['timestamp', 'verify', 'force'] as const;
type Mode = (typeof MODES)[number];

/**
 * `checksum`: checksums of registry, mirror and files, of zarrs that changed or whose day it is.
 * `timestamp`: of the same ones also what the bucket holds. `asset-checksum`: only of zarrs whose
 * asset changed. `force`: of all zarrs everything.
 */
const ZARR_MODES = ['checksum', 'timestamp', 'asset-checksum', 'force'] as const;
export type ZarrMode = (typeof ZARR_MODES)[number];

export const CHOICES = {
  mode: { what: 'which dandisets to compare', values: MODES },
  'zarr-mode': { what: 'how to compare zarrs', values: ZARR_MODES },
} as const satisfies Readonly<Record<string, ArchiveChoice>>;

type Chosen = Pick<Context, 'options'>;

export const modeOf = ({ options }: Chosen): Mode =>
  options.force ? 'force' : ((options.choices?.mode as Mode | undefined) ?? MODES[0]);

/** Nothing that was kept counts. */
export const isForced = (context: Chosen): boolean => modeOf(context) === 'force';

export const zarrModeOf = (context: Chosen): ZarrMode =>
  isForced(context)
    ? 'force'
    : ((context.options.choices?.['zarr-mode'] as ZarrMode | undefined) ?? ZARR_MODES[0]);
