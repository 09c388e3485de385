// Does the tag of each published version hold what was published? (C5) Versions never change: each
// is compared once for the commit of its tag.

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { commit, count, mismatch, some } from './shapes.ts';

const versionSchema = z.object({
  version: z.string(),
  /** The commit that was compared. */
  commit,
  assets: count,
  missing: some,
  extra: some,
  differing: some,
  /** Paths of which the record in the tag has another asset or blob. */
  recorded: some,
});
export type ComparedVersion = z.infer<typeof versionSchema>;

const evidence = z.object({
  versions: z.array(versionSchema),
  /** Versions whose tags were not compared yet. */
  left: some,
});
type Evidence = z.infer<typeof evidence>;

const isWrong = ({ missing, extra, differing, recorded }: ComparedVersion): boolean =>
  missing.count + extra.count + differing.count + recorded.count > 0;

export const versions = defineCheck({
  id: 'versions',
  file: 'versions',
  title: 'Tags of published versions, compared with what was published',
  of: 'contents',
  stage: 'check-assets',
  words: {
    name: 'Versions',
    asks: 'Does the tag of each published version hold what was published?',
    ok: 'Each tag holds the files of its version.',
  },
  findings: {
    'tag-content': mismatch(
      'Tag with other files',
      'A tag holds other files than its published version.',
      'Make the tag anew from the version; versions never change.',
    ),
  },
  reasons: { embargoed: {}, unembargoing: {}, 'no-mirror': {}, 'not-yet': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => ((seen as Evidence).versions.some(isWrong) ? ['tag-content'] : []),
  reasonOf: (seen: object) => ((seen as Evidence).left.count > 0 ? 'not-yet' : null),
});
