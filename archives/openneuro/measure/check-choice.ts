// Which checks a run makes, by their names: the form in which configurations say it.

import type { StageOptions } from '../../../core/monitor/context.ts';
import { CHECKS, CONTENT_CHECKS } from '../vocabulary.ts';

/** What can be named; `leftovers` is of the archive. */
export const CHECK_NAMES = [...CHECKS, 'leftovers'] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** The checks of names are always made: stages, not checks, say when. */
export function chosenChecks(
  names: readonly CheckName[],
): Required<Pick<StageOptions, 'contentChecks' | 'leftovers'>> {
  return {
    contentChecks: new Set(CONTENT_CHECKS.filter((check) => names.includes(check))),
    leftovers: names.includes('leftovers'),
  };
}
