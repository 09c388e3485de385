// One dataset for every row of every table in checks.md. Their order is their order in the archive:
// a small archive has the first of them.

import { BASICS } from './basics.ts';
import type { Special } from './changes.ts';
import { ACCESS, CONTENTS } from './contents.ts';
import { LATEST } from './latest.ts';
import { RECORDS } from './records.ts';
import { REFUSALS } from './refusals.ts';
import { TRAPS } from './traps.ts';
import { AHEAD, BEHIND, BRANCHES, ELSEWHERE, movedTag, NEW } from './versions.ts';

/** @param revision 0, or a later state of the same archive: only the moved tag differs. */
export function specials(revision: number): readonly Special[] {
  return [
    ...BASICS,
    ...TRAPS,
    ...CONTENTS,
    ...ACCESS,
    ...RECORDS,
    ...BRANCHES,
    ...REFUSALS,
    ...NEW,
    AHEAD,
    BEHIND,
    ...ELSEWHERE,
    movedTag(revision),
    ...LATEST,
  ];
}
