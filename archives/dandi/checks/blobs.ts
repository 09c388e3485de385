// Are the blobs of the draft in the bucket, readable by anybody, with size and hash as listed? (C13)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { count, error, some } from './shapes.ts';

const FINDINGS = {
  'blob-missing': error(
    'Contents missing in the bucket',
    'Objects of assets are not in the bucket.',
    'Restore an older version of the object, or have the owner upload the file again.',
  ),
  'blob-blocked': error(
    'Contents closed',
    'The dandiset is open, and objects of its assets cannot be read by everybody.',
    'Remove the tag “embargoed” from these objects.',
  ),
  'blob-differs': error(
    'Contents differ in the bucket',
    'Objects have another size or another ETag than their assets.',
    'Find out which side is wrong; the ETag is computed from the content.',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  /** Blobs of the draft, each once, and how many of them were asked for. */
  total: count,
  asked: count,
  /** Paths of the assets. */
  missing: some,
  blocked: some,
  differing: some,
});
type Evidence = z.infer<typeof evidence>;

export const blobs = defineCheck({
  id: 'blobs',
  file: 'blobs',
  title: "Blobs of a dandiset's assets in the bucket",
  of: 'contents',
  stage: 'check-blobs',
  goodForDays: 30,
  words: {
    name: 'Bucket',
    asks: 'Are the contents of the assets in the bucket, for everybody, with size and hash as listed?',
    ok: 'The objects that were asked for are there, with the size and hash of their assets.',
  },
  findings: FINDINGS,
  isOfComparisons: true,
  reasons: { embargoed: {} },
  evidence,
  judge(seen: object): readonly Name[] {
    const { missing, blocked, differing } = seen as Evidence;
    return [
      ...(missing.count > 0 ? (['blob-missing'] as const) : []),
      ...(blocked.count > 0 ? (['blob-blocked'] as const) : []),
      ...(differing.count > 0 ? (['blob-differs'] as const) : []),
    ];
  },
});
