// `cdk synth` as anyone may run it: no account, no region, no network. The bundles that come out
// are what Lambda will load.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './synthesize.ts';

const run = promisify(execFile);

/** Preloaded into the app: whoever opens a socket or looks a name up ends it. */
const NO_NETWORK = `
import dns from 'node:dns';
import net from 'node:net';
const refuse = () => { throw new Error('the network was asked'); };
net.Socket.prototype.connect = refuse;
dns.lookup = refuse;
dns.promises.lookup = refuse;
`;

let folder: string;

const synth = (choices: Readonly<Record<string, string>>, outdir: string) =>
  run(process.execPath, ['--import', join(folder, 'no-network.mjs'), 'bin/app.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: join(folder, outdir),
      CDK_CONTEXT_JSON: JSON.stringify(choices),
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-synth-'));
  await writeFile(join(folder, 'no-network.mjs'), NO_NETWORK);
});
afterAll(() => rm(folder, { recursive: true }));

describe('cdk synth', () => {
  test('makes the template and bundles that load, with no account and no network', async () => {
    await synth({}, 'out');
    const out = join(folder, 'out');
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.artifacts.Mirrorwatch.environment).toBe('aws://unknown-account/unknown-region');
    // Looked up values would be asked for here.
    expect(manifest.missing ?? []).toEqual([]);

    const bundles = (await readdir(out)).filter((name) => name.startsWith('asset.'));
    expect(bundles).toHaveLength(7);
    const entries = bundles.map((name) => join(out, name, 'index.mjs'));
    const check = `for (const file of ${JSON.stringify(entries)}) {
      const { handler } = await import(file);
      if (typeof handler !== 'function') throw new Error(file);
    }`;
    await run(process.execPath, ['--input-type=module', '--eval', check], {
      env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1' },
    });
    const sites = await Promise.all(
      bundles.map((name) => readdir(join(out, name, 'site')).catch(() => [])),
    );
    expect(sites.flat()).toContain('index.html');
  }, 120_000);

  test('says in one line what a choice should be, and makes nothing', async () => {
    const failure = await synth({ retentionDays: '31' }, 'none').catch((error) => error);
    expect(failure.code).toBe(1);
    expect(failure.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^mirrorwatch: retentionDays cannot be 31: it takes one of 1, 3, /),
    ]);
    expect(await readdir(join(folder, 'none'))).not.toContain('Mirrorwatch.template.json');
  }, 60_000);
});
