// The sample archive's command line, as `npm run sample --` starts it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, start } from '../../../bin/cli.ts';

const sample = (...args: string[]) =>
  start(args, { script: join(ROOT, 'archives/openneuro/sample/main.ts') });

let recorded: string;
beforeAll(async () => {
  recorded = await mkdtemp(join(tmpdir(), 'mirrorwatch-recorded-'));
  const write = (path: string, document: object) => {
    mkdirSync(dirname(join(recorded, path)), { recursive: true });
    writeFileSync(join(recorded, path), JSON.stringify(document));
  };
  const latestSnapshots = { ds900001: '1.0.0', ds900002: '1.0.0', ds900003: '1.0.0' };
  write('datasets-registry.json', { latestSnapshots });
  for (const id of Object.keys(latestSnapshots)) {
    const snapshot = { hexsha: 'a'.repeat(40), created: '2020-01-01T00:00:00.000Z' };
    write(`datasets/${id}/snapshots.json`, { tags: ['1.0.0'] });
    write(`datasets/${id}/snapshots/1.0.0/metadata.json`, snapshot);
    write(`datasets/${id}/github.json`, { head: null, branches: {}, tags: {}, error: null });
    write(`datasets/${id}/s3-version.json`, { accessible: false });
  }
});
afterAll(() => rm(recorded, { recursive: true, force: true }));

test.each([
  { args: ['--datasets', '3', '--only', 'ds900002'], datasets: 1 },
  { args: ['--from', 'RECORDED', '--datasets', '2'], datasets: 2 },
  { args: ['--from', 'RECORDED', '--only', 'ds900003'], datasets: 1 },
])('$args serves $datasets datasets until it is ended', async ({ args, datasets }) => {
  const running = sample(...args.map((arg) => (arg === 'RECORDED' ? recorded : arg)));
  const [, count, url] = await running.says(
    /archive of (\d+) datasets at (http:\S+)\n(?:.*\n)*Ctrl-C/,
  );
  expect(Number(count)).toBe(datasets);
  const stats = await fetch(`${url}/_sample/stats`);
  expect(await stats.json()).toMatchObject({ refs: { requests: 0 } });
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
});

test('a requested fault happens', async () => {
  const running = sample('--datasets', '1', '--fault', 'description:503');
  const [, url] = await running.says(/export +(http:\S+)/);
  const answer = await fetch(`${url}/ds900001/dataset_description.json`);
  expect(answer.status).toBe(503);
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
});

test.each<[args: string[], code: number, words: RegExp]>([
  [['--sample', '5'], 2, /--sample narrows a replay/],
  [['--fault', 'refs:nope'], 2, /unknown fault "nope": one of 429, 500/],
  [['--latency', 'refs=x'], 2, /latency of refs is not a number/],
  [['--only', 'ds999999'], 1, /no generated dataset has such an id/],
  [['--from', '/no/such/folder'], 1, /no such folder/],
])('%j is one clear line and exit code %i', async (args, expected, words) => {
  const { code, stderr } = await sample(...args).ended;
  expect(stderr).toMatch(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(expected);
});
