// `mirrorwatch changes` and `mirrorwatch show`, by the real command line over four daily runs.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { runSample } from '../support/sample-run.ts';
import { mirrorwatch, ROOT, temporaryFolder } from './cli.ts';

const HOSTILE = '@someone #12 [x](javascript:1) <b>\u001b[31m\u202e`~ www.example.org';

const generated = generateArchive({ datasets: 5, seed: 1 });
const [first, second, third, fourth, fifth] = generated.datasets as [
  ...[SampleDataset, SampleDataset, SampleDataset, SampleDataset, SampleDataset],
];
const lost = (dataset: SampleDataset): SampleDataset => ({
  ...dataset,
  mirror: async () => undefined,
});
const archive = { ...generated };
const sample = await startSampleArchive({ archive });
const folder = await temporaryFolder();
const out = join(folder.path, 'out');
afterAll(async () => {
  await sample.close();
  await folder.remove();
});

const DAYS: readonly (readonly SampleDataset[])[] = [
  [{ ...first, name: HOSTILE }, lost(second), third, fourth],
  [lost({ ...first, name: HOSTILE }), second, third, fourth, fifth],
  [lost({ ...first, name: HOSTILE }), second, third, fourth, fifth],
];
/** The issue after each day. */
const issues: string[] = [];

beforeAll(async () => {
  const about = openneuro.describe({
    registry: sample.registryUrl,
    mirror: sample.mirrorUrl,
    export: sample.exportUrl,
    doi: sample.doiUrl,
  });
  for (const [day, datasets] of DAYS.entries()) {
    Object.assign(archive, { datasets });
    const store = await openFolderStore(out, { archive: openneuro, lock: true });
    const options = { publishAnyway: true };
    expect(await runSample(sample, { store, day, about, options })).toMatchObject({
      outcome: 'published',
    });
    await store.close();
    issues.push((await changes('--format', 'issue')).stdout);
  }
});

const changes = (...args: string[]) => mirrorwatch(['changes', '--out', out, ...args]);
const show = (...args: string[]) => mirrorwatch(['show', '--out', out, ...args]);

describe.concurrent('changes', () => {
  test('are listed by day and kind', async ({ expect }) => {
    const { code, stdout, stderr } = await changes('--since', '2026-08-02');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'OpenNeuro, from 2026-08-01 00:00 UTC to 2026-08-03 00:00 UTC',
        '2 new faults, 1 fixed, 1 new dataset',
        '',
        '2026-08-02',
        '  New faults',
        '    ds900001  GitHub mirror: OK → Error: Mirror missing',
        '    ds900005  Mismatch',
        '  Fixed',
        '    ds900002  GitHub mirror: Error: Mirror missing → OK',
        '  Worse',
        '    ds900001  Export files: OK → Pending',
        '    ds900001  Export contents: OK → Pending',
        '    ds900001  Export record: OK → Pending',
        '  Better',
        '    ds900002  Export files: Pending → OK',
        '    ds900002  Export contents: Pending → OK',
        '    ds900002  Export record: Pending → OK',
        '  Listed',
        '    ds900005  Mismatch',
        '',
      ].join('\n'),
    );
  });

  test('since yesterday are empty if nothing changed', async ({ expect }) => {
    expect((await changes()).stdout).toBe(
      'OpenNeuro, from 2026-08-02 00:00 UTC to 2026-08-03 00:00 UTC\nNothing changed\n',
    );
  });

  test('as JSON and CSV say the same', async ({ expect }) => {
    const since = ['--since', '2026-08-02', '--format'];
    const json = JSON.parse((await changes(...since, 'json')).stdout);
    expect(json).toMatchObject({
      archive: 'openneuro',
      since: '2026-08-01T00:00:00.000Z',
      until: '2026-08-03T00:00:00.000Z',
      counts: { 'new-fault': 2, mended: 1, worse: 0, listed: 1, withdrawn: 0 },
    });
    const [head, ...lines] = (await changes(...since, 'csv')).stdout.trimEnd().split('\r\n');
    expect(head).toBe('\ufeffrun,id,kind,check,from,to,because');
    expect(lines).toHaveLength(json.changes.length);
    expect(lines[0]).toBe(
      '2026-08-02T00:00:00.000Z,ds900001,new-fault,github,ok,error:repo-not-found,',
    );
  });

  test('as an issue are tasks by cause, with commands, and with what was fixed', async ({
    expect,
  }) => {
    const { stdout } = await changes('--since', '2026-08-02', '--format', 'issue');
    expect(stdout).toMatch(/^## OpenNeuro: 2 datasets with new faults\n\n### Repository never/);
    expect(stdout).toContain('Older export recorded, since 2 August 2026\n\n  ```sh\n  git -C');
    expect(stdout).toContain('### Fixed (1)\n\n- [x] **ds900002** (');
    expect(stdout).not.toMatch(/\n\n\n/);
  });

  test('the issue of a day without a change is the same, byte for byte', async ({ expect }) => {
    expect(issues[2]).toBe(issues[1]);
    expect(issues[1]).not.toBe(issues[0]);
    expect(issues[0]).toContain('**ds900002**');
    expect(issues[1]).not.toContain('**ds900002**');
    expect(issues[1]).toContain('2 missing in the export, since before 1 August 2026');
  });

  test('a hostile name stays text in Markdown', async ({ expect }) => {
    const line = issues[1]?.split('\n').find((one) => one.includes('ds900001'));
    expect(line).toContain(
      '(@\u2060someone #\u206012 \\[x\\]\\(javascript\\:1\\) \\<b\\> \\[31m\u27e8U\\+202E\u27e9\\`\\~ www\\.example.org)',
    );
  });
});

describe.concurrent('show', () => {
  test('says what is wrong, since when, why, and what to do', async ({ expect }) => {
    const { code, stdout } = await show(third.id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ds900003 {2}\S.*\nError since before 1 August 2026\n/);
    expect(stdout).toMatch(
      /\nExport files: Error since before 1 August 2026\n {2}Files missing: 2 of \d+ files are missing from the export\.\n {2}The archive's operators can fix this: Restore these files\.\n\n/,
    );
    expect(stdout).toMatch(
      /Likely cause: Objects changed after the export\n(?: {2}.*\n)+ {2}Verify/,
    );
    expect(stdout).toMatch(/\n {2}Caution: .*\n {2}Fix \(needs an operator's rights\):\n {2}git/);
    expect((await show(second.id)).stdout).toContain('GitHub mirror: OK since 2 August 2026');
  });

  test('a hostile name stays text in a terminal', async ({ expect }) => {
    const { stdout } = await show(first.id);
    expect(stdout).toContain('<b> [31m\\u{202e}`~');
    expect(stdout).not.toContain('\u001b');
  });

  test('as JSON has the row with words', async ({ expect }) => {
    const shown = JSON.parse((await show(fifth.id, '--format', 'json')).stdout);
    expect(shown).toMatchObject({
      archive: 'openneuro',
      id: fifth.id,
      status: 'version-mismatch',
      // A busy machine takes a second or two.
      since: expect.stringMatching(/^2026-08-02T00:00:/),
      firstRun: '2026-08-01T00:00:00.000Z',
      causes: [{ cause: 'export-not-renewed', mend: expect.stringContaining('annex export') }],
    });
    expect(shown.findings[0]).toMatchObject({ check: 's3Version', label: expect.any(String) });
  });
});

test('a CI job can act on the exit codes', async () => {
  const script = join(import.meta.dirname, 'ci-job.sh');
  const command = [process.execPath, join(ROOT, 'bin/mirrorwatch.ts')];
  const { stdout } = await promisify(execFile)('bash', [script, out, ...command]);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('12 of 12 exit codes as expected');
}, 120_000);

test.each<[string, string[], RegExp]>([
  ['no results', ['show', 'ds900001', '--out', folder.path], /holds no documents|no published/],
  ['no folder', ['changes', '--out', join(folder.path, 'none')], /there is no folder/],
])('%s is an error that says what to give', async (_, args, says) => {
  const { code, stderr } = await mirrorwatch(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(says);
});

test('show says since when a dataset is no longer listed', async () => {
  const path = join(out, 'history/index.json');
  const index = JSON.parse(await readFile(path, 'utf8'));
  const withdrawn = { ds900077: '2026-08-02T00:00:00.000Z' };
  await writeFile(path, JSON.stringify({ ...index, withdrawn }));
  expect(await show('ds900077')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no dataset ds900077; since 2026-08-02 it is no longer listed'),
  });
});
