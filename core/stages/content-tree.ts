// A commit's files, with what git knows of their contents, for the checks that compare with them: kept
// ones, else fetched and kept.

import { type Failed, failed } from '../failure.ts';
import { type ContentList, decodeContentList, encodeContentList } from '../git/content-list.ts';
import type { StageContext } from './context.ts';
import { storing } from './frame.ts';

export interface CommitFiles {
  /** Undefined where nothing is kept that can be read today, or `--force` says to read it anew. */
  kept(commit: string): Promise<ContentList | undefined>;
  /** Fetched where it is not kept. */
  read(commit: string): Promise<ContentList | Failed>;
}

/** Reads each commit's files once, however many questions there are about it. */
export function openCommitFiles(context: StageContext, dataset: string): CommitFiles {
  const known = new Map<string, Promise<ContentList | undefined>>();
  const fetched = new Map<string, Promise<ContentList | Failed>>();
  const kept = (commit: string) =>
    once(known, commit, async () => {
      const bytes = context.options.force ? undefined : await context.store.readTree(commit);
      return bytes && decodeContentList(bytes);
    });
  const read = async (commit: string) =>
    (await kept(commit)) ?? once(fetched, commit, () => fetchFiles(context, dataset, commit));
  return { kept, read };
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}

async function fetchFiles(
  context: StageContext,
  dataset: string,
  commit: string,
): Promise<ContentList | Failed> {
  const tree = await context.mirror.readContent(dataset, commit, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') {
    return failed('malformed', `the mirror names commit ${commit} and does not have it`);
  }
  const bytes = encodeContentList(tree.value);
  await storing(context.store.writeTree(commit, bytes));
  return decodeContentList(bytes) as ContentList;
}
