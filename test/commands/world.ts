// An archive whose copies are real: git-annex repositories on a "server", mirrors behind git's own
// `git http-backend`, an S3 with versions (MiniStack), and a registry that shows the server's tags.
// The monitor's command line runs over it, and its printed commands run in a shell.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Causes } from '../../archives/openneuro/documents.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import type { SampleArchive, SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import { askRegistry, type RegistryQuestion } from '../../archives/openneuro/sample/registry.ts';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { causesPath, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { installPython, startEmulator, withoutAws } from '../aws/emulator.ts';
import { runBackend } from '../core/protocols/git/git-server.ts';

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const missing = [
  ...(has('git', 'annex', 'version') ? [] : ['git-annex']),
  ...(has('python3', '--version') ? [] : ['python3']),
];
/** A gate must not pass because a program is missing. */
export const skips = missing.length > 0 && !process.env.CI;
export const whySkipped = skips ? ` (SKIPPED: ${missing.join(' and ')} not installed)` : '';

const ROOT = join(import.meta.dirname, '../..');
const AWS_VERSION = '1.45.11';
const BUCKET = 'openneuro.example';
/** No command takes a tenth of it; a command that prompts never ends. */
const ENDS_WITHIN_MS = 60_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World {
  /** Of the shell that commands run in. */
  readonly env: NodeJS.ProcessEnv;
  readonly addresses: { readonly registry: string; readonly mirror: string; readonly s3: string };
  /** A correct dataset: versions `1.0.0` … in git, on the mirror, exported one by one. */
  createDataset(tags?: readonly string[]): Promise<Dataset>;
  /** Runs a text as if somebody pasted it into a shell. */
  shell(command: string): Promise<Ran>;
  /** Makes the objects of a dataset unreadable to everybody. */
  closeObjects(dataset: Pick<Dataset, 'id'>): Promise<void>;
  /** Its output. @throws if it failed */
  must(command: string): Promise<string>;
  close(): Promise<void>;
}

export interface Dataset {
  readonly id: string;
  /** Its repository on the server. */
  readonly folder: string;
  /** Its bare repository behind the mirror's address. */
  readonly bare: string;
  git(...args: readonly string[]): Promise<string>;
  mirrorGit(...args: readonly string[]): Promise<string>;
  /** Writes, commits and tags the files of a version. */
  commit(tag: string, files?: Readonly<Record<string, string>>): Promise<void>;
  /** The files that `commit` writes by itself. */
  filesOf(tag: string): Record<string, string>;
  commitOf(tag: string): string;
  treeOf(tag: string): string;
  /** Everything that a command could change: refs of both repositories, versions of all objects. */
  state(): Promise<string>;
  push(): Promise<void>;
  exportTag(tag: string): Promise<void>;
  /** Object of a path, for the AWS command line. */
  object(path: string): string;
  /** The monitor's next run: its row, and the causes with their commands. */
  look(): Promise<{ readonly row: SummaryRow; readonly causes: Causes['causes'] }>;
}

/** A name that needs quotes in a shell, escapes in a URL, and base64 in a git-annex log. */
export const ANNEXED = "sub-01/it's 100% $(x) é&#+.bin";
/** Files below this size are in git itself. */
const LARGE = 1000;

export async function createWorld(): Promise<World> {
  const scratch = mkdtempSync(join(tmpdir(), 'mirrorwatch-commands-'));
  const at = (...parts: string[]) => join(scratch, ...parts);
  for (const folder of ['home', 'datasets', 'mirrors', 'data']) mkdirSync(at(folder));
  const emulator = await startEmulator({ plain: true });
  const aws = await installPython('awscli', AWS_VERSION);
  const env = {
    ...withoutAws(process.env),
    PATH: [join(aws, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: at('home'),
    TMPDIR: at('data'),
    LC_ALL: 'C.UTF-8',
    DATASETS: at('datasets'),
    GIT_CONFIG_NOSYSTEM: '1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  writeFileSync(
    at('home/.gitconfig'),
    [
      '[user]\nname = Operator\nemail = operator@example.org',
      '[annex "security"]\nallowed-ip-addresses = 127.0.0.1',
    ].join('\n'),
  );

  const shell = (command: string): Promise<Ran> => runShell(command, { env, cwd: at('data') });
  const must = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await shell(command);
    if (code !== 0) throw new Error(`${command}\nended with ${code}\n${stdout}${stderr}`);
    return stdout;
  };

  const s3 = `aws s3api --endpoint-url ${emulator.endpoint}`;
  await must(`${s3} create-bucket --bucket ${BUCKET}`);
  await must(
    `${s3} put-bucket-versioning --bucket ${BUCKET} --versioning-configuration Status=Enabled`,
  );
  await must(`${s3} delete-public-access-block --bucket ${BUCKET}`);
  const setPolicy = async (closed: readonly string[]) => {
    const text = JSON.stringify(policy(closed));
    await must(words(...s3.split(' '), 'put-bucket-policy', '--bucket', BUCKET, '--policy', text));
  };
  await setPolicy([]);

  const archive: SampleArchive = { datasets: [] };
  const server = await listen((request, response) => {
    const url = request.url ?? '/';
    if (url.startsWith('/git/')) {
      const address = url.slice('/git'.length);
      runBackend({ root: at('mirrors'), address, env }, request, response);
    } else serveRegistry(archive, request, response);
  });
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const addresses = {
    registry: `${host}/crn/graphql`,
    mirror: `${host}/git`,
    s3: `${emulator.endpoint}/${BUCKET}`,
  };

  let made = 0;
  const createDataset: World['createDataset'] = async (tags = ['1.0.0', '1.0.1']) => {
    made += 1;
    const id = `ds${String(made).padStart(6, '0')}`;
    const folder = at('datasets', id);
    const bare = at('mirrors', `${id}.git`);
    const git = (...args: readonly string[]) => must(words('git', '-C', folder, ...args));
    const mirrorGit = (...args: readonly string[]) => must(words('git', '-C', bare, ...args));
    await must(words('git', 'init', '-q', '--bare', '-b', 'main', bare));
    await mirrorGit('config', 'http.receivepack', 'true');
    // As on GitHub.
    await mirrorGit('config', 'uploadpack.allowFilter', 'true');
    await mirrorGit('config', 'uploadpack.allowAnySHA1InWant', 'true');
    await must(words('git', 'init', '-q', '-b', 'main', folder));
    await git('annex', 'init', '-q', 'server');
    await git('config', 'annex.largefiles', `largerthan=${LARGE - 1}b`);
    await git('config', 'annex.backend', 'MD5E');
    const endpoint = new URL(emulator.endpoint);
    await git(
      ...['annex', 'initremote', '-q', 's3-PUBLIC', 'type=S3', 'exporttree=yes', 'versioning=yes'],
      ...['encryption=none', `bucket=${BUCKET}`, `host=${endpoint.hostname}`, 'protocol=http'],
      ...[`port=${endpoint.port}`, 'requeststyle=path', `fileprefix=${id}/`, 'public=no'],
      ...['partsize=1GiB', 'autoenable=true'],
    );
    const dataset: Dataset = {
      id,
      folder,
      bare,
      git,
      mirrorGit,
      async commit(tag, files = filesOf(id, tag)) {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          rmSync(join(folder, path), { force: true });
          writeFileSync(join(folder, path), text);
        }
        await git('annex', 'add', '-q', '.');
        await git('commit', '-q', '-m', tag);
        await git('tag', tag);
      },
      filesOf: (tag) => filesOf(id, tag),
      commitOf: (tag) => revParse(folder, `${tag}^{commit}`),
      treeOf: (tag) => revParse(folder, `${tag}^{tree}`),
      async state() {
        const versions = await fetch(`${addresses.s3}?versions&prefix=${id}/`);
        if (!versions.ok) throw new Error(`the versions of ${id}: ${versions.status}`);
        const parts = [
          git('for-each-ref'),
          mirrorGit('for-each-ref').catch(() => ''),
          versions.text(),
        ];
        return (await Promise.all(parts)).join();
      },
      async push() {
        await git('push', '-q', `${addresses.mirror}/${id}.git`, 'main', 'git-annex', '--tags');
      },
      async exportTag(tag) {
        await git('annex', 'export', '-q', tag, '--to', 's3-PUBLIC');
      },
      object: (path) => word(`s3://${BUCKET}/${id}/${path}`),
      look: () => look(id),
    };
    for (const tag of tags) {
      await dataset.commit(tag);
      await dataset.exportTag(tag);
    }
    if (tags.length > 0) await dataset.push();
    archive.datasets.push(registered(dataset));
    return dataset;
  };

  const look = async (id: string) => {
    const out = at('data', id);
    const { code, stdout, stderr } = await shell(
      words(
        ...[process.execPath, join(ROOT, 'bin/mirrorwatch.ts'), 'run', '--out', out],
        ...['--datasets', id, '--new-dataset-days', '0', '--publish-anyway'],
        ...['--registry-url', addresses.registry, '--mirror-url', addresses.mirror],
        ...['--export-url', addresses.s3, '--checks', [...CONTENT_CHECKS, 'leftovers'].join()],
      ),
    );
    if (code !== 0) throw new Error(`the monitor ended with ${code}\n${stdout}${stderr}`);
    const read = <T>(path: string) => JSON.parse(readFileSync(join(out, path), 'utf8')) as T;
    const row = read<Summary>(SUMMARY_PATH).datasets.find((one) => one.id === id);
    if (row === undefined) throw new Error(`no row of ${id}\n${stdout}${stderr}`);
    const causes = row.causes?.length ? read<Causes>(causesPath(id)).causes : [];
    return { row, causes };
  };

  return {
    env,
    addresses,
    createDataset,
    shell,
    must,
    closeObjects: ({ id }) => setPolicy([id]),
    async close() {
      server.closeAllConnections();
      server.close();
      await emulator.stop();
      // Annexed content is write-protected.
      spawnSync('chmod', ['-R', 'u+w', scratch]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** As in OpenNeuro's bucket: everybody may read, except in some datasets. */
const policy = (closed: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: `arn:aws:s3:::${BUCKET}/*`,
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:ListBucket', 's3:ListBucketVersions'],
      Resource: `arn:aws:s3:::${BUCKET}`,
    },
    ...closed.map((id) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/${id}/*`,
    })),
  ],
});

const revParse = (folder: string, what: string): string =>
  spawnSync('git', ['-C', folder, 'rev-parse', what]).stdout.toString().trim();

const word = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const words = (...all: readonly string[]): string => all.map(word).join(' ');

/** In git itself and in the annex; different in each version. */
function filesOf(id: string, tag: string): Record<string, string> {
  return {
    'dataset_description.json': JSON.stringify({
      Name: 'A dataset',
      BIDSVersion: '1.8.0',
      DatasetDOI: `doi:10.18112/openneuro.${id}.v${tag}`,
    }),
    README: `The dataset ${id}.\n`,
    [ANNEXED]: `${tag} ${'x'.repeat(2 * LARGE)}`,
    'sub-01/unchanged.bin': 'y'.repeat(3 * LARGE),
  };
}

/** As the registry shows it: the tags of the server's repository. */
function registered({ id, git }: Dataset): SampleDataset {
  return {
    id,
    name: id,
    created: '2020-01-01T00:00:00.000Z',
    publishDate: '2020-01-01T00:00:00.000Z',
    async snapshots() {
      const tags = await git(
        'tag',
        '--sort=v:refname',
        '--format=%(refname:strip=2) %(objectname)',
      );
      return tags
        .trim()
        .split('\n')
        .map((line) => {
          const [tag = '', hexsha = ''] = line.split(' ');
          return { tag, created: '2020-01-01T00:00:00.000Z', hexsha };
        });
    },
    async mirror() {
      return undefined;
    },
    export: {
      objects() {
        throw new Error('the bucket is a real one');
      },
    },
  };
}

function serveRegistry(archive: SampleArchive, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const question = JSON.parse(Buffer.concat(chunks).toString()) as RegistryQuestion;
    const answer = await askRegistry(archive, question, { pageSizeLimit: 100 });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Through bash, without a terminal or input; killed if it does not end. */
export function runShell(
  command: string,
  { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  within = ENDS_WITHIN_MS,
): Promise<Ran> {
  const child = spawn('setsid', ['bash', '-c', command], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return finished(child, within);
}

function finished(child: ChildProcess, within: number): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), within);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ code, stdout: text(out), stderr: text(err) });
    });
  });
}
