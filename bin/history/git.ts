// Reads a git repository through git itself: no network, no hooks, nothing written.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Problem } from '../../core/problem.ts';
import { errorCode } from '../problem.ts';

/** Git reads this repository, whatever the environment, the folders above or its own settings say. */
const SETTINGS = ['--no-replace-objects', '-c', 'protocol.allow=never', '-c', 'gc.auto=0'];

function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(own),
    ...{ LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' },
    GIT_CEILING_DIRECTORIES: dirname(folder),
  };
}

export interface GitFolder {
  /** As the person gave it. */
  readonly shown: string;
  /** A command's output. @throws Problem if it fails or is interrupted */
  run(args: readonly string[], input?: string): Promise<Buffer>;
  start(args: readonly string[]): GitProcess;
}

export interface GitProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Rejects if git fails. */
  readonly ended: Promise<void>;
}

/** @throws Problem if there is no such folder */
export async function gitFolder(shown: string, signal: AbortSignal): Promise<GitFolder> {
  const folder = resolve(shown);
  const is = await stat(folder).catch(() => undefined);
  if (is === undefined) throw new Problem(`there is no folder ${shown}; give a git repository`);
  if (!is.isDirectory()) {
    const clone = 'if it is a bundle, make a repository of it: git clone FILE FOLDER';
    throw new Problem(`${shown} is a file, not a git repository; ${clone}`);
  }
  const start = (args: readonly string[]): GitProcess => {
    const child = spawn('git', ['-C', folder, ...SETTINGS, ...args], {
      env: environment(folder),
      stdio: 'pipe',
      // Ctrl-C is for us: git would end first, and look like a fault.
      detached: true,
    });
    const kill = () => child.kill();
    signal.addEventListener('abort', kill);
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      if (said.length < 10_000) said += bytes.toString();
    });
    // What git has not read when it ends is told by its exit code.
    child.stdin.on('error', () => {});
    const ended = new Promise<void>((done, fail) => {
      child.on('error', (error) => fail(notStarted(error)));
      child.on('close', (code) => {
        signal.removeEventListener('abort', kill);
        if (signal.aborted) fail(signal.reason);
        else if (code === 0) done();
        else fail(new GitError(shown, said));
      });
    });
    ended.catch(() => {});
    return { child, ended };
  };
  return {
    shown,
    start,
    async run(args, input = '') {
      const { child, ended } = start(args);
      const pieces: Buffer[] = [];
      child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
      child.stdin.end(input);
      await ended;
      return Buffer.concat(pieces);
    },
  };
}

function notStarted(error: Error): Error {
  if (errorCode(error) !== 'ENOENT') return error;
  return new Problem('there is no git on the PATH; install it, and run again', { cause: error });
}

/** Git's own words, and what to do. */
export class GitError extends Problem {
  readonly said: string;
  constructor(shown: string, said: string) {
    const line =
      said.split('\n').find((one) => /^(fatal|error): /.test(one)) ?? said.split('\n')[0];
    const what = (line ?? '').replace(/^(fatal|error): /, '').trim() || 'git ended without a word';
    super(
      `cannot read the repository ${shown}: ${what}; if it is damaged, git fsck says more, and a new clone helps`,
    );
    this.said = said;
  }
}
