// What the kinds of changes are called.

import { counted } from '../../core/documents/format.ts';
import { CHANGE_KINDS, type ChangeKind } from '../../core/history/classify.ts';
import { ENTRY } from '../shared/catalogue.ts';

export const KIND_WORDS: Readonly<Record<ChangeKind, string>> = {
  'new-fault': 'New faults',
  mended: 'Mended',
  worse: 'Worse',
  better: 'Better',
  changed: 'Other finding',
  snapshot: 'New snapshots',
  listed: `New ${ENTRY}s`,
  returned: 'Returned',
  withdrawn: 'Withdrawn',
};

const COUNTED: Readonly<Record<ChangeKind, (count: number) => string>> = {
  'new-fault': (count) => counted(count, 'new fault'),
  mended: (count) => `${count} mended`,
  worse: (count) => `${count} worse`,
  better: (count) => `${count} better`,
  changed: (count) => `${count} with another finding`,
  snapshot: (count) => counted(count, 'new snapshot'),
  listed: (count) => counted(count, `new ${ENTRY}`),
  returned: (count) => `${count} returned`,
  withdrawn: (count) => `${count} withdrawn`,
};

/** `2 new faults, 1 mended`; empty if nothing changed. */
export const inWords = (counts: ReadonlyMap<ChangeKind, number>): string =>
  CHANGE_KINDS.flatMap((kind) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [COUNTED[kind](count)];
  }).join(', ');
