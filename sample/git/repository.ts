// A git repository in memory, built from a spec: the same spec gives the same object ids.

import {
  blobsOf,
  type CommitObject,
  encodeCommit,
  encodeTag,
  encodeTree,
  type GitObject,
  type TreeObject,
} from './objects.ts';
import type { RepositorySpec } from './spec.ts';

export interface SampleRepository {
  /** The branch that HEAD names, which may not exist; null if the server names none. */
  readonly head: string | null;
  /** Branch name to commit id. */
  readonly branches: Map<string, string>;
  /** Tag name to the id its ref holds: of the tag object where the tag is annotated. */
  readonly tags: Map<string, string>;
  /** The spec's commit names to commit ids. */
  readonly commits: Map<string, string>;
  /** Any object of any commit, reachable from a ref or not. */
  object(oid: string): GitObject | undefined;
}

/** @throws if the spec names a commit that it has not described before. */
export async function buildRepository(spec: RepositorySpec): Promise<SampleRepository> {
  const built = new Map<string, CommitObject>();
  const named = (name: string): CommitObject => {
    const commit = built.get(name);
    if (commit === undefined) throw new Error(`no commit named ${JSON.stringify(name)} so far`);
    return commit;
  };
  const dates = new Map<string, Date>();
  for (const { name, tree, parents, message, date } of spec.commits) {
    built.set(name, encodeCommit(encodeTree(tree), parents.map(named), message, date));
    dates.set(name, date);
  }
  const tags = Object.entries(spec.tags).map(([name, { commit, annotated }]) => {
    const target = named(commit);
    const object = annotated ? encodeTag(name, target, dates.get(commit) as Date) : target;
    return { name, object };
  });
  const commits = [...built.values()];
  return {
    head: spec.head,
    branches: new Map(
      Object.entries(spec.branches).map(([branch, commit]) => [branch, named(commit).oid]),
    ),
    tags: new Map(tags.map(({ name, object }) => [name, object.oid])),
    commits: new Map([...built].map(([name, { oid }]) => [name, oid])),
    object: finder([...commits, ...tags.map(({ object }) => object)], commits),
  };
}

/** The commit that a commit or tag id means; undefined for any other object. */
export function peel(repository: SampleRepository, oid: string): CommitObject | undefined {
  const object = repository.object(oid);
  if (object?.type === 'tag') return object.target;
  return object?.type === 'commit' ? object : undefined;
}

// Clients want commits; only a request for something else costs an index of everything.
function finder(
  tips: readonly GitObject[],
  commits: readonly CommitObject[],
): SampleRepository['object'] {
  const index = new Map(tips.map((object) => [object.oid, object]));
  let complete = false;
  return (oid) => {
    const known = index.get(oid);
    if (known !== undefined || complete) return known;
    for (const { tree } of commits) addTree(index, tree);
    complete = true;
    return index.get(oid);
  };
}

function addTree(index: Map<string, GitObject>, tree: TreeObject): void {
  if (index.has(tree.oid)) return;
  index.set(tree.oid, tree);
  for (const { blob } of blobsOf(tree)) if (!index.has(blob.oid)) index.set(blob.oid, blob);
  for (const subtree of tree.subtrees) addTree(index, subtree.tree);
}
