// A commit's files, with what git knows of their contents, for the checks that compare with them:
// kept ones, else fetched and kept.

import { ABSENT, type Absent, type Failed, failed } from '../../../core/failure.ts';
import { storing } from '../../../core/monitor/save-result.ts';
import {
  type ContentList,
  decodeContentList,
  encodeContentList,
} from '../../../core/protocols/git/content-list.ts';
import { RULES_VERSION } from '../rules-version.ts';
import type { Context } from '../sources.ts';

export interface CommitFiles {
  /** Undefined if nothing readable is kept, or if `--force` says to read it again. */
  kept(commit: string): Promise<ContentList | undefined>;
  /** Of a commit, or a tree by id; fetched if not kept. Absent: the mirror does not have it. */
  find(id: string): Promise<ContentList | Absent | Failed>;
  /** Of a commit that the mirror's refs name: if it is absent, that is a failure. */
  read(commit: string): Promise<ContentList | Failed>;
}

/** Reads each commit's files once, however often they are needed. */
export function openCommitFiles(context: Context, dataset: string): CommitFiles {
  const known = new Map<string, Promise<ContentList | undefined>>();
  const fetched = new Map<string, Promise<ContentList | Absent | Failed>>();
  const kept = (commit: string) =>
    once(known, commit, async () => {
      const bytes = context.options.force ? undefined : await context.store.readTree(commit);
      return bytes && decodeContentList(bytes, RULES_VERSION);
    });
  const find = async (id: string) =>
    (await kept(id)) ?? once(fetched, id, () => fetchFiles(context, dataset, id));
  const read = async (commit: string) => {
    const files = await find(commit);
    if (!('kind' in files) || files.kind === 'failed') return files;
    return failed('malformed', `the mirror names commit ${commit} and does not have it`);
  };
  return { kept, find, read };
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}

async function fetchFiles(
  context: Context,
  dataset: string,
  id: string,
): Promise<ContentList | Absent | Failed> {
  const tree = await context.mirror.readContent(dataset, id, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return ABSENT;
  const bytes = encodeContentList(tree.value, RULES_VERSION);
  await storing(context.store.writeTree(id, bytes));
  return decodeContentList(bytes, RULES_VERSION) as ContentList;
}
