// The command that starts this program from the current folder, for texts that show one: in a
// checkout, beside an installed package, or elsewhere.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Scripts that may be running, in a checkout and in the package. */
const CHECKOUT = /^(.*)\/bin\/(?:mirrorwatch|start)\.ts$/;

export interface Started {
  /** The running script, as an absolute path. */
  readonly script: string;
  readonly cwd: string;
  /** The Node that runs it. */
  readonly node: string;
}

/** @returns words for a POSIX shell; arguments are appended */
export function ownCommand(started: Started = startedHere()): string {
  const { cwd, node } = started;
  const script = real(started.script);
  const [, root] = CHECKOUT.exec(script) ?? [];
  // npm changes to the package's folder, so relative paths would have another meaning.
  if (root !== undefined && real(cwd) === root) return 'npm run mirrorwatch --';
  if (root === undefined && installedAt(cwd) === script) return 'npx mirrorwatch';
  const entry = root === undefined ? started.script : join(root, 'bin/mirrorwatch.ts');
  const near = relative(cwd, entry);
  return `${shellWord(node)} ${shellWord(near.startsWith('..') ? entry : near)}`;
}

function startedHere(): Started {
  return { script: resolve(process.argv[1] ?? ''), cwd: process.cwd(), node: process.execPath };
}

/** The program that `npx mirrorwatch` runs: the one in the nearest folder that has it. */
function installedAt(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const entry = join(folder, 'node_modules/.bin/mirrorwatch');
    if (existsSync(entry)) return real(entry);
    if (dirname(folder) === folder) return null;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A text quoted as one word for a shell, if it needs quotes. */
export function shellWord(text: string): string {
  return /^[\w./:@+][\w./:@+-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
