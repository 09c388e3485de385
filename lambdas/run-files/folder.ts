// The folder of a run in the bucket. It expires with the prefix `runs/`.

import type { Run } from '../contract.ts';
import type { RunStore } from '../run-store.ts';

/** Colons are awkward in keys and consoles. */
export const runFolder = ({ runsPrefix }: RunStore, run: Run): string =>
  `${runsPrefix}${run.start.replaceAll(':', '-')}`;

/** Read or written at once in one function. */
export const FILES_AT_ONCE = 8;
/** A function that runs out of time says so itself. */
export const NO_ABORT = new AbortController().signal;
