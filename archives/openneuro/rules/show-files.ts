// The commands that show missing and extra files to anybody: one file by itself, more by their number,
// which is that of the file check.

import * as command from './cause-commands.ts';
import type { CauseInput } from './cause-input.ts';

/** Files of a commit that the export lacks; `path` is one of them. */
export function showMissing(
  { archive, id, s3Diff }: Pick<CauseInput, 'archive' | 'id' | 's3Diff'>,
  commit: string | null,
  missing: number,
  path: string,
): command.Command {
  const isOfDiff = commit === s3Diff?.commit;
  const count =
    missing > 1
      ? command.countPaths(archive, id, commit, 'missing', isOfDiff ? s3Diff?.symlinks : [])
      : null;
  return count ?? command.headObject(archive, id, path);
}

/** The same, by the check of the files. */
export function showLacking(input: CauseInput): command.Command {
  const { archive, id, s3Diff } = input;
  const [first] = s3Diff?.added ?? [];
  if (s3Diff === null || first === undefined) return command.listObjects(archive, id);
  return showMissing(input, s3Diff.commit, s3Diff.added.length, first);
}

/** Objects that its commit lacks. */
export function showExtra({
  archive,
  id,
  s3Diff,
}: Pick<CauseInput, 'archive' | 'id' | 's3Diff'>): command.Command {
  const [first, ...others] = s3Diff?.removed ?? [];
  if (s3Diff === null || first === undefined) return command.listObjects(archive, id);
  const { commit, bookkeeping } = s3Diff;
  const count =
    others.length > 0 ? command.countPaths(archive, id, commit, 'extra', bookkeeping) : null;
  return count ?? command.headObject(archive, id, first);
}
