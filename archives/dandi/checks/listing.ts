// Is what the registry lists of the draft sound? (C9, C20, and paths that no mirror can hold)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { DRAFT_REASONS } from './assets.ts';
import { error, some, time, warning } from './shapes.ts';

const FINDINGS = {
  unhashed: error(
    'Not hashed for a day',
    'The archive has not computed the SHA-256 of an asset for more than a day. The backup stops there.',
    "Start the archive's task that computes the hash.",
  ),
  'path-conflict': error(
    'Path is also a folder',
    'The path of an asset is also a folder of another one, which no git tree can hold.',
    'Move one of the two assets.',
    'owner',
  ),
  'modified-lag': warning(
    'Draft older than its assets',
    'Assets changed and the time of the draft did not, so the backup does not see the change.',
    "Touch the draft's time in the archive.",
  ),
  'duplicate-path': warning(
    'Two assets at one path',
    'Two assets have the same path; the newer one is compared.',
    'Delete the older one.',
    'owner',
  ),
  'path-reserved': warning(
    "Path of the mirror's own files",
    'An asset has a path that the mirror needs for its own records.',
    'Move the asset.',
    'owner',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  modified: time,
  /** When the newest asset changed; null without assets. */
  newest: time.nullable(),
  /** Assets whose hash is missing for more than a day, and for less. */
  unhashed: some,
  unhashedYet: some,
  conflicts: some,
  duplicates: some,
  reserved: some,
  /** The newest asset is newer than the draft. */
  isOlder: z.boolean(),
  /** SHA-256 of ids, paths, times and sizes of the assets. */
  listing: z.string().regex(/^[0-9a-f]{64}$/),
  /** The assets changed since the last comparison, and the time of the draft did not. */
  isSilent: z.boolean(),
});
export type ListingEvidence = z.infer<typeof evidence>;

function judge(seen: ListingEvidence): readonly Name[] {
  return [
    ...(seen.unhashed.count > 0 ? (['unhashed'] as const) : []),
    ...(seen.conflicts.count > 0 ? (['path-conflict'] as const) : []),
    ...(seen.isOlder || seen.isSilent ? (['modified-lag'] as const) : []),
    ...(seen.duplicates.count > 0 ? (['duplicate-path'] as const) : []),
    ...(seen.reserved.count > 0 ? (['path-reserved'] as const) : []),
  ];
}

export const listing = defineCheck({
  id: 'listing',
  file: 'listing',
  title: 'What the registry lists of a draft',
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Listing',
    asks: 'Is what the registry lists of the draft sound?',
    ok: 'Each asset has its hash and a path of its own.',
  },
  findings: FINDINGS,
  reasons: { ...DRAFT_REASONS, 'unhashed-yet': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as ListingEvidence),
  reasonOf: (seen: object) =>
    (seen as ListingEvidence).unhashedYet.count > 0 ? 'unhashed-yet' : null,
});
