// For the tests of sample/git: a server on loopback, real git in its own folder, and requests
// written by hand.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import {
  createGitHandler,
  type GitHandlerOptions,
  type SampleRepository,
  type TreeSpec,
} from '../../sample/git/index.ts';

export const hasGit = spawnSync('git', ['--version']).status === 0;
export const needsGit = hasGit ? '' : ' (SKIPPED: git is not installed)';

export interface GitServer {
  readonly url: (id: string) => string;
  readonly close: () => void;
}

/** Serves repositories at /{id}.git; the map may change while it serves. */
export async function serveGit(
  repositories: Map<string, SampleRepository>,
  options?: GitHandlerOptions,
): Promise<GitServer> {
  const handle = createGitHandler(async (id) => repositories.get(id), options);
  const server: Server = createServer((request, response) => {
    const [, id = '', rest = ''] = /^\/([^/]+)\.git\/([^?]*)/.exec(request.url ?? '') ?? [];
    handle(request, response, id, rest).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (id) => `http://127.0.0.1:${port}/${id}.git`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export interface Scratch {
  readonly path: (...parts: string[]) => string;
  readonly remove: () => void;
}

export function scratchFolder(): Scratch {
  const root = mkdtempSync(join(tmpdir(), 'mirrorwatch-git-'));
  return {
    path: (...parts) => join(root, ...parts),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const run = promisify(execFile);

/** Real git, unaffected by the machine's own settings. @throws with git's message if it fails. */
export async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, {
    encoding: 'latin1',
    maxBuffer: 2 ** 26,
    env: {
      ...process.env,
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    },
  });
  return stdout;
}

/** The number of objects of each type that a repository on disk really holds. */
export async function objectCounts(folder: string): Promise<Record<string, number>> {
  const types = await git(
    ...['-C', folder, 'cat-file', '--batch-all-objects', '--unordered'],
    '--batch-check=%(objecttype)',
  );
  return countBy(types.trim().split('\n'));
}

export function countBy(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

export function pkt(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}

/** The body of a v2 request. */
export function commandBody(command: string, args: readonly string[]): Buffer {
  return Buffer.from(`${pkt(`command=${command}\n`)}0001${args.map(pkt).join('')}0000`);
}

export async function post(
  url: string,
  body: Buffer,
  headers: Record<string, string> = { 'Git-Protocol': 'version=2' },
): Promise<{ status: number; body: Buffer }> {
  const answer = await fetch(`${url}/git-upload-pack`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers,
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}

/** The pack in a v2 fetch answer, out of its side band. */
export async function fetchPack(url: string, args: readonly string[]): Promise<Buffer> {
  const { body } = await post(url, commandBody('fetch', [...args, 'done']));
  const pieces: Buffer[] = [];
  let at = body.indexOf('packfile\n');
  if (at < 0) throw new Error(body.toString());
  for (at += 'packfile\n'.length; at < body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (body[at + 4] === 1) pieces.push(body.subarray(at + 5, at + length));
    at += Math.max(length, 4);
  }
  return Buffer.concat(pieces);
}

const ENTRY_TYPES = ['', 'commit', 'tree', 'blob', 'tag', '', 'ofs-delta', 'ref-delta'];

/** The types of a pack's entries as stored, in order. */
export function storedTypes(pack: Buffer): string[] {
  const types: string[] = [];
  let at = 12;
  while (at < pack.length - 20) {
    const type = ENTRY_TYPES[((pack[at] as number) >> 4) & 7] as string;
    types.push(type);
    while ((pack[at++] as number) & 0x80);
    if (type === 'ref-delta') at += 20;
    if (type === 'ofs-delta') while ((pack[at++] as number) & 0x80);
    const { engine } = inflateSync(pack.subarray(at), { info: true }) as unknown as {
      engine: { bytesWritten: number };
    };
    at += engine.bytesWritten;
  }
  return types;
}

/** A typical dataset: subjects with images, some of them changed in each version. */
export function datasetTree(version: number, subjects = 12): TreeSpec {
  const tree: TreeSpec = new Map();
  const text = `{"Name": "A dataset", "DatasetDOI": "version ${version}"}\n`;
  tree.set('dataset_description.json', { mode: 0o100644, content: text });
  tree.set('README', { mode: 0o100644, content: `${'All about it. '.repeat(40)}${version}\n` });
  tree.set('run.sh', { mode: 0o100755, content: '#!/bin/sh\n' });
  for (let subject = 1; subject <= subjects; subject++) {
    const id = `sub-${String(subject).padStart(2, '0')}`;
    const images: TreeSpec = new Map();
    for (let image = 0; image < 20; image++) {
      const changed = subject === version && image === 0 ? `-v${version}` : '';
      const content = `../../.git/annex/objects/MD5E-s${image}--${image}${changed}.nii.gz`;
      images.set(`${id}_run-${image}_bold.nii.gz`, { mode: 0o120000, content });
    }
    tree.set(id, new Map([['func', images]]));
  }
  return tree;
}
