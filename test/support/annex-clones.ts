// Clones of generated datasets as git-annex sees them, if it is installed: the oracle for keys,
// remotes, exports and versions. Nothing is downloaded: the bytes of annexed files exist nowhere.

import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  type GeneratedArchive,
  generateArchive,
} from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { specials } from '../../archives/openneuro/sample/specials/index.ts';
import { scratchFolder } from '../sample/git-support.ts';

export const hasAnnex = spawnSync('git', ['annex', 'version']).status === 0;
export const needsAnnex = hasAnnex ? '' : ' (SKIPPED: git-annex is not installed)';

/** An annexed file, as `git annex find` reports it. */
export interface AnnexFile {
  readonly file: string;
  readonly key: string;
  /** In bytes, or `unknown`. */
  readonly bytesize: string;
  readonly hashdirmixed: string;
  readonly hashdirlower: string;
}

/** Where git-annex would get an annexed file from. */
export interface AnnexPlace {
  readonly file: string;
  readonly whereis: readonly { readonly description: string; readonly urls: readonly string[] }[];
}

export interface AnnexClones {
  readonly archive: GeneratedArchive;
  readonly server: SampleServer;
  readonly path: (name: string) => string;
  /** The dataset for a rule, cloned and initialized for git-annex; shared by all callers. */
  cloneOf(rule: string): Promise<{ readonly id: string; readonly folder: string }>;
  /** Git in a clone, unaffected by the machine's own settings. */
  git(folder: string, ...args: string[]): Promise<string>;
  find(folder: string): Promise<AnnexFile[]>;
  whereis(folder: string): Promise<AnnexPlace[]>;
  exportedTree(folder: string, remote?: string): Promise<string | undefined>;
  treeOf(folder: string, tag: string): Promise<string>;
  close(): Promise<void>;
}

/** How a key is written as a file name. */
export function fileNameOf(key: string): string {
  const escapes: Record<string, string> = { '&': '&a', '%': '&s', ':': '&c', '/': '%' };
  return key.replace(/[&%:/]/g, (one) => escapes[one] as string);
}

const SETTINGS = ['user.name=test', 'user.email=test@localhost'];

export async function openAnnexClones(): Promise<AnnexClones> {
  const run = promisify(execFile);
  const archive = generateArchive({ datasets: specials(0).length });
  const server = await startSampleArchive({ archive });
  const scratch = scratchFolder();
  const home = scratch.path('home');
  mkdirSync(home, { recursive: true });
  const clones = new Map<string, Promise<{ id: string; folder: string }>>();

  const git = async (folder: string, ...args: string[]): Promise<string> => {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const { stdout } = await run('git', [...settings, ...args], {
      cwd: folder,
      maxBuffer: 2 ** 26,
      env: {
        ...process.env,
        HOME: home,
        LC_ALL: 'C.UTF-8',
        GIT_TERMINAL_PROMPT: '0',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
    });
    return stdout;
  };
  const json = async <T>(folder: string, ...args: string[]): Promise<T[]> => {
    const lines = await git(folder, 'annex', ...args, '--json');
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  };
  const clone = async (rule: string) => {
    const [id] = [...archive.expectations].find(([, one]) => one.rule === rule) ?? [];
    if (id === undefined) throw new Error(`no dataset for "${rule}"`);
    const folder = scratch.path(id);
    await git(home, 'clone', '-q', `${server.mirrorUrl}/${id}.git`, folder);
    await git(folder, 'annex', 'init', 'reader');
    return { id, folder };
  };

  return {
    archive,
    server,
    path: (name) => scratch.path(name),
    cloneOf(rule) {
      const known = clones.get(rule) ?? clone(rule);
      clones.set(rule, known);
      return known;
    },
    git,
    find: (folder) => json<AnnexFile>(folder, 'find', '--include=*'),
    whereis: (folder) => json<AnnexPlace>(folder, 'whereis'),
    async exportedTree(folder, remote = 's3-PUBLIC') {
      const info = await git(folder, 'annex', 'info', remote, '--fast');
      return /^exportedtree: (.*)$/m.exec(info)?.[1];
    },
    treeOf: async (folder, tag) => (await git(folder, 'rev-parse', `${tag}^{tree}`)).trim(),
    async close() {
      await server.close();
      scratch.remove();
    },
  };
}
