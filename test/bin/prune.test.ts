// A dataset that is withdrawn, by the real command line: three runs, and `mirrorwatch prune` by hand.

import { cp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { archiveWithWithdrawal } from '../support/withdrawal.ts';
import { mirrorwatch, temporaryFolder } from './cli.ts';

const { archive, id, withdraw, restore } = archiveWithWithdrawal({ datasets: 4, seed: 1 });
const sample = await startSampleArchive({ archive });
const folder = await temporaryFolder();
const out = join(folder.path, 'out');
const documents = join(out, 'datasets', id, 'snapshots.json');
const records = join(out, '.mirrorwatch/records', `${id}.json`);
afterAll(async () => {
  await sample.close();
  await folder.remove();
});
beforeEach(async () => {
  await rm(out, { recursive: true, force: true });
  restore();
});

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
const withdrawnIds = async () =>
  JSON.parse(await readFile(join(out, 'datasets-registry.json'), 'utf8')).withdrawn.map(
    (one: { id: string }) => one.id,
  );
async function run(stage = 'run', ...more: string[]) {
  const anyway = stage === 'run' ? ['--publish-anyway'] : [];
  const ended = await mirrorwatch([stage, '--out', out, ...anyway, ...more], {
    MIRRORWATCH_REGISTRY_URL: sample.registryUrl,
    MIRRORWATCH_MIRROR_URL: sample.mirrorUrl,
    MIRRORWATCH_EXPORT_URL: sample.exportUrl,
    MIRRORWATCH_DOI_URL: sample.doiUrl,
  });
  expect(ended).toMatchObject({ code: 0 });
  return ended;
}
const prune = (...more: string[]) => mirrorwatch(['prune', '--out', out, ...more]);

test('the second run that does not find it removes it, and leaves its id', async () => {
  await run();
  withdraw();
  await run();
  expect([await isThere(documents), await isThere(records)]).toEqual([true, true]);
  expect(await withdrawnIds()).toEqual([]);

  const dry = await run('run', '--dry-run');
  expect(dry.stdout).toContain(
    'documents and records of 1 withdrawn dataset would have been removed',
  );
  expect(await isThere(documents)).toBe(true);

  const { stdout } = await run('run', '--validate');
  expect(stdout).toContain(`Withdrawn: ${id}`);
  expect([await isThere(documents), await isThere(records)]).toEqual([false, false]);
  expect(await withdrawnIds()).toEqual([id]);
  expect(await prune()).toMatchObject({
    code: 0,
    stdout: `${out}: there is nothing to remove\n`,
  });

  restore();
  await run();
  expect([await isThere(documents), await isThere(records)]).toEqual([true, true]);
  expect(await withdrawnIds()).toEqual([]);
});

test('what came back from a copy is found by validate, and removed by hand', async () => {
  await run();
  const copy = join(folder.path, 'copy');
  await cp(out, copy, { recursive: true });
  withdraw();
  await run();
  await run();
  await cp(join(copy, 'datasets', id), documents, { recursive: true });
  await cp(join(copy, '.mirrorwatch/records', `${id}.json`), records);
  const found = await mirrorwatch(['validate', out]);
  expect(found).toMatchObject({ code: 1 });
  expect(found.stdout).toContain(
    `datasets/${id}: is of a withdrawn dataset; mirrorwatch prune removes it`,
  );

  const dry = await prune('--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(
    new RegExp(`^${id}: \\d+ documents and \\d+ records would be removed\n$`),
  );
  expect(await isThere(documents)).toBe(true);

  const { code, stdout } = await prune();
  expect(code).toBe(0);
  expect(stdout).toBe(dry.stdout.replace('would be removed', 'removed'));
  expect([await isThere(documents), await isThere(records)]).toEqual([false, false]);
  expect(await mirrorwatch(['validate', out])).toMatchObject({ code: 0 });
});

test('what the published summary still shows is kept', async () => {
  await run();
  withdraw();
  await run('fetch-registry');
  await run('fetch-registry');
  expect(await withdrawnIds()).toEqual([id]);
  const { code, stdout } = await prune();
  expect(code).toBe(0);
  expect(stdout).toContain(`${id}: kept, because the published summary still shows it`);
  expect(await isThere(documents)).toBe(true);
});

test('a folder without results is an error that says what to give', async () => {
  const { code, stderr } = await prune();
  expect(code).toBe(1);
  expect(stderr).toMatch(/there is no folder .*; give the folder of a run's results/);
});
