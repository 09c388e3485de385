// A commit's files for the checks that compare with them: kept ones, else fetched and kept. With what
// git knows of their contents where that is asked for and can be had.

import { type Failed, failed, type Seen, seen } from '../failure.ts';
import { type ContentList, decodeContentList, encodeContentList } from '../git/content-list.ts';
import { decodePathList, encodePathList, type PathList, PathListError } from '../git/path-list.ts';
import type { StageContext } from './context.ts';
import { storing } from './frame.ts';

/** `why` says what kept the contents from being known, where they were asked for. */
export type CommitFiles =
  | { readonly kind: 'contents'; readonly list: ContentList }
  | { readonly kind: 'paths'; readonly list: PathList; readonly why: Failed | null };

export async function readCommitFiles(
  context: StageContext,
  dataset: string,
  commit: string,
  wantContents: boolean,
): Promise<CommitFiles | Failed> {
  return (
    (await keptFiles(context, dataset, commit, wantContents)) ??
    fetchFiles(context, dataset, commit, wantContents)
  );
}

/** Null where nothing is kept, or paths alone and contents are wanted. */
export async function keptFiles(
  context: StageContext,
  dataset: string,
  commit: string,
  wantContents: boolean,
): Promise<CommitFiles | null> {
  const kept = await context.store.readTree(commit);
  const contents = kept && decodeContentList(kept);
  if (contents) return { kind: 'contents', list: contents };
  const paths = kept && !wantContents && keptPaths(context, dataset, commit, kept);
  return paths ? { kind: 'paths', list: paths, why: null } : null;
}

/**
 * What is not kept. Where contents cannot be had (a server that sends everything, and it is too much)
 * paths may still.
 */
export async function fetchFiles(
  context: StageContext,
  dataset: string,
  commit: string,
  wantContents: boolean,
): Promise<CommitFiles | Failed> {
  let why: Failed | null = null;
  if (wantContents) {
    const fetched = await fetchContents(context, dataset, commit);
    if (fetched.kind === 'seen') return { kind: 'contents', list: fetched.value };
    const paths = await keptFiles(context, dataset, commit, false);
    if (paths?.kind === 'paths') return { ...paths, why: fetched };
    if (fetched.reason !== 'malformed') return fetched;
    why = fetched;
  }
  const fetched = await fetchPaths(context, dataset, commit);
  return fetched.kind === 'seen' ? { kind: 'paths', list: fetched.value, why } : fetched;
}

function keptPaths(
  context: StageContext,
  dataset: string,
  commit: string,
  bytes: Buffer,
): PathList | undefined {
  try {
    return decodePathList(bytes);
  } catch (error) {
    if (!(error instanceof PathListError)) throw error;
    context.log('warn', 'unreadable path list, fetching anew', { dataset, commit });
    return undefined;
  }
}

async function fetchContents(
  context: StageContext,
  dataset: string,
  commit: string,
): Promise<Seen<ContentList> | Failed> {
  const tree = await context.mirror.readContent(dataset, commit, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return notThere(commit);
  const bytes = encodeContentList(tree.value);
  await storing(context.store.writeTree(commit, bytes));
  return seen(decodeContentList(bytes) as ContentList);
}

async function fetchPaths(
  context: StageContext,
  dataset: string,
  commit: string,
): Promise<Seen<PathList> | Failed> {
  const tree = await context.mirror.readTree(dataset, commit, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return notThere(commit);
  const bytes = encodePathList(tree.value);
  await storing(context.store.writeTree(commit, bytes));
  return seen(decodePathList(bytes));
}

const notThere = (commit: string): Failed =>
  failed('malformed', `the mirror names commit ${commit} and does not have it`);
