// `cdk synth` as anyone may run it: no account, no region, no network. Lambda will load the
// resulting bundles.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changePage, copyCheckout } from '../support/checkout.ts';
import { filesBelow } from '../support/tree.ts';
import { prefixed } from './synthesize.ts';

const run = promisify(execFile);

/** Preloaded into the app: opening a socket or looking up a name ends the process. */
const NO_NETWORK = `
import dns from 'node:dns';
import net from 'node:net';
const refuse = () => { throw new Error('the network was asked'); };
net.Socket.prototype.connect = refuse;
dns.lookup = refuse;
dns.promises.lookup = refuse;
`;

let folder: string;
let checkout: string;

const node = (...args: string[]) => run(process.execPath, args, { cwd: checkout });
const synth = (choices: Readonly<Record<string, string>>, outdir: string) =>
  run(process.execPath, ['--import', join(folder, 'no-network.mjs'), 'bin/app.ts'], {
    cwd: checkout,
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: join(folder, outdir),
      CDK_CONTEXT_JSON: JSON.stringify(prefixed(choices)),
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-synth-'));
  await writeFile(join(folder, 'no-network.mjs'), NO_NETWORK);
  checkout = join(folder, 'checkout');
  await copyCheckout(checkout);
  // Built before the sources changed, as in a checkout that was pulled.
  await node('scripts/build.ts');
  await node('scripts/build-site.ts', '--quiet');
  await changePage(checkout, 'changed');
  await synth({}, 'out');
}, 240_000);
afterAll(() => rm(folder, { recursive: true }));

describe('cdk synth', () => {
  const out = () => join(folder, 'out');
  const bundles = async () => {
    const names = (await readdir(out())).filter((name) => name.startsWith('asset.'));
    return names.map((name) => join(out(), name));
  };

  test('makes the template and bundles that load, with no account and no network', async () => {
    const manifest = JSON.parse(await readFile(join(out(), 'manifest.json'), 'utf8'));
    expect(manifest.artifacts.Mirrorwatch.environment).toBe('aws://unknown-account/unknown-region');
    // Looked-up values would be requested here.
    expect(manifest.missing ?? []).toEqual([]);

    const entries = (await bundles()).map((bundle) => join(bundle, 'index.mjs'));
    expect(entries).toHaveLength(9);
    const check = `for (const file of ${JSON.stringify(entries)}) {
      const { handler } = await import(file);
      if (typeof handler !== 'function') throw new Error(file);
    }`;
    await run(process.execPath, ['--input-type=module', '--eval', check], {
      env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1' },
    });
  }, 120_000);

  test('carries the page of the sources as they are, not one that was built before', async () => {
    const [carried, ...others] = (await bundles())
      .map((bundle) => join(bundle, 'site'))
      .filter((site) => existsSync(site));
    expect(others).toEqual([]);
    const published = filesBelow(carried as string);

    const built = join(folder, 'built');
    await node('scripts/build-site.ts', '--quiet', '--out', built);
    expect(published).toEqual(filesBelow(built));
    expect(published.get('index.html')?.toString()).toContain('<!-- changed -->');
    for (const place of ['site', 'dist/site']) {
      const before = filesBelow(join(checkout, place));
      expect(before.get('index.html')?.toString()).toContain('<div id="page">');
      expect(before).not.toEqual(published);
    }
  }, 60_000);

  test('says in one line what a choice should be, and makes nothing', async () => {
    const failure = await synth({ retentionDays: '31' }, 'none').catch((error) => error);
    expect(failure.code).toBe(1);
    expect(failure.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^mirrorwatch: mirrorwatch:retentionDays cannot be "31": it takes one of 1, 3, /,
      ),
    ]);
    expect(await readdir(join(folder, 'none'))).not.toContain('Mirrorwatch.template.json');
  }, 60_000);
});
