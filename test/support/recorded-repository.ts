// Git repositories as an older system left them: a commit a run. Made with git itself.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Null removes the file. */
export type Files = Readonly<Record<string, object | string | null>>;

export interface Commit {
  /** Below the root of the repository; the others stay as they are. */
  readonly files: Files;
  /** Of the committer, as git writes it: `1774076262 +0000`. */
  readonly at?: string;
  /** Another branch than main. */
  readonly branch?: string;
  /** Symbolic links, by path. */
  readonly links?: Readonly<Record<string, string>>;
  /** A branch that is merged. */
  readonly merges?: string;
}

const run = promisify(execFile);
/** A person's settings must not count. */
const ENV = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: folder, env: ENV, maxBuffer: 1e9 });
  return stdout;
}

/** Makes a bare repository; commits may be as many and as large as one likes. */
export async function makeRepository(
  folder: string,
  commits: Iterable<Commit> | AsyncIterable<Commit>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await git(folder, 'init', '-q', '--bare', '-b', 'main', '.');
  const child = spawn('git', ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'], {
    cwd: folder,
    env: ENV,
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const closed = once(child, 'close');
  const write = async (bytes: string | Buffer) => {
    if (!child.stdin.write(bytes)) await once(child.stdin, 'drain');
  };
  let second = 1_774_000_000;
  for await (const { files, at, branch = 'main', merges, links = {} } of commits) {
    second += 60;
    const merge = merges === undefined ? '' : `merge refs/heads/${merges}\n`;
    const pieces = [
      `commit refs/heads/${branch}\ncommitter Recorder <recorder@example.org> ${at ?? `${second} +0000`}\ndata 8\nrecorded\n${merge}`,
    ];
    for (const [path, content] of Object.entries(files)) {
      if (content === null) pieces.push(`D ${path}\n`);
      else {
        const text =
          typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
        pieces.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
      }
    }
    for (const [path, target] of Object.entries(links)) {
      pieces.push(`M 120000 inline ${path}\ndata ${Buffer.byteLength(target)}\n${target}\n`);
    }
    await write(pieces.join(''));
  }
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`git fast-import: ${said}`);
  return folder;
}
