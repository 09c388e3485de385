// Which tag or branch has the tree that git-annex recorded as exported. Usually it is a commit's
// own tree. If that holds submodules or plain symlinks, the exported tree has to be computed. That
// no ref has it is known only if all that may have it were read.

import { type Absent, type Failed, failed } from '../../../core/failure.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import type { KnownSnapshot } from '../checks/entry.ts';
import { compareVersions } from '../version-order.ts';

/** Commits whose contents are read to find the exported tree: each costs one more request, once. */
const MAX_TAGS_READ = 8;
const MAX_TIPS_READ = 4;

export interface ExportedRef {
  /** The latest tag if it has the tree, else the highest that has it. */
  readonly tag: string | null;
  /** Only if no tag has the tree. */
  readonly branch: string | null;
  readonly commit: string | null;
  /** Whether no tag, tip or snapshot has the tree, which was itself seen; null: not determined. */
  readonly ofNoSnapshot: boolean | null;
}

export interface ExportedRefQuestion {
  /** As recorded; null if nothing is. */
  readonly tree: string | null;
  readonly latest: string;
  /** Tags that are versions, with their commits. */
  readonly tags: Iterable<readonly [tag: string, commit: string]>;
  /** Branches except git-annex, with their commits. */
  readonly tips: ReadonlyMap<string, string>;
  /** Commits of tags that are not versions. */
  readonly others: readonly string[];
  /** Snapshots whose tags the mirror has at another commit than the registry. */
  readonly moved: readonly KnownSnapshot[];
  /** Whether the mirror has the tag of every snapshot. */
  readonly hasEveryTag: boolean;
  /** Ids that an export of the latest tag may have. */
  readonly latestTrees: readonly string[];
  readonly treeOf: (commit: string) => string | undefined;
  /** The files of a commit or a tree; absent if the mirror does not have it. */
  readonly contentsOf: (id: string) => Promise<ContentList | Absent | Failed>;
}

/** Failed when a commit that may have the tree could not be read and no other has it. */
export async function findExported(question: ExportedRefQuestion): Promise<ExportedRef | Failed> {
  const { tree, latest, latestTrees, treeOf, contentsOf } = question;
  if (tree === null) return { ...NOWHERE, ofNoSnapshot: false };
  const tagged = byVersion(question);
  const tips = byName(question, tagged);
  const found = [...tagged, ...tips].find(
    ({ tag, commit }) => treeOf(commit) === tree || (tag === latest && latestTrees.includes(tree)),
  );
  if (found) return refOf(found);

  const moved = question.moved.flatMap(({ tag, hexsha }) =>
    hexsha === null ? [] : [{ tag, branch: null, commit: hexsha }],
  );
  const older = tagged[0]?.tag === latest ? tagged.slice(1) : tagged;
  const others = question.others.map((commit) => ({ tag: null, branch: null, commit }));
  const refs = [...older.slice(0, MAX_TAGS_READ), ...tips.slice(0, MAX_TIPS_READ)];
  const besides: Candidate[] = [
    ...moved.slice(0, MAX_TAGS_READ),
    ...others.slice(0, MAX_TIPS_READ),
  ];
  let isWhole =
    question.hasEveryTag &&
    refs.length + besides.length === [older, tips, moved, others].flat().length;
  let failure: Failed | null = null;
  for (const candidate of [...refs, ...besides]) {
    const list = await contentsOf(candidate.commit);
    if (isList(list)) {
      if (list.exportTrees.includes(tree)) return refOf(candidate);
    } else if (besides.includes(candidate) && isForGood(list)) isWhole = false;
    else failure ??= isAbsent(list) ? failed('malformed', LACKS) : list;
  }
  if (failure !== null) return failure;
  if (!isWhole) return NOWHERE;
  const exported = await contentsOf(tree);
  if (isList(exported)) return { ...NOWHERE, ofNoSnapshot: exported.tree === tree ? true : null };
  return isForGood(exported) ? NOWHERE : (exported as Failed);
}

/** If the mirror lacks it, or has it as something without files, asking again does not help. */
const isForGood = (answer: Absent | Failed): boolean =>
  answer.kind === 'absent' || answer.reason === 'malformed';
const LACKS = 'the mirror lacks what its refs name';
const NOWHERE: ExportedRef = { tag: null, branch: null, commit: null, ofNoSnapshot: null };

interface Candidate {
  readonly tag: string | null;
  readonly branch: string | null;
  readonly commit: string;
}

/** A tag that is not a version says no more of the version than no tag. */
function refOf({ tag, branch, commit }: Candidate): ExportedRef {
  const isNamed = tag !== null || branch !== null;
  return { tag, branch, commit: isNamed ? commit : null, ofNoSnapshot: false };
}

/** The latest tag, then the others, the highest version first. */
function byVersion({ latest, tags }: ExportedRefQuestion): Candidate[] {
  return [...tags]
    .sort(([a], [b]) =>
      a === b ? 0 : a === latest ? -1 : b === latest ? 1 : compareVersions(b, a),
    )
    .map(([tag, commit]) => ({ tag, branch: null, commit }));
}

/** Branches that are not at a tag. */
function byName({ tips }: ExportedRefQuestion, tagged: readonly Candidate[]): Candidate[] {
  const atTags = new Set(tagged.map(({ commit }) => commit));
  return [...tips]
    .filter(([, commit]) => !atTags.has(commit))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([branch, commit]) => ({ tag: null, branch, commit }));
}

const isAbsent = (answer: ContentList | Absent | Failed): answer is Absent =>
  'kind' in answer && answer.kind === 'absent';
const isList = (answer: ContentList | Absent | Failed): answer is ContentList =>
  !('kind' in answer);
