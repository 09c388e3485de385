// Does the mirror have a tag for each published version? (C4, C6)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { compareVersions } from '../ids.ts';
import { HOUR } from './mirror.ts';
import { commit, error, some, text, time, warning } from './shapes.ts';

const FINDINGS = {
  'tag-missing': error(
    'Tag missing',
    'A published version has no tag on the mirror.',
    'Run the backup for this dandiset; it makes the tags of published versions.',
  ),
  'tag-broken': error(
    'Tag without commit',
    'A tag of a published version leads to something that is no commit.',
    'Make the tag anew, at the commit of its version.',
  ),
  'tag-orphaned': warning(
    'Tag without version',
    'A tag looks like a published version that the archive does not have.',
    'Find out whether the version was deleted, and delete the tag if it was.',
  ),
  'tag-lightweight': warning(
    'Tag not annotated',
    'The tag of a published version is not annotated, so it has no date.',
    'Make the tag anew, annotated.',
  ),
  'tag-unmerged': warning(
    'Newest tag not merged',
    'The newest published version is not in the history of the draft, so git describe does not find it.',
    'Merge the tag of the newest version into draft.',
  ),
};
type Name = keyof typeof FINDINGS;

const evidence = z.object({
  /** What the list said of the dandiset when its versions were read. */
  listedAs: text,
  /** The commits of the draft and of the tags whose history was read. */
  at: z.string(),
  /** Published versions, and what the mirror has of each. */
  versions: z.array(
    z.object({
      version: z.string(),
      created: time,
      /** Seconds since it was published, at the measurement. */
      age: z.int(),
      /** The commit that its tag leads to; null without a tag. */
      commit: commit.nullable(),
      isAnnotated: z.boolean(),
      /** The tag leads to something else than a commit. */
      isBroken: z.boolean(),
    }),
  ),
  /** Tags that look like a version that does not exist. */
  orphaned: some,
  /** Whether the newest version is in the history of the draft; null if that is not known. */
  isMerged: z.boolean().nullable(),
});
type Evidence = z.infer<typeof evidence>;
type VersionTag = Evidence['versions'][number];

/** The tool runs about once an hour. */
const EXPECTED = 6 * HOUR;

function judge({ versions, orphaned, isMerged }: Evidence): readonly Name[] {
  const isMissing = ({ commit, age }: VersionTag) => commit === null && age > EXPECTED;
  const isLight = ({ commit, isAnnotated, isBroken }: VersionTag) =>
    commit !== null && !isAnnotated && !isBroken;
  return [
    ...(versions.some(isMissing) ? (['tag-missing'] as const) : []),
    ...(versions.some(({ isBroken }) => isBroken) ? (['tag-broken'] as const) : []),
    ...(orphaned.count > 0 ? (['tag-orphaned'] as const) : []),
    ...(versions.some(isLight) ? (['tag-lightweight'] as const) : []),
    ...(isMerged === false ? (['tag-unmerged'] as const) : []),
  ];
}

/** The newest published version; undefined if there is none. */
export const newestOf = <V extends { readonly version: string }>(versions: readonly V[]) =>
  versions.toSorted((a, b) => compareVersions(a.version, b.version)).at(-1);

export const tags = defineCheck({
  id: 'tags',
  file: 'tags',
  title: "Tags of a dandiset's published versions",
  of: 'names',
  stage: 'check-mirror',
  words: {
    name: 'Tags',
    asks: 'Does the mirror have a tag for each published version?',
    ok: 'Each published version has its tag.',
  },
  column: { id: 'tags', name: 'Tags', label: 'Tags' },
  ofEntry: true,
  findings: FINDINGS,
  reasons: { 'tag-expected': {}, embargoed: {}, 'no-mirror': {} },
  isOfComparisons: true,
  evidence,
  judge: (seen: object) => judge(seen as Evidence),
  reasonOf: (seen: object) =>
    (seen as Evidence).versions.some(({ commit }) => commit === null) ? 'tag-expected' : null,
});
