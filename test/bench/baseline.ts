// The baseline: what one would write with common tools. For each dataset `git ls-remote`, a bare
// clone without blobs, `git ls-tree`, the SDK's paginator, two sets and a sort. It is told which
// version to compare, and neither reads the registry nor writes documents.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { byBytes, type Found } from './outcome.ts';
import type { Addresses } from './serve-archive.ts';

export interface BaselineJob {
  readonly addresses: Addresses;
  readonly datasets: readonly { readonly id: string; readonly tag: string }[];
  /** Concurrent datasets: the product's default. */
  readonly width: number;
  /** File for the results: `Found[]` as JSON. */
  readonly results: string;
}

const GITLINK = '160000';

/** No user settings, and no terminal prompt. */
const GIT_ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

const execute = promisify(execFile);
const git = (...args: string[]) => execute('git', args, { env: GIT_ENV, maxBuffer: 1 << 30 });

async function readTree(url: string, tag: string, folder: string) {
  const { stdout: refs } = await git('ls-remote', '--symref', url);
  if (!refs.includes(`refs/tags/${tag}`)) throw new Error(`${url} has no tag ${tag}`);
  const clone = ['clone', '--quiet', '--bare', '--filter=blob:none', '--depth=1'];
  await git(...clone, '--branch', tag, '-c', 'advice.detachedHead=false', url, folder);
  return listTree(folder);
}

/** `MODE SP TYPE SP OID TAB PATH NUL` for each file. */
async function listTree(folder: string): Promise<{ paths: Set<string>; gitlinks: Set<string> }> {
  const child = spawn('git', ['-C', folder, 'ls-tree', '-r', '-z', 'HEAD'], {
    env: GIT_ENV,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const paths = new Set<string>();
  const gitlinks = new Set<string>();
  let rest = '';
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    const entries = (rest + text).split('\0');
    rest = entries.pop() ?? '';
    for (const entry of entries) {
      const path = entry.slice(entry.indexOf('\t') + 1);
      if (entry.startsWith(GITLINK)) gitlinks.add(path);
      else paths.add(path);
    }
  }
  const code = await ended;
  if (code !== 0) throw new Error(`git ls-tree ended with ${code}`);
  return { paths, gitlinks };
}

async function listKeys(client: S3Client, bucket: string, id: string): Promise<Set<string>> {
  const prefix = `${id}/`;
  const keys = new Set<string>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) keys.add((Key ?? '').slice(prefix.length));
  }
  return keys;
}

function openClient({ export: url }: Addresses): { client: S3Client; bucket: string } {
  const cut = url.lastIndexOf('/');
  const client = new S3Client({
    endpoint: url.slice(0, cut),
    forcePathStyle: true,
    region: 'us-east-1',
    // Anonymous: credentials are looked up even if nothing is signed.
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: { sign: async (request) => request },
  });
  return { client, bucket: url.slice(cut + 1) };
}

async function main({ addresses, datasets, width, results }: BaselineJob): Promise<void> {
  const { client, bucket } = openClient(addresses);
  const home = mkdtempSync(join(tmpdir(), 'mirrorwatch-baseline-'));
  const found: Found[] = [];
  const queue = datasets.values();
  const work = async (): Promise<void> => {
    for (const { id, tag } of queue) {
      const folder = join(home, id);
      const [{ paths, gitlinks }, keys] = await Promise.all([
        readTree(`${addresses.mirror}/${id}.git`, tag, folder),
        listKeys(client, bucket, id),
      ]);
      rmSync(folder, { recursive: true });
      const added = [...paths].filter((path) => !keys.has(path)).sort(byBytes);
      const removed = [...keys]
        .filter((key) => !paths.has(key) && !gitlinks.has(key))
        .sort(byBytes);
      found.push({
        id,
        tag,
        files: paths.size + gitlinks.size,
        keys: keys.size,
        added,
        removed,
      });
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  client.destroy();
  rmSync(home, { recursive: true });
  writeFileSync(results, JSON.stringify(found));
}

await main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BaselineJob);
