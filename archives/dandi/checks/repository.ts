// Does GitHub's record of the mirror lead to the dandiset, with a release for each tag? (C22)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { some, text, warning } from './shapes.ts';

const evidence = z.object({
  homepage: text.nullable(),
  expected: text,
  /** Versions with a tag and without a release. */
  withoutRelease: some,
});
type Evidence = z.infer<typeof evidence>;

export const repository = defineCheck({
  id: 'repository',
  file: 'repository',
  title: "GitHub's record of a mirror",
  of: 'contents',
  stage: 'check-repositories',
  goodForDays: 30,
  words: {
    name: 'GitHub record',
    asks: 'Does the repository lead to the dandiset, with a release for each tag?',
    ok: 'The repository leads to the dandiset, and each tag has a release.',
  },
  findings: {
    'homepage-differs': warning(
      'Home page leads elsewhere',
      'The home page of the repository is not the dandiset.',
      "Run the tool's command update-github-metadata.",
    ),
    'release-missing': warning(
      'Release missing',
      'The tag of a published version has no release on GitHub.',
      'Make a release of the tag.',
    ),
  },
  isOfComparisons: true,
  reasons: { embargoed: {}, 'no-mirror': {} },
  evidence,
  judge(seen: object) {
    const { homepage, expected, withoutRelease } = seen as Evidence;
    return [
      ...(homepage === expected ? [] : (['homepage-differs'] as const)),
      ...(withoutRelease.count > 0 ? (['release-missing'] as const) : []),
    ];
  },
});
