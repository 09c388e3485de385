// Whole runs of the real command line over the sample archive: exit codes, output, Ctrl-C.

import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { FaultRule } from '../../archives/openneuro/sample/faults.ts';
import { generateArchive, idOf } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { recordedTree } from '../support/recorded.ts';
import { mirrorwatch, ROOT, start, temporaryFolder } from './cli.ts';

const DATASETS = 12;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let sample: SampleServer;
let out: string;
let fresh = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
  sample = await startSampleArchive({
    archive: await generateArchive({ datasets: DATASETS, seed: 1 }),
  });
});
afterAll(async () => {
  await sample.close();
  await folder.remove();
});
beforeEach(() => {
  fresh += 1;
  out = join(folder.path, `out-${fresh}`);
  sample.setFaults([]);
  sample.resetStats();
});

const addresses = () => ({
  MIRRORWATCH_REGISTRY_URL: sample.registryUrl,
  MIRRORWATCH_MIRROR_URL: sample.mirrorUrl,
  MIRRORWATCH_EXPORT_URL: sample.exportUrl,
  MIRRORWATCH_DOI_URL: sample.doiUrl,
});
const run = (...args: string[]) => mirrorwatch(['run', '--out', out, ...args], addresses());
/** The first datasets are answered, and the run waits for one of the next, so it can be ended. */
const silentAfterSome = (kind: FaultRule['kind']): FaultRule[] => {
  const datasets = Array.from({ length: DATASETS }, (_, place) => idOf(place)).slice(5);
  return [{ kind, fault: 'silent', rate: 1, datasets }];
};
const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

describe('mirrorwatch run', () => {
  test('publishes, ends with a table, and exits 0 whatever the verdicts are', async () => {
    const { code, stdout, stderr } = await run('--validate');
    expect(code).toBe(0);
    for (const words of [
      /^Published$/m,
      /^error +\d+$/m,
      new RegExp(`^all +${DATASETS}$`, 'm'),
      /^refs +\d+ +\d+ +[\d.]+ k?B$/m,
      /^worst +status\nds\d{6} +error +[A-Z].*\.$/m,
      /^Took [\d.]+ s$/m,
      /The results are in .*; look at them with:\n.* serve --out .*\n$/,
    ]) {
      expect(stdout).toMatch(words);
    }
    expect(stderr).toMatch(/^check-github: \d+ in [\d.]+ s/m);
    expect(stderr).toMatch(/Validation: 0 findings/);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(await filesIn(out)).toContain('all-datasets.json');

    const again = await mirrorwatch(['validate', out]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
  });

  test('--json gives one object on stdout and one object a line on stderr', async () => {
    const { code, stdout, stderr } = await run('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'published', out, dryRun: null });
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'info', event: 'stage ended', stage: 'check-s3-files' }),
    );
  });

  test('--dry-run writes nothing and says what it would write', async () => {
    const { code, stdout } = await run('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Would be published/);
    expect(stdout).toMatch(
      /nothing was written to .*; it would have been \d+ documents, \d+ records/,
    );
    await expect(stat(out)).rejects.toThrow('ENOENT');
  });

  test('a second run changes no evidence, only times', async () => {
    await run();
    const evidence = async () =>
      Promise.all(
        (await filesIn(join(out, 'datasets'))).map(async (path) => [
          path,
          (await stat(join(out, 'datasets', path))).ino,
        ]),
      );
    const before = await evidence();
    expect((await run()).code).toBe(0);
    expect(await evidence()).toEqual(before);
  });

  test('an unreadable registry is reported at once, and by the exit code after three days', async () => {
    await run();
    sample.setFaults([{ kind: 'registry', fault: 'portal', rate: 1 }]);
    const status = async () => JSON.parse(await readFile(join(out, 'status.json'), 'utf8'));
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/The registry could not be read \(malformed\)/);
    const path = join(out, 'datasets-registry.json');
    const registry = JSON.parse(await readFile(path, 'utf8'));
    expect(await status()).toMatchObject({
      lastRun: { outcome: 'published', why: [] },
      registry: { readAt: registry.lastChecked, lastAttempt: { reason: 'malformed' } },
    });

    const before = new Date(Date.now() - 73 * 60 * 60 * 1000).toISOString();
    await writeFile(path, JSON.stringify({ ...registry, lastChecked: before }));
    const told = `The registry could not be read since ${before.slice(0, 10)}`;
    for (const stages of ['fetch-registry', 'fetch-registry,summarize']) {
      const late = await run('--stages', stages);
      expect(late.code).toBe(1);
      expect(late.stdout).toContain(told);
    }
    expect(await status()).toMatchObject({
      lastRun: { outcome: 'published', why: [expect.stringContaining(told)] },
      registry: { readAt: before },
    });
    expect((await run('--registry-days', '4')).code).toBe(0);

    sample.setFaults([]);
    expect((await run('--validate')).code).toBe(0);
    expect(await status()).toMatchObject({ lastRun: { why: [] }, registry: { lastAttempt: null } });
  });

  test('a single stage does only its own part', async () => {
    const stage = (name: string) => mirrorwatch([name, '--out', out], addresses());
    const early = await stage('check-github');
    expect(early.code).toBe(2);
    expect(early.stdout).toMatch(/fetch-registry first/);
    expect(await stage('fetch-registry')).toMatchObject({ code: 0 });
    expect(await stage('check-github')).toMatchObject({ code: 0 });
    const files = await filesIn(join(out, 'datasets'));
    expect(files.some((path) => path.endsWith('github.json'))).toBe(true);
    expect(files.some((path) => path.endsWith('s3-version.json'))).toBe(false);
    expect(sample.stats().description.requests).toBe(0);
  });

  test('an unreachable registry is one clear reason and exit code 1', async () => {
    const { code, stdout } = await mirrorwatch(['run', '--out', out], {
      ...addresses(),
      MIRRORWATCH_REGISTRY_URL: 'http://127.0.0.1:9/graphql',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/Failed: nothing was published\n.*could not be read \(connection/);
    expect(stdout).not.toMatch(/ at .*\.ts:/);
  });

  test('a dataset that is not in the registry is named', async () => {
    const { code, stdout } = await run('--datasets', 'ds999999');
    expect(code).toBe(2);
    expect(stdout).toMatch(/Refused: nothing was done\n.*not in the registry: ds999999/);
    expect(await readdir(out)).toEqual(['.mirrorwatch']);
    expect(await readdir(join(out, '.mirrorwatch'))).toEqual([]);
  });

  test('one wrong id of many is left out and named; with --strict nothing is done', async () => {
    const ids = `ds999999,${idOf(0)},ds1`;
    const strict = await run('--datasets', ids, '--strict');
    expect(strict.code).toBe(2);
    expect(strict.stderr).toMatch(/"ds1" is no dataset id/);
    const { code, stdout, stderr } = await run('--datasets', ids);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^fetch-registry: Left out, not in the registry: ds999999$/m);
    expect(stderr).toMatch(/^Left out: "ds1" is no dataset id; ids look like ds000117$/m);
    expect(await readdir(join(out, 'datasets'))).toEqual([idOf(0)]);
    const stage = await mirrorwatch(
      ['check-github', '--out', out, '--datasets', `ds999999,${idOf(0)}`],
      addresses(),
    );
    expect(stage.code, stage.stdout).toBe(0);
    expect(stage.stdout).toMatch(/^check-github: Left out, not in the registry: ds999999$/m);
  });

  test('results of another archive are not overwritten', async () => {
    await run('--max-datasets', '2');
    const { code, stderr } = await mirrorwatch(['run', '--archive', 'sample', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${out} holds the results of the archive at ${Object.values(addresses()).join(', ')}, and this run is over the sample archive. Give this run a folder of its own with --out sample-data/, or look at the results in ${out} with: npm run mirrorwatch -- serve --out ${out}\n`,
    );
  });

  test('a tree of an older system is not taken for the sample archive', async () => {
    await mkdir(out);
    await writeFile(join(out, 'datasets-registry.json'), '{"half": ');
    const { code, stderr } = await mirrorwatch(['run', '--archive', 'sample', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${out} holds the results of OpenNeuro, and this run is over the sample`,
    );
  });

  test('a run over OpenNeuro says that a folder holds the sample, and what to type', async () => {
    const run = { datasets: null, maxDatasets: null, stages: [] };
    const store = await openFolderStore(out, { archive: openneuro, lock: true });
    await store.writeRun({
      runStart: '2026-08-01T00:00:00.000Z',
      finishedAt: null,
      outcome: 'running',
      why: [],
      request: {
        ...run,
        archive: ['registry', 'mirror', 'export'].map((it) => `sample:80:1/${it}`),
      },
    });
    await store.close();
    const { code, stderr } = await mirrorwatch(['run', '--out', out, '--stages', 'summarize']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${out} holds the results of the sample archive, and this run is over OpenNeuro. Give this run a folder of its own with --out data/,`,
    );
  });

  test('a folder that another run writes to is left alone', async () => {
    const other = await openFolderStore(out, { archive: openneuro, lock: true });
    const { code, stderr } = await run();
    await other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`another run \\(pid ${process.pid}, since .*\\) is writing to`),
    );
  });

  test('a half-written tree is repaired, and none of it becomes a verdict', async () => {
    await run();
    const summary = join(out, 'all-datasets.json');
    const good = await readFile(summary, 'utf8');
    const mirror = join(out, 'datasets/ds900001/github.json');
    await writeFile(summary, good.slice(0, good.length / 2));
    await writeFile(mirror, '{"schemaVersion": "3.0.0", "head"');
    const broken = await mirrorwatch(['validate', out]);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^all-datasets\.json: .*JSON/m);
    expect(broken.stdout).toMatch(/^datasets\/ds900001\/github\.json: .*JSON/m);
    expect((await run('--validate')).code).toBe(0);
  });

  test('Ctrl-C keeps what is done, exits 130, and the next run continues from there', async () => {
    sample.setFaults(silentAfterSome('refs'));
    const args = ['run', '--out', out, '--concurrency', '1', '-v'];
    const running = start(args, { env: addresses() });
    await running.says(/ checked stage=check-github/);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopping: .*the next run continues from here/);
    expect(stdout).toMatch(/Interrupted; what was measured is kept/);
    const done = stderr.match(/ checked stage=check-github/g)?.length ?? 0;
    expect(done).toBeLessThan(DATASETS - 2);

    const store = await openFolderStore(out, { archive: openneuro, lock: false });
    const kept = await Array.fromAsync(store.listRecords());
    expect(kept.filter(({ check }) => check === 'github')).toHaveLength(done);

    sample.setFaults([]);
    sample.resetStats();
    const next = await run('--concurrency', '1', '--second-readings', '0');
    expect(next.stderr).toMatch(/Going on with the run of 20/);
    expect(next.code).toBe(0);
    expect(sample.stats().refs.requests).toBeLessThanOrEqual(DATASETS - done);
  });

  test('a second Ctrl-C ends at once, and the next run takes over its lock', async () => {
    sample.setFaults([{ kind: 'refs', fault: 'silent', rate: 1 }]);
    const running = start(['run', '--out', out], { env: addresses() });
    await running.says(/fetch-registry: /);
    running.child.kill('SIGINT');
    await running.says(/Stopping/);
    running.child.kill('SIGINT');
    // Null if the signal itself ended it on its way out: to a shell that is 130 as well.
    expect([130, null]).toContain((await running.ended).code);
    sample.setFaults([]);
    expect((await run('--max-datasets', '2')).code).toBe(0);
  });

  test('a run that was killed leaves a tree that validate accepts', async () => {
    sample.setFaults(silentAfterSome('listing'));
    const running = start(['run', '--out', out, '-v'], { env: addresses() });
    await running.says(/ checked stage=check-s3-files/);
    running.child.kill('SIGKILL');
    await running.ended;
    const { code, stdout } = await mirrorwatch(['validate', out]);
    expect(stdout).toMatch(/: [1-9][\d,]* documents, every one valid$/m);
    expect(code).toBe(0);
  });
});

describe('a dataset just published', () => {
  // Published three and nine days ago, both with a closed export.
  const made = generateArchive({ now: new Date() });
  const ids = [...made.expectations].flatMap(([id, { rule }]) =>
    rule.startsWith('#new-datasets') ? [id] : [],
  );
  const only = () => generateArchive({ now: new Date(), only: ids });
  const rows = async () =>
    JSON.parse(await readFile(join(out, 'all-datasets.json'), 'utf8')).datasets;

  test('is pending with the date on day three, and an error on day nine', async () => {
    const archive = only();
    await using server = await serveSample(archive);
    const { code, stdout } = await mirrorwatch(
      ['run', '--out', out, '--validate'],
      server.addresses,
    );
    expect({ code, ids: ids.length }).toEqual({ code: 0, ids: 2 });
    const published = Date.parse(archive.datasets[0]?.publishDate ?? '');
    const until = new Date(published + 8 * 86_400_000).toISOString();
    expect(await rows()).toMatchObject([
      { status: 'pending', s3Blocked: null, pending: { reason: 'just-published', until } },
      { status: 'error', s3Blocked: true, causes: ['still-private'] },
    ]);
    expect(stdout).toMatch(/^Just published: 1 dataset with findings that do not count yet$/m);
    const page = await readFile(join(out, 'summary.html'), 'utf8');
    expect(page).toMatch(/Just published: counts from \d{1,2} [A-Z][a-z]+ \d{4}/);
  });

  test.each([
    { days: '0', statuses: ['error', 'error'] },
    { days: '30', statuses: ['pending', 'pending'] },
  ])('--new-dataset-days $days: $statuses', async ({ days, statuses }) => {
    await using server = await serveSample(only());
    const args = ['run', '--out', out, '--new-dataset-days', days];
    expect(await mirrorwatch(args, server.addresses)).toMatchObject({ code: 0 });
    expect((await rows()).map(({ status }: { status: string }) => status)).toEqual(statuses);
  });

  async function serveSample(archive: ReturnType<typeof only>) {
    const server = await startSampleArchive({ archive });
    return {
      addresses: {
        MIRRORWATCH_REGISTRY_URL: server.registryUrl,
        MIRRORWATCH_MIRROR_URL: server.mirrorUrl,
        MIRRORWATCH_EXPORT_URL: server.exportUrl,
        MIRRORWATCH_DOI_URL: server.doiUrl,
      },
      [Symbol.asyncDispose]: () => server.close(),
    };
  }
});
const tree = recordedTree();
test.skipIf(tree === null)(
  'a replay checks what was recorded, and says what it does not',
  async () => {
    const args = [
      'run',
      '--from',
      tree as string,
      '--max-datasets',
      '3',
      '--out',
      out,
      '--validate',
    ];
    const { code, stderr } = await mirrorwatch(args);
    expect(stderr).toMatch(/Replay of recorded data\. .*those checks are not made/);
    expect(code).toBe(0);
    const written = await filesIn(out);
    expect(written).toContain('status.json');
    expect(
      written.filter((path) =>
        /^(?!schema).*(s3-content|s3-access|annex-record|leftovers)/.test(path),
      ),
    ).toEqual([]);
    expect(JSON.parse(await readFile(join(out, 'status.json'), 'utf8')).archive.origin).toBe(
      'replay',
    );
  },
  60_000,
);

describe('npm start', () => {
  const script = join(ROOT, 'bin/start.ts');

  test('--once runs over the sample archive and exits', async () => {
    const { code, stdout } = await start(['--once', '--out', out], { script }).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Published$/m);
    expect(stdout).not.toContain('http://');
    await rm(out, { recursive: true });
  });

  test('serves the results, on the next port when the wanted one is in use', async () => {
    const { port } = new URL(sample.url);
    const running = start(['--out', out, '--port', port], { script });
    const [, url] = await running.says(/results are at (http:\/\/127\.0\.0\.1:\d+\/)/);
    await running.says(new RegExp(`Port ${port} is in use`));
    expect(Number(new URL(url as string).port)).toBeGreaterThan(Number(port));
    const page = await fetch(url as string);
    expect(page.headers.get('content-type')).toContain('text/html');
    await page.text();
    const summary: unknown = await (await fetch(`${url}data/all-datasets.json`)).json();
    expect(summary).toHaveProperty('datasets.40.id');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  test('a wrong option is one clear line and exit code 2', async () => {
    const { code, stderr } = await start(['--port', 'x'], { script }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/whole number from 0 to 65535/);
  });
});
