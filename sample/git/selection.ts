// Which objects answer a fetch: history from the wants, cut by depth, filter and what the client
// has already.

import { blobsOf, type CommitObject, type GitObject, type TreeObject } from './objects.ts';
import { peel, type SampleRepository } from './repository.ts';
import { type FetchRequest, type Filter, type Refused, refused } from './request.ts';

/** An object for a pack; the path, empty for commits, tells which others it may resemble. */
export interface Selected {
  readonly object: GitObject;
  readonly path: string;
}

export interface Selection {
  readonly objects: readonly Selected[];
  /** Commits that the client shall know to be without their parents from now on. */
  readonly shallow: readonly string[];
  /** Commits that were so and are no longer. */
  readonly unshallow: readonly string[];
}

/** The haves that the repository has too. */
export function commonCommits(repository: SampleRepository, request: FetchRequest): string[] {
  return request.haves.filter((oid) => peel(repository, oid) !== undefined);
}

/** True when everything wanted meets a common commit, so that more haves would bring nothing. */
export function isReady(repository: SampleRepository, request: FetchRequest): boolean {
  const common = new Set(commonCommits(repository, request));
  return request.wants.every((oid) => {
    const commit = peel(repository, oid);
    if (commit === undefined) return true;
    return [...historyOf([commit], undefined, new Set()).commits.keys()].some((id) =>
      common.has(id),
    );
  });
}

/** @param ignoreFilter behave as a server that knows no filters, and sends everything */
export function selectObjects(
  repository: SampleRepository,
  request: FetchRequest,
  ignoreFilter: boolean,
): Selection | Refused {
  const filter: Filter = ignoreFilter ? { kind: 'everything' } : request.filter;
  const wanted: GitObject[] = [];
  for (const oid of request.wants) {
    const object = repository.object(oid);
    if (object === undefined) return refused(`upload-pack: not our ref ${oid}`);
    wanted.push(object);
  }
  const clientShallow = new Set(request.shallow);
  const cuts = request.depth === undefined ? clientShallow : new Set<string>();
  const history = historyOf(wanted.flatMap(commitOf), request.depth, cuts);
  const haves = request.haves.flatMap((oid) => peel(repository, oid) ?? []);
  const owned = historyOf(haves, undefined, clientShallow).commits;

  const seen = new Set<string>(owned.keys());
  // What it has, it has under its own filter, which by contract is the one of this request.
  for (const { tree } of owned.values()) collectTree(tree, '', filter, seen, [], []);

  const heads: Selected[] = [];
  const trees: Selected[] = [];
  const blobs: Selected[] = [];
  const add = (list: Selected[], object: GitObject): void => {
    if (seen.has(object.oid)) return;
    seen.add(object.oid);
    list.push({ object, path: '' });
  };
  for (const commit of history.commits.values()) add(heads, commit);
  for (const object of wanted) if (object.type === 'tag') add(heads, object);
  if (request.includeTag) {
    for (const oid of repository.tags.values()) {
      const tag = repository.object(oid);
      if (tag?.type === 'tag' && history.commits.has(tag.target.oid)) add(heads, tag);
    }
  }
  for (const object of wanted) {
    // Objects asked for by name come whatever the filter: so do git's own servers.
    if (object.type === 'blob') add(blobs, object);
    if (object.type !== 'tree') continue;
    if (filter.kind === 'no-trees') add(trees, object);
    else collectTree(object, '', filter, seen, trees, blobs);
  }
  for (const { oid, tree } of history.commits.values()) {
    if (!owned.has(oid)) collectTree(tree, '', filter, seen, trees, blobs);
  }
  return {
    objects: [...heads, ...trees, ...blobs],
    shallow: history.shallow.filter((oid) => !clientShallow.has(oid)),
    unshallow:
      request.depth === undefined
        ? []
        : request.shallow.filter(
            (oid) => history.commits.has(oid) && !history.shallow.includes(oid),
          ),
  };
}

function commitOf(object: GitObject): CommitObject[] {
  if (object.type === 'tag') return [object.target];
  return object.type === 'commit' ? [object] : [];
}

/** Generation by generation, so that a commit is met at its least depth. */
function historyOf(
  tips: readonly CommitObject[],
  depth: number | undefined,
  cuts: ReadonlySet<string>,
): { commits: Map<string, CommitObject>; shallow: string[] } {
  const commits = new Map<string, CommitObject>();
  const shallow: string[] = [];
  let generation = tips;
  for (let level = 1; generation.length > 0; level++) {
    const next: CommitObject[] = [];
    for (const commit of generation) {
      if (commits.has(commit.oid)) continue;
      commits.set(commit.oid, commit);
      if (level === depth) shallow.push(commit.oid);
      else if (!cuts.has(commit.oid)) next.push(...commit.parents);
    }
    generation = next;
  }
  return { commits, shallow };
}

/** Everything of a tree that is not in `seen` and passes the filter, folders before what they hold. */
function collectTree(
  tree: TreeObject,
  path: string,
  filter: Filter,
  seen: Set<string>,
  trees: Selected[],
  blobs: Selected[],
): void {
  if (filter.kind === 'no-trees' || seen.has(tree.oid)) return;
  seen.add(tree.oid);
  trees.push({ object: tree, path });
  if (filter.kind === 'everything' || filter.bytes > 0) {
    for (const { name, blob } of blobsOf(tree)) {
      if (seen.has(blob.oid)) continue;
      if (filter.kind === 'blob-limit' && blob.content.length >= filter.bytes) continue;
      seen.add(blob.oid);
      blobs.push({ object: blob, path: `${path}/${name}` });
    }
  }
  for (const { name, tree: subtree } of tree.subtrees) {
    collectTree(subtree, `${path}/${name}`, filter, seen, trees, blobs);
  }
}
