// The runs that were recorded as commits of a git repository, oldest first, with the files that each
// changed. The files themselves are read on demand, all through one process.

import type { RecordedCommit, RecordedRepository } from '../../core/history/import/recorded.ts';
import { Problem } from '../../core/problem.ts';
import { GitError, type GitFolder, gitFolder } from './git.ts';
import { openObjects } from './objects.ts';

export interface RepositoryOptions {
  /** Folder of the repository; it may be bare. */
  readonly folder: string;
  /** Branch, tag or commit. */
  readonly ref: string;
  readonly signal: AbortSignal;
}

/**
 * @throws Problem if it is no repository, is shallow, or does not have the ref; later, if git cannot
 * read it
 */
export async function openRepository({
  folder,
  ref,
  signal,
}: RepositoryOptions): Promise<RecordedRepository & { close(): void }> {
  const git = await gitFolder(folder, signal);
  const shallow = await git.run(['rev-parse', '--is-shallow-repository']);
  if (shallow.toString().trim() === 'true') {
    throw new Problem(
      `the repository ${folder} is shallow: its older runs are not there; fetch them with: git fetch --unshallow`,
    );
  }
  const tip = await commitOf(git, ref);
  const objects = openObjects(git);
  return {
    commits: (path) => commitsOf(git, tip, path),
    readBlob: objects.read,
    close: objects.close,
  };
}

async function commitOf(git: GitFolder, ref: string): Promise<string> {
  const resolve = (text: string) =>
    git
      .run(['rev-parse', '--verify', '--quiet', '--end-of-options', text])
      .catch((error: unknown) => {
        if (error instanceof GitError) return null;
        throw error;
      });
  const found = await resolve(`${ref}^{commit}`);
  if (found !== null) return found.toString().trim();
  if ((await resolve(ref)) !== null) throw new GitError(git.shown, `${ref} leads to no commit`);
  const list = [
    'for-each-ref',
    '--count=10',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/remotes',
  ];
  const names = (await git.run(list)).toString().trim().split('\n').join(', ');
  const known = names === '' ? 'it has no branch' : `its branches are ${names}`;
  throw new Problem(`the repository ${git.shown} has no ${ref}; ${known}; choose one with --ref`);
}

async function commitsOf(
  git: GitFolder,
  tip: string,
  path: string,
): Promise<readonly RecordedCommit[]> {
  const log = ['log', '--first-parent', '--reverse', '--no-show-signature', '--format=%H %T'];
  const lines = (await git.run([...log, tip, '--', path])).toString().split('\n');
  const commits = lines.flatMap((line): [id: string, tree: string][] => {
    const [id, tree] = line.split(' ');
    return id && tree ? [[id, tree]] : [];
  });
  if (commits.length === 0) return [];
  const empty = (await git.run(['hash-object', '-t', 'tree', '--stdin'])).toString().trim();
  const pairs = commits.map(([, tree], at) => `${commits[at - 1]?.[1] ?? empty} ${tree}\n`);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const diff = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames'];
  const all = await git.run([...diff, '--', folder || '.'], pairs.join(''));
  const places = placesOf(all);
  return commits.map(([id], at) => ({
    id,
    changes: () => parseChanges(all, places[at] ?? all.length, places[at + 1] ?? all.length),
  }));
}

/** Of `git diff-tree --stdin -z --raw`: a line with two trees, then a header and a path for each file. */
function placesOf(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    // `:` begins a file; anything else is the line of the next pair.
    if (bytes[at] === FILE) at = bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1;
    else {
      at = bytes.indexOf(LINE_END, at) + 1;
      places.push(at);
    }
  }
  return places;
}

const FILE = 0x3a;
const LINE_END = 0x0a;

function parseChanges(bytes: Buffer, from: number, to: number): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (let at = from; at < to && bytes[at] === FILE; ) {
    const header = bytes.indexOf(0, at);
    const end = bytes.indexOf(0, header + 1);
    const [, mode, , blob] = bytes.toString('latin1', at, header).split(' ') as string[];
    const path = bytes.toString('utf8', header + 1, end);
    // A link or a submodule is no document.
    changes.set(path, mode?.startsWith('100') ? (blob ?? null) : null);
    at = end + 1;
  }
  return changes;
}
