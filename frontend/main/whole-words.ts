// What the archives say about their checks of the archive as a whole. Separate from the catalogue, so
// that only the fold loads it: lib/website/site.ts leaves it out there and puts it here.

import { ARCHIVES } from '../../archives/index.ts';
import type { CheckDefinition } from '../../core/monitor/check.ts';

export type WholeCheck = Pick<CheckDefinition, 'id' | 'words' | 'findings'>;

/** By archive. */
export const WHOLE_CHECKS: Readonly<Record<string, readonly WholeCheck[]>> = Object.fromEntries(
  ARCHIVES.map(({ id, wholeChecks = [] }) => [id, wholeChecks]),
);
