// The command that starts this program from the current folder, for texts that name one: in a checkout, beside an installed
// package, or anywhere else.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The scripts that can be the one that runs, in a checkout and in the package. */
const CHECKOUT = /^(.*)\/bin\/(?:mirrorwatch|start)\.ts$/;

export interface Started {
  /** The script that runs, as an absolute path. */
  readonly script: string;
  readonly cwd: string;
  /** The Node that runs it. */
  readonly node: string;
}

/** @returns words for a POSIX shell, to which arguments are added */
export function ownCommand(started: Started = startedHere()): string {
  const { cwd, node } = started;
  const script = real(started.script);
  const [, root] = CHECKOUT.exec(script) ?? [];
  // npm changes to the folder of the package: paths that are not absolute would mean others.
  if (root !== undefined && real(cwd) === root) return 'npm run mirrorwatch --';
  if (root === undefined && installedAt(cwd) === script) return 'npx mirrorwatch';
  const entry = root === undefined ? started.script : join(root, 'bin/mirrorwatch.ts');
  const near = relative(cwd, entry);
  return `${shellWord(node)} ${shellWord(near.startsWith('..') ? entry : near)}`;
}

function startedHere(): Started {
  return { script: resolve(process.argv[1] ?? ''), cwd: process.cwd(), node: process.execPath };
}

/** The program that `npx mirrorwatch` would take: that of the nearest folder with one. */
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

/** A text so that a shell takes it as one word; left as it is where it is one anyway. */
export function shellWord(text: string): string {
  return /^[\w./:@+][\w./:@+-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
