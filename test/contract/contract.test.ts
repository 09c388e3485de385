// What every archive must pass: the same runs through the command line, the functions' steps over
// both stores, validation, summary and plain page, with failing and recovering sources.
// docs/adding-an-archive.md says how to add one.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSiteServer } from '../../bin/serve/server.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { folderOf, PLAIN_PATH, STATUS_PATH } from '../../core/documents/paths.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { type Archive, servedBy } from '../../core/monitor/archive.ts';
import { checkOf } from '../../core/monitor/check.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import { PREFIXES } from '../../lambdas/names.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import { fakeCloud } from '../support/aws/cloud.ts';
import { dandiWorld } from './dandi.ts';
import { openneuroWorld } from './openneuro.ts';
import { runSteps } from './steps.ts';
import { toy } from './toy/index.ts';
import { toyWorld } from './toy/server.ts';
import type { World } from './world.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, 'cli.ts');
const DAY = 86_400_000;

describe.each([
  { name: 'toy', archive: toy as Archive, open: toyWorld },
  openneuroWorld,
  dandiWorld,
])('the archive $name', ({ archive, open }) => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await open();
    folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-contract-'));
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function command(...args: string[]) {
    const addresses = Object.entries(world.addresses).flatMap(([place, url]) => [
      `--${place}-url`,
      url,
    ]);
    const given = args[0] === 'run' ? ['--archive', archive.id, ...addresses] : [];
    try {
      const { stdout } = await run(process.execPath, [CLI, ...args, ...given]);
      return { code: 0, stdout };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, stdout };
    }
  }
  const runCommand = (out: string) => command('run', '--out', out, '--json');
  /** The archive's own folder. */
  const treeIn = (out: string) => join(out, folderOf(archive));
  const read = async (out: string, path: string) =>
    JSON.parse(await readFile(join(treeIn(out), path), 'utf8'));
  const rowsIn = (summary: unknown) => {
    const part = readCompact(archive, summary);
    return new Map(part.columns.id.map((id, place) => [id, part.row(place)]));
  };

  /** Every document, without what depends on the time of the run, or is added by each. */
  async function timeless(out: string): Promise<Map<string, string>> {
    const tree = treeIn(out);
    const paths = (await readdir(tree, { recursive: true })).filter(
      (path) => path.endsWith('.json') && !path.startsWith('.mirrorwatch'),
    );
    const texts = paths.map(async (path): Promise<[string, string]> => {
      const text = await readFile(join(tree, path), 'utf8');
      return [path, text.replace(/"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^"]*"/g, '"a time"')];
    });
    return new Map(
      (await Promise.all(texts))
        .filter(([path]) => !/^(?:summary|status|timestamps|history)/.test(path))
        .sort(),
    );
  }

  function expectVerdicts(rows: ReturnType<typeof rowsIn>, status: { checks?: object }): void {
    for (const [id, verdicts] of Object.entries(world.verdicts)) {
      for (const [check, expected] of Object.entries(verdicts)) {
        expect({ id, check, status: rows.get(id)?.checks[check]?.status }).toEqual({
          ...{ id, check },
          status: expected,
        });
      }
    }
    for (const [check, expected] of Object.entries(world.ofArchive)) {
      expect(status.checks).toMatchObject({ [check]: { status: expected } });
    }
  }

  test('is run by the command line: verdicts, summary, page and a valid tree', async () => {
    const out = join(folder, 'first');
    const { code, stdout } = await runCommand(out);
    expect({ code, outcome: JSON.parse(stdout).outcome }).toEqual({
      code: 0,
      outcome: 'published',
    });
    const rows = rowsIn(await read(out, 'summary.json'));
    expect(rows.size).toBeGreaterThanOrEqual(Object.keys(world.verdicts).length);
    const status = await read(out, STATUS_PATH);
    expectVerdicts(rows, status);
    expect(status.archive.id).toBe(archive.id);
    // Names are text on the plain page.
    const html = await readFile(join(treeIn(out), PLAIN_PATH), 'utf8');
    expect(html).toContain('<table');
    expect(html).not.toMatch(/<b>|<script/i);
    for (const [check, expected] of Object.entries(world.ofArchive)) {
      const { name } = checkOf(archive, check).words;
      expect(html).toContain(`<li>${name}: ${STATUS_WORDS[expected]}. `);
    }
    // Its style and the full page are above the results of all archives.
    const up = '../'.repeat(folderOf(archive).split('/').length);
    expect(html).toContain(`href="${up}plain.css"`);
    expect(html).toMatch(new RegExp(`href="${up}index\\.html(?:\\?archive=${archive.id})?"`));
    expect(await command('validate', out)).toMatchObject({ code: 0 });
  });

  test('a second run over the same sources changes nothing but times', async () => {
    const out = join(folder, 'first');
    const before = await timeless(out);
    expect(before.size).toBeGreaterThan(3);
    expect((await runCommand(out)).code).toBe(0);
    expect(await timeless(out)).toEqual(before);
  });

  test('a run over some entries says nothing new of the archive as a whole', async () => {
    const out = join(folder, 'first');
    const before = (await read(out, STATUS_PATH)).checks;
    expect(Object.keys(before)).toEqual(Object.keys(world.ofArchive));
    const [id = ''] = Object.keys(world.verdicts);
    expect((await command('run', '--out', out, '--datasets', id)).code).toBe(0);
    expect((await read(out, STATUS_PATH)).checks).toEqual(before);
  });

  test('sources that fail change no verdict, and the run is held', async () => {
    const out = join(folder, 'first');
    const before = rowsIn(await read(out, 'summary.json'));
    world.fail(true);
    try {
      const { code } = await runCommand(out);
      expect(code).toBe(1);
      const status = await read(out, STATUS_PATH);
      expect(status.lastRun.outcome).toBe('held');
      const kept = rowsIn(await read(out, 'summary.json'));
      for (const [id, row] of before) expect(kept.get(id)?.status).toBe(row.status);
      for (const [check, expected] of Object.entries(world.ofArchive)) {
        const verdict = { status: expected, lastAttempt: { reason: expect.any(String) } };
        expect(status.checks).toMatchObject({ [check]: verdict });
      }
      expect(await command('validate', out)).toMatchObject({ code: 0 });
    } finally {
      world.fail(false);
    }
  });

  test('what is fixed is ok in the next run', async () => {
    const out = join(folder, 'first');
    const healed = world.heal();
    expect((await runCommand(out)).code).toBe(0);
    const rows = rowsIn(await read(out, 'summary.json'));
    for (const id of healed) expect(rows.get(id)?.status).toBe('ok');
    expect(await command('validate', out)).toMatchObject({ code: 0 });
  });

  test('the reading commands say what was fixed', async () => {
    const of = ['--out', join(folder, 'first'), '--archive', archive.id];
    const { changes } = JSON.parse(
      (await command('changes', ...of, '--since', 'run', '--format', 'json')).stdout,
    );
    const { code, stdout } = await command('changes', ...of);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(' to ') });
    for (const id of world.heal()) {
      expect(changes).toContainEqual(
        expect.objectContaining({ id, kind: expect.stringMatching(/^(?:mended|better)$/) }),
      );
      const { stdout } = await command('show', id, ...of);
      expect(stdout).toMatch(new RegExp(`^${id} .*\nOK since \\d`));
      expect((await command('changes', ...of, '--format', 'issue')).stdout).not.toContain(id);
    }
  });

  test("the archive's numbers over time are served", async () => {
    const out = join(folder, 'first');
    const server = createSiteServer({ data: out, page: out }, '127.0.0.1');
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { runs, firstRun, lastRun } = await read(out, 'history/index.json');
      const { series, datasets } = await read(out, 'history/series.json');
      expect(series).toContainEqual({ name: `${archive.id}.total`, from: firstRun });
      const [id = ''] = Object.keys(world.verdicts);
      const ofOne = datasets.name.replace('{id}', id).replace('{check}', 'overall');
      // The verdict of a day is from its beginning on.
      const query = `begin=${firstRun.slice(0, 11)}00:00:00Z&end=${lastRun}`;
      const ask = async (names: string) => {
        const { port } = server.address() as AddressInfo;
        const answer = await fetch(
          `http://127.0.0.1:${port}/api/history/curve?series=${names}&${query}`,
        );
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
        return { status: answer.status, body: await answer.json() };
      };
      const { status, body } = await ask(`${archive.id}.total,${ofOne}`);
      expect(status).toBe(200);
      const totals = Object.values(body.curve[`${archive.id}.total`]);
      expect(totals).toHaveLength(runs);
      expect(new Set(totals).size).toBe(1);
      expect(Object.keys(body.curve[ofOne])).toHaveLength(1);
      expect((await ask(`${archive.id}.none`)).status).toBe(404);
    } finally {
      server.close();
    }
  });

  test('the steps of the functions over a bucket and a table say the same', async () => {
    const cloud = fakeCloud();
    const { bucket, table } = cloud;
    const now = () => new Date(Date.now() + DAY);
    const store: RunStore = openAwsStore({
      ...{ archive, bucket, table, now },
      ...cloud.clients(),
    });
    const ended = await runSteps(archive, world, store, now);
    expect(ended).toMatchObject({ outcome: 'published' });
    const document = (path: string) =>
      JSON.parse(
        cloud.objects.get(`${PREFIXES.data}${folderOf(archive)}${path}`)?.bytes.toString() ??
          'null',
      );
    const out = join(folder, 'first');
    const ours = rowsIn(document('summary.json'));
    const theirs = rowsIn(await read(out, 'summary.json'));
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    for (const [id, row] of ours) {
      const { status, causes } = theirs.get(id) ?? {};
      expect({ id, status: row.status, causes: row.causes }).toEqual({ id, status, causes });
    }
    expect(document(STATUS_PATH).checks).toEqual(
      archive.wholeChecks
        ? expect.objectContaining(
            Object.fromEntries(archive.wholeChecks.map(({ id }) => [id, expect.anything()])),
          )
        : undefined,
    );
  });

  test('ids that could leave the tree are invalid', () => {
    for (const id of ['', '.', '..', '../x', 'a/b', 'a\\b', 'a\0', '-'.repeat(129)]) {
      expect({ id, isId: archive.isId(id) }).toEqual({ id, isId: false });
    }
  });

  test('each of its checks has a measurement, and each measurement what it needs before it', () => {
    const ids = archive.measurements.map(({ id }) => id);
    for (const { stage } of [...archive.checks, ...(archive.wholeChecks ?? [])]) {
      expect(ids).toContain(stage);
    }
    for (const [at, { id, needs }] of archive.measurements.entries()) {
      expect(servedBy(archive, id)).not.toEqual([]);
      for (const needed of needs) expect(ids.slice(0, at)).toContain(needed);
    }
  });
});
