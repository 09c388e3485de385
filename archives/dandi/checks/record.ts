// Does the mirror's own record list the same assets as the registry? (C7)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { DRAFT_REASONS } from './assets.ts';
import { commit, count, error, some, text } from './shapes.ts';

const AGAIN = 'Run the backup in the mode `force` for this dandiset.';
const FINDINGS = {
  'record-corrupt': error(
    'Record cannot be read',
    'The record of assets in the mirror is no list of assets.',
    'Delete `.dandi/assets.json`, and run the backup in the mode `force`.',
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
  /** `entries` could be compared; the others could not. */
  shape: z.enum(['entries', 'paths-only', 'absent', 'too-large', 'corrupt']),
  /** What is wrong with a corrupt one. */
  why: text.nullable(),
  entries: count,
  missing: some,
  extra: some,
  changed: some,
});
export type RecordEvidence = z.infer<typeof evidence>;

function judge({ shape, missing, extra, changed }: RecordEvidence): readonly Name[] {
  if (shape === 'corrupt' || shape === 'paths-only') return ['record-corrupt'];
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
  reasons: { ...DRAFT_REASONS, 'record-unreadable': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as RecordEvidence),
  reasonOf: (seen: object) =>
    (seen as RecordEvidence).shape === 'entries' ? null : 'record-unreadable',
});
