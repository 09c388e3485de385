// Are the manifests of the draft and of the newest version in the bucket, and up to date? (C16)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { HOUR } from './mirror.ts';
import { error, instant, some, text, time, warning } from './shapes.ts';

const REWRITE = "Run the archive's task that writes the manifests.";
const FINDINGS = {
  'manifest-blocked': error(
    'Manifests closed',
    'The dandiset is open, and manifests cannot be read by everybody.',
    'Remove the tag “embargoed” from these objects.',
  ),
  'manifest-missing': warning(
    'Manifests missing',
    'A version has no manifests in the bucket, or not all of them.',
    REWRITE,
  ),
  'manifest-stale': warning(
    'Manifests old',
    'A manifest of the draft is more than six hours older than the draft.',
    REWRITE,
  ),
  'manifest-differs': warning(
    'Manifest lists other assets',
    'The manifest of the draft lists other assets than the registry.',
    REWRITE,
  ),
  'manifest-no-doi': warning(
    'Manifest without DOI',
    'The manifest of a published version has no DOI, and the archive has one.',
    REWRITE,
  ),
};
type Name = keyof typeof FINDINGS;

const manifestSchema = z.object({
  version: text,
  name: text,
  status: z.union([z.literal(200), z.literal(403), z.literal(404)]),
  modified: instant.nullable(),
});

const evidence = z.object({
  /** When the draft last changed. */
  modified: time,
  manifests: z.array(manifestSchema),
  /** Ids in the draft's `assets.jsonld` only, and in the registry only; null if not compared. */
  extra: some.nullable(),
  missing: some.nullable(),
  /** Whether the newest version has a DOI in the registry, and in its manifest. */
  doi: z.enum(['none', 'both', 'registry-only', 'not-read']),
  /** Seconds by which the oldest manifest of the draft is older than the draft. */
  behind: z.int(),
});
type Evidence = z.infer<typeof evidence>;

const EXPECTED = 6 * HOUR;

function judge({ manifests, extra, missing, doi, behind }: Evidence): readonly Name[] {
  const isStale = behind > EXPECTED;
  const differs = (extra?.count ?? 0) + (missing?.count ?? 0) > 0;
  return [
    ...(manifests.some(({ status }) => status === 403) ? (['manifest-blocked'] as const) : []),
    ...(manifests.some(({ status }) => status === 404) ? (['manifest-missing'] as const) : []),
    ...(isStale ? (['manifest-stale'] as const) : []),
    // One that is older than the draft lists older assets.
    ...(differs && behind === 0 ? (['manifest-differs'] as const) : []),
    ...(doi === 'registry-only' ? (['manifest-no-doi'] as const) : []),
  ];
}

export const manifests = defineCheck({
  id: 'manifests',
  file: 'manifests',
  title: "A dandiset's manifests in the bucket",
  of: 'contents',
  stage: 'check-manifests',
  goodForDays: 30,
  words: {
    name: 'Manifests',
    asks: 'Are the manifests in the bucket, and up to date?',
    ok: 'The manifests are there and up to date.',
  },
  findings: FINDINGS,
  isOfComparisons: true,
  reasons: { embargoed: {} },
  evidence,
  judge: (seen: object) => judge(seen as Evidence),
});
