// Do the files of the mirror have the contents that the draft lists? (C8)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { commit, count, error, some, time, warning } from './shapes.ts';

const FINDINGS = {
  'files-missing': error(
    'Files missing',
    'Assets of the draft are not in the mirror.',
    'Run the backup with --mode force for this dandiset.',
  ),
  'content-differs': error(
    'Contents differ',
    'Files of the mirror have another size or another hash than their assets.',
    'Run the backup with --mode force for this dandiset.',
  ),
  'kind-differs': error(
    'File instead of zarr, or the reverse',
    'A zarr is a file in the mirror, or a file is a zarr.',
    'Remove the path from the mirror, and run the backup for this dandiset.',
  ),
  'files-extra': error(
    'Files too many',
    'The mirror has files that are no assets of the draft.',
    'Run the backup with --mode force for this dandiset.',
  ),
  'key-backend': warning(
    'Keys of another kind',
    'Annexed files have keys without a SHA-256, so their contents cannot be compared.',
    'Migrate the keys to SHA256E.',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  /** Of the draft that was compared. */
  modified: time,
  commit: commit.nullable(),
  /** The mirror holds an older draft, and this one is not six hours old. */
  isOnItsWay: z.boolean(),
  /** Assets of the draft, and files of the mirror, bookkeeping aside. */
  assets: count,
  files: count,
  missing: some,
  extra: some,
  differing: some,
  kinds: some,
  backends: some,
  /** Files in git itself that were too large to be read. */
  unread: some,
  /** Assets that the tool may not have reached: it stops at the first one without a hash. */
  behindUnhashed: some,
});
export type AssetsEvidence = z.infer<typeof evidence>;

function judge(seen: AssetsEvidence): readonly Name[] {
  const table: readonly (readonly [Name, { readonly count: number }])[] = [
    ['files-missing', seen.missing],
    ['content-differs', seen.differing],
    ['kind-differs', seen.kinds],
    ['files-extra', seen.extra],
    ['key-backend', seen.backends],
  ];
  return table.flatMap(([name, { count }]) =>
    count > 0 && !(seen.isOnItsWay && name !== 'key-backend') ? [name] : [],
  );
}

/** Why the comparison of a draft's assets may not have been made, for all checks of it. */
export const DRAFT_REASONS = {
  lag: {},
  settling: {},
  embargoed: {},
  unembargoing: {},
  'no-mirror': {},
} as const;

export const assets = defineCheck({
  id: 'assets',
  file: 'assets',
  title: 'Files of the mirror, compared with the assets of the draft',
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Files',
    asks: 'Do the files of the mirror have the contents that the draft lists?',
    ok: 'Every asset is in the mirror, with the same size and hash.',
  },
  column: { id: 'files', name: 'Files', label: 'Files' },
  numbers: {
    missing: {
      column: 'missing',
      csv: 'missing',
      label: 'Missing',
      says: 'missing in the mirror',
      ofFaults: true,
    },
    extra: {
      column: 'extra',
      csv: 'extra',
      label: 'Extra',
      says: 'in the mirror only',
      ofFaults: true,
    },
    differing: {
      column: 'differing',
      csv: 'differing',
      label: 'Differing',
      says: 'with other contents',
    },
    assets: { column: 'assets', csv: 'assets', label: 'Assets', says: 'assets in the draft' },
  },
  findings: FINDINGS,
  reasons: { ...DRAFT_REASONS, 'behind-unhashed': {}, unread: {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as AssetsEvidence),
  reasonOf(seen: object) {
    const { isOnItsWay, missing, differing, extra, kinds } = seen as AssetsEvidence;
    const { behindUnhashed, unread } = seen as AssetsEvidence;
    const faults = missing.count + differing.count + extra.count + kinds.count;
    if (isOnItsWay && faults > 0) return 'lag';
    if (behindUnhashed.count > 0) return 'behind-unhashed';
    return unread.count > 0 ? 'unread' : null;
  },
});
