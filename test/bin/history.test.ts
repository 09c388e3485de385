// H12: `mirrorwatch history` by the real command line: repositories of all kinds, and a run after an
// import and before one.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompactSummary } from '../../core/documents/compact.ts';
import type { HistoryIndex, Imported, RunHistory } from '../../core/history/documents.ts';
import { git, makeRepository } from '../support/recorded-repository.ts';
import { commitOf, WELL } from '../support/recorded-world.ts';
import { filesBelow } from '../support/tree.ts';
import { mirrorwatch, start, temporaryFolder } from './cli.ts';

const folder = await temporaryFolder();
afterAll(() => folder.remove());
const place = (...names: string[]) => join(folder.path, ...names);
const timeOf = (day: number) => `2026-04-${String(day + 9).padStart(2, '0')}T07:00:00.000Z`;
const MISSING = { ...WELL, added: ['a'] };
const commits = [
  { ds1: WELL, ds2: WELL },
  { ds1: MISSING, ds2: WELL },
  { ds1: MISSING, ds2: WELL, ds3: WELL },
].map((datasets, at) => commitOf({ time: timeOf(at + 1), datasets }));

beforeAll(async () => {
  await makeRepository(place('bare'), commits);
});

let outs = 0;
const newOut = () => {
  outs += 1;
  return place(`out-${outs}`);
};
const importFrom = (name: string, out = newOut(), ...more: string[]) =>
  mirrorwatch(['history', 'import', '--from-git', place(name), '--out', out, ...more]);
const read = async <T>(out: string, path: string) =>
  JSON.parse(await readFile(join(out, path), 'utf8')) as T;
const runsIn = (out: string): RunHistory[] =>
  [...filesBelow(out)].flatMap(([path, bytes]) =>
    path.startsWith('history/runs/') ? [JSON.parse(bytes.toString()) as RunHistory] : [],
  );
const isThere = (path: string) =>
  readdir(path).then(
    () => true,
    () => false,
  );

describe('repositories', () => {
  test('a bare one, and a clone with files, give the same', async () => {
    await git(folder.path, 'clone', '-q', place('bare'), place('clone'));
    const [one, two] = [newOut(), newOut()];
    expect(await importFrom('bare', one)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 runs on 3 days'),
    });
    expect(await importFrom('clone', two)).toMatchObject({ code: 0 });
    expect(filesBelow(two)).toEqual(filesBelow(one));
    expect(await git(place('clone'), 'status', '--porcelain')).toBe('');
  });

  test('hooks, settings and variables of others do not count', async () => {
    await cp(place('bare'), place('odd'), { recursive: true });
    for (const [name, value] of [
      ['log.showSignature', 'true'],
      ['diff.external', '/bin/false'],
      ['diff.renames', 'copies'],
      ['core.quotePath', 'true'],
    ] as const) {
      await git(place('odd'), 'config', name, value);
    }
    const out = newOut();
    const args = ['history', 'import', '--from-git', place('odd'), '--out', out];
    const ended = await mirrorwatch(args, { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere' });
    expect(ended).toMatchObject({ code: 0 });
    expect(runsIn(out)).toHaveLength(3);
  });

  test('a shallow one is refused', async () => {
    await git(
      folder.path,
      'clone',
      '-q',
      '--depth',
      '1',
      `file://${place('bare')}`,
      place('shallow'),
    );
    const ended = await importFrom('shallow');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('is shallow') });
    expect(ended.stderr).toContain('git fetch --unshallow');
  });

  test.each([
    ['a pack that was cut off', async (pack: string) => truncate(pack, 600)],
    ['a pack with wrong bytes', async (pack: string) => corrupt(pack)],
    ['a pack that is gone', async (pack: string) => rm(pack)],
  ])('%s is reported', async (name, harm) => {
    await cp(place('bare'), place(name), { recursive: true });
    const packs = join(place(name), 'objects/pack');
    const pack = (await readdir(packs)).find((file) => file.endsWith('.pack')) as string;
    await promisify(execFile)('chmod', ['-R', 'u+w', packs]);
    await harm(join(packs, pack));
    const out = newOut();
    const ended = await importFrom(name, out);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^mirrorwatch: cannot read the repository .*damaged/);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(await isThere(out)).toBe(false);
  });

  test('a missing object is reported', async () => {
    await cp(place('bare'), place('loose'), { recursive: true });
    const blob = (
      await git(place('loose'), 'rev-parse', 'main:data/datasets/ds2/github.json')
    ).trim();
    const packs = join(place('loose'), 'objects/pack');
    await mkdir(place('packs'));
    for (const file of await readdir(packs)) await cp(join(packs, file), place('packs', file));
    await rm(packs, { recursive: true, force: true });
    const pack = (await readdir(place('packs'))).find((file) => file.endsWith('.pack')) as string;
    const unpack = `git unpack-objects -q < '${place('packs', pack)}'`;
    await promisify(execFile)('sh', ['-c', unpack], { cwd: place('loose') });
    await rm(join(place('loose'), 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    const ended = await importFrom('loose');
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`lacks the object ${blob}`),
    });
  });

  test.each([
    ['nothing', [], /there is no folder/],
    ['file', [], /is a file, not a git repository; .*git clone/],
    ['empty', [], /not a git repository/],
    ['bare', ['--ref', 'other'], /has no other; its branches are main/],
    ['bare', ['--until', '2026-01-01'], /has no run until/],
  ])('%s %j is reported', async (name, more, says) => {
    await writeFile(place('file'), '');
    await mkdir(place('empty'), { recursive: true });
    const ended = await importFrom(name, newOut(), ...more);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
  });

  test('a machine without git is told so', async () => {
    const ended = await mirrorwatch(
      ['history', 'import', '--from-git', place('bare'), '--out', newOut()],
      { PATH: '/nowhere' },
    );
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('no git on the PATH') });
  });

  test.each([
    [['--until', 'yesterday'], 'Give a day such as'],
    [['--until', '2026-02-30'], 'Give a day such as'],
    [['--ref', '--upload-pack=x'], 'Give the name of a branch'],
  ])('%j is not understood', async (more, says) => {
    const ended = await importFrom('bare', newOut(), ...more);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });
});

describe('what is there', () => {
  test('an import that goes less far leaves the longer one; --replace ends it there', async () => {
    const out = newOut();
    await importFrom('bare', out);
    const whole = filesBelow(out);
    const shorter = await importFrom('bare', out, '--until', '2026-04-11');
    expect(shorter).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('A longer import is there'),
    });
    expect(filesBelow(out)).toEqual(whole);
    expect(await importFrom('bare', out, '--until', '2026-04-11', '--replace')).toMatchObject({
      code: 0,
    });
    const fresh = newOut();
    await importFrom('bare', fresh, '--until', '2026-04-11');
    expect(filesBelow(out)).toEqual(filesBelow(fresh));
  });

  test('another history of the same days is refused, and replaces with --replace', async () => {
    const other = [MISSING, WELL].map((ds4, at) =>
      commitOf({ time: timeOf(at + 2), datasets: { ds4 } }),
    );
    await makeRepository(place('other'), other);
    const [out, fresh] = [newOut(), newOut()];
    await importFrom('bare', out);
    const before = filesBelow(out);
    const refused = await importFrom('other', out);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--replace') });
    expect(filesBelow(out)).toEqual(before);
    expect(await importFrom('other', out, '--replace')).toMatchObject({ code: 0 });
    await importFrom('other', fresh);
    expect(filesBelow(out)).toEqual(filesBelow(fresh));
  });

  test('Ctrl-C while it reads writes nothing', async () => {
    // The command is interrupted when git begins to give it documents.
    const bin = place('interrupting');
    await mkdir(bin);
    const real = (await promisify(execFile)('which', ['git'])).stdout.trim();
    const script = `#!/bin/sh\ncase " $* " in *" cat-file "*) kill -INT $PPID ;; esac\nexec ${real} "$@"\n`;
    await writeFile(join(bin, 'git'), script, { mode: 0o755 });
    const out = newOut();
    const args = ['history', 'import', '--from-git', place('bare'), '--out', out];
    const running = start(args, { env: { PATH: `${bin}:${process.env.PATH}` } });
    const ended = await running.ended;
    expect(ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Nothing was written'),
    });
    expect(await isThere(out)).toBe(false);
  });
});

describe('with runs of this program', () => {
  const SAMPLE = ['run', '--archive', 'sample', '--max-datasets', '8', '--publish-anyway'];
  const run = (out: string) => mirrorwatch([...SAMPLE, '--out', out]);

  /** The results of a run as the older system would have committed them, and a day with a fault. */
  async function recordedFrom(out: string, name: string, rulesVersion: boolean) {
    const files = Object.fromEntries(
      [...filesBelow(out)].flatMap(([path, bytes]) =>
        /^(\.mirrorwatch|history|badges|summary|names|status|archives)|\/(history|badge)\./.test(
          path,
        )
          ? []
          : [[`data/${path}`, rulesVersion ? bytes.toString() : unnumbered(bytes.toString())]],
      ),
    );
    const summary = JSON.parse(files['data/all-datasets.json'] as string);
    const [first] = summary.datasets as { id: string }[];
    const at = (time: string, rows = summary.datasets) => ({
      'data/all-datasets.json': { ...summary, lastUpdated: time, datasets: rows },
    });
    const { id } = first as { id: string };
    await makeRepository(place(name), [
      { files: { ...files, ...at(timeOf(1)) } },
      // A dataset that is new on the second day.
      { files: at(timeOf(2), summary.datasets.slice(1)) },
      { files: at(timeOf(3)) },
    ]);
    return id;
  }
  /** Without the number of the rules that judged. */
  const unnumbered = (text: string) =>
    text.replace(/,\n *"rulesVersion": \d+(?=,?\n)/g, '').replace(/"rulesVersion": \d+,\n */g, '');

  const own = newOut();
  beforeAll(async () => {
    expect(await run(own)).toMatchObject({ code: 0 });
  });

  test('the first run joins on to what was imported', async () => {
    const out = newOut();
    const id = await recordedFrom(own, 'joined', true);
    expect(await importFrom('joined', out)).toMatchObject({ code: 0 });
    expect(await run(out)).toMatchObject({ code: 0 });
    const index = await read<HistoryIndex>(out, 'history/index.json');
    expect(index).toMatchObject({ runs: 4, imported: timeOf(3), firstRun: timeOf(1) });
    const last = runsIn(out).at(-1);
    // Nothing differs from the imported end, so nothing is told.
    expect(last).toMatchObject({ number: 4, run: index.lastRun });
    expect(last?.events.filter(({ kind }) => kind === 'verdict' || kind === 'listed')).toEqual([]);
    // Since when is known of the one that came back, and of no other.
    const { columns, lastUpdated } = await read<CompactSummary>(out, 'summary.json');
    const { since } = await read<Imported>(out, 'history/imported.json');
    expect(Object.keys(since)).toEqual([id]);
    const places = columns.id.indexOf(id);
    const days = columns.since?.[places] as number;
    expect(Date.parse(lastUpdated) - days * 86_400_000).toBeCloseTo(Date.parse(timeOf(3)), -4);
    expect(columns.since?.filter((value) => value !== null)).toHaveLength(1);
    expect(await mirrorwatch(['validate', out])).toMatchObject({ code: 0 });
    const rebuilt = await mirrorwatch(['history', 'rebuild', '--out', out]);
    expect(rebuilt.stdout).toContain('all was as it should be');
  });

  test('what other rules judged is put down to them', async () => {
    const out = newOut();
    await recordedFrom(own, 'unnumbered', false);
    await importFrom('unnumbered', out);
    expect(runsIn(out).map(({ rulesVersion }) => rulesVersion)).toEqual([null, null, null]);
    await run(out);
    const verdicts =
      runsIn(out)
        .at(-1)
        ?.events.filter(({ kind }) => kind === 'verdict') ?? [];
    expect(verdicts.filter((event) => 'because' in event && event.because !== 'rules')).toEqual([]);
  });

  test('an import before runs of this program renumbers them, and the next run continues', async () => {
    const out = newOut();
    await recordedFrom(own, 'before', true);
    await cp(own, out, { recursive: true });
    const ended = await importFrom('before', out);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 run published here follow'),
    });
    expect(runsIn(out).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(
      runsIn(out)
        .at(-1)
        ?.events.filter(({ kind }) => kind === 'verdict'),
    ).toEqual([]);
    const whole = filesBelow(out);
    expect(await importFrom('before', out)).toMatchObject({ code: 0 });
    expect(filesBelow(out)).toEqual(whole);
    expect(await run(out)).toMatchObject({ code: 0 });
    expect(runsIn(out).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(runsIn(out).some(({ replaces }) => replaces)).toBe(false);
    expect(await mirrorwatch(['validate', out])).toMatchObject({ code: 0 });
  });

  test('a history that reaches into the time of a run is refused', async () => {
    const out = newOut();
    await cp(own, out, { recursive: true });
    await makeRepository(place('later'), [
      commitOf({ time: '2999-01-01T00:00:00.000Z', datasets: { ds1: WELL } }),
    ]);
    const before = filesBelow(out);
    const ended = await importFrom('later', out);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 run published here, the first on'),
    });
    expect(filesBelow(out)).toEqual(before);
  });
});

async function corrupt(pack: string): Promise<void> {
  const bytes = await readFile(pack);
  bytes.fill(0xff, 40, bytes.length - 40);
  await writeFile(pack, bytes);
}
