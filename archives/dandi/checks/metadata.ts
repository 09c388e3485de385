// Does the mirror have the metadata of the draft? (C21)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { DRAFT_REASONS } from './assets.ts';
import { commit, error } from './shapes.ts';

/** SHA-256 of a canonical form: the metadata itself may be personal, and is never kept. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const evidence = z.object({
  commit: commit.nullable(),
  /** The mirror holds an older draft, and the present one is not six hours old. */
  isOnItsWay: z.boolean(),
  registry: digest,
  /** Null if there is no such file, or if it cannot be read. */
  mirror: digest.nullable(),
});
type Evidence = z.infer<typeof evidence>;

export const metadata = defineCheck({
  id: 'metadata',
  file: 'metadata',
  title: "The draft's metadata in the mirror",
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Metadata',
    asks: 'Does the mirror have the metadata of the draft?',
    ok: 'The metadata of the draft is in the mirror.',
  },
  findings: {
    'metadata-differs': error(
      'Metadata differs',
      'The file dandiset.yaml in the mirror is missing or says something else than the draft.',
      'Run the backup with --mode force for this dandiset.',
    ),
  },
  reasons: DRAFT_REASONS,
  isOfComparisons: true,
  evidence,
  judge(seen: object) {
    const { registry, mirror, isOnItsWay } = seen as Evidence;
    return registry === mirror || isOnItsWay ? [] : ['metadata-differs'];
  },
  reasonOf(seen: object) {
    const { registry, mirror } = seen as Evidence;
    return registry === mirror ? null : 'lag';
  },
});
