// Which tag or branch the tree is of that git-annex recorded as exported. Most often a commit's own
// tree; where that holds submodules or plain symlinks, the exported one has to be worked out.

import type { Failed } from '../failure.ts';
import type { ContentList } from '../git/content-list.ts';
import { compareVersions } from '../openneuro/version-order.ts';

/** Commits whose contents are read to find the exported tree: each is one more request, once. */
const MAX_TAGS_READ = 8;
const MAX_TIPS_READ = 4;

export interface ExportedRef {
  /** The latest tag if it is, else the highest that is. */
  readonly tag: string | null;
  /** Only where no tag has the tree. */
  readonly branch: string | null;
  readonly commit: string | null;
}

export interface ExportedRefQuestion {
  /** As recorded; null where nothing is. */
  readonly tree: string | null;
  readonly latest: string;
  /** Tags that are versions, and branches but git-annex, with their commits. */
  readonly tags: ReadonlyMap<string, string>;
  readonly tips: ReadonlyMap<string, string>;
  /** Ids that an export of the latest tag may bear. */
  readonly latestTrees: readonly string[];
  readonly treeOf: (commit: string) => string | undefined;
  readonly contentsOf: (commit: string) => Promise<ContentList | Failed>;
}

/** Failed when a commit that may have the tree could not be read and no other has it. */
export async function findExported(question: ExportedRefQuestion): Promise<ExportedRef | Failed> {
  const { tree, latest, latestTrees, treeOf, contentsOf } = question;
  if (tree === null) return NOWHERE;
  const tagged = byVersion(question);
  const tips = byName(question);
  const found = [...tagged, ...tips].find(
    ({ tag, commit }) => treeOf(commit) === tree || (tag === latest && latestTrees.includes(tree)),
  );
  if (found) return found;

  let failure: Failed | null = null;
  const others = tagged.filter(({ tag }) => tag !== latest).slice(0, MAX_TAGS_READ);
  for (const candidate of [...others, ...tips.slice(0, MAX_TIPS_READ)]) {
    const list = await contentsOf(candidate.commit);
    if ('reason' in list) failure ??= list;
    else if (list.exportTrees.includes(tree)) return candidate;
  }
  return failure ?? NOWHERE;
}

const NOWHERE: ExportedRef = { tag: null, branch: null, commit: null };

type Candidate = ExportedRef & { readonly commit: string };

/** The latest tag, then the others, the highest version first. */
function byVersion({ latest, tags }: ExportedRefQuestion): Candidate[] {
  return [...tags]
    .sort(([a], [b]) => (a === latest ? -1 : b === latest ? 1 : compareVersions(b, a)))
    .map(([tag, commit]) => ({ tag, branch: null, commit }));
}

/** Branches that are at no tag. */
function byName({ tags, tips }: ExportedRefQuestion): Candidate[] {
  const atTags = new Set(tags.values());
  return [...tips]
    .filter(([, commit]) => !atTags.has(commit))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([branch, commit]) => ({ tag: null, branch, commit }));
}
