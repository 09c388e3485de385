// Expected failures with a person's files, as one line that says what to do. Anything else that is
// thrown is a bug.

import { Problem } from '../core/problem.ts';

const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; choose another folder with --out, or change its permissions',
  EPERM: 'not permitted; choose another folder with --out, or change its permissions',
  EFBIG:
    'the file would be larger than this file system or `ulimit -f` allows; choose another folder with --out',
  EROFS: 'the file system is read-only; choose another folder with --out',
  ENOSPC: 'the disk is full; free some space and run again: what is written is whole and is kept',
  EDQUOT: 'your disk quota is used up; free some space and run again: what is written is kept',
  ENOTDIR: 'a file is in the place of a folder; choose another folder with --out',
  EEXIST: 'a file is in the place of a folder; choose another folder with --out',
  EISDIR: 'a folder is in the place of a file; move it away and run again',
  ELOOP: 'too many symbolic links; choose another folder with --out',
  ENAMETOOLONG: 'the name is too long for this file system; choose another folder with --out',
  EMFILE: 'too many open files; lower --concurrency',
  ENOENT: 'it is gone, or its folder cannot be made; choose another folder with --out',
  EIO: 'the disk reports an error',
};

/** The code of a system error (`ENOENT` …); undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A system error about a file as a Problem; any other error is returned unchanged. */
export function fileProblem(doing: string, path: string, error: unknown): unknown {
  const code = errorCode(error);
  const advice = code === undefined ? undefined : FILE_ERRORS[code];
  if (advice === undefined) return error;
  return new Problem(`cannot ${doing} ${path}: ${advice} (${code})`, { cause: error });
}
