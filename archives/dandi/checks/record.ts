// Does the mirror's own record list the same assets as the registry? (C7)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { DRAFT_REASONS } from './assets.ts';
import { commit, count, error, some, text } from './shapes.ts';

const AGAIN = 'Run the backup with --mode force for this dandiset.';
const FINDINGS = {
  'record-corrupt': error(
    'Record cannot be read',
    'The record of assets in the mirror is no list of assets.',
    'Delete .dandi/assets.json, and run the backup with --mode force.',
  ),
  'record-missing': error(
    'Assets not recorded',
    "Assets of the draft are not in the mirror's record.",
    AGAIN,
  ),
  'record-extra': error(
    'Assets recorded too many',
    "The mirror's record has assets that the draft does not have.",
    AGAIN,
  ),
  'record-changed': error(
    'Assets recorded otherwise',
    "The mirror's record has another id, time, size or hash of an asset.",
    AGAIN,
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  commit: commit.nullable(),
  /** The mirror holds an older draft, and the present one is not six hours old. */
  isOnItsWay: z.boolean(),
  /** `entries` could be compared; the others could not. */
  shape: z.enum(['entries', 'paths-only', 'absent', 'too-large', 'corrupt']),
  /** What is wrong with a corrupt one. */
  why: text.nullable(),
  entries: count,
  missing: some,
  extra: some,
  changed: some,
  /** Assets that the tool may not have reached: it stops at the first one without a hash. */
  behindUnhashed: some,
});
export type RecordEvidence = z.infer<typeof evidence>;

function judge(seen: RecordEvidence): readonly Name[] {
  const { shape, isOnItsWay, missing, extra, changed } = seen;
  if (shape === 'corrupt' || shape === 'paths-only') return ['record-corrupt'];
  if (isOnItsWay) return [];
  return [
    ...(missing.count > 0 ? (['record-missing'] as const) : []),
    ...(extra.count > 0 ? (['record-extra'] as const) : []),
    ...(changed.count > 0 ? (['record-changed'] as const) : []),
  ];
}

export const record = defineCheck({
  id: 'record',
  file: 'record',
  title: "A mirror's record of assets, compared with the registry",
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Record',
    asks: "Does the mirror's own record list the same assets as the registry?",
    ok: "The mirror's record lists the same assets.",
  },
  findings: FINDINGS,
  reasons: { ...DRAFT_REASONS, 'behind-unhashed': {}, 'record-unreadable': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as RecordEvidence),
  reasonOf(seen: object) {
    const { shape, isOnItsWay, missing, extra, changed, behindUnhashed } = seen as RecordEvidence;
    if (shape !== 'entries') return 'record-unreadable';
    if (isOnItsWay && missing.count + extra.count + changed.count > 0) return 'lag';
    return behindUnhashed.count > 0 ? 'behind-unhashed' : null;
  },
});
