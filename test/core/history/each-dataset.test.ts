// Writing files of many datasets: what is asked, and a run that is cut off.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { ofEachDataset } from '../../../core/history/each-dataset.ts';
import { badgePath } from '../../../core/history/paths.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { openAwsStore } from '../../../lambdas/aws-store.ts';
import { fakeCloud, type Hooks } from '../../support/aws/cloud.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';

const IDS = Array.from({ length: 150 }, (_, at) => `ds${String(at + 1).padStart(6, '0')}`);
const cloud = () => {
  const { clients, bucket, table, objects } = fakeCloud();
  const open = (hooks: Hooks = {}) => {
    const calls: string[] = [];
    const before: Hooks['before'] = (call) => {
      calls.push(call.name);
      return hooks.before?.(call);
    };
    const { s3, dynamo } = clients({ ...hooks, before });
    const store = openAwsStore({ archive: openneuro, s3, dynamo, bucket, table });
    const count = (name: string) => calls.filter((one) => one === name).length;
    return { store, count };
  };
  return { open, objects };
};
type Opened = ReturnType<ReturnType<typeof cloud>['open']>;

const write = async ({ store }: Opened, ids: readonly string[], text: string) => {
  const context = { store, options: { concurrency: 4 }, signal: new AbortController().signal };
  await ofEachDataset(context, ids, IDS.length, async (id, writer) => {
    await writer.writePage(badgePath(id, 'svg'), text);
  });
};

test('files of many datasets are listed, not asked for, and only those that differ are sent', async () => {
  const { open, objects } = cloud();
  const first = open();
  await write(first, IDS, 'one');
  expect(objects.size).toBe(IDS.length);
  // A listing for every hundred.
  expect(['ListObjectsV2', 'GetObject', 'PutObject'].map(first.count)).toEqual([2, 0, 150]);
  await write(open(), IDS.slice(0, 40), 'two');
  const third = open();
  await write(third, IDS, 'two');
  expect(['ListObjectsV2', 'GetObject', 'PutObject'].map(third.count)).toEqual([2, 0, 110]);
});

test('files of a few datasets are asked for', async () => {
  const { open } = cloud();
  const opened = open();
  await write(opened, IDS.slice(0, 15), 'one');
  expect(['ListObjectsV2', 'GetObject', 'PutObject'].map(opened.count)).toEqual([0, 15, 15]);
});

test('what another writer wrote after the listing is replaced, and never overlooked', async () => {
  const { open } = cloud();
  const path = badgePath('ds000001', 'svg');
  const other = open();
  const writer = await open().store.writerOf?.(IDS);
  await other.store.writePage(path, 'theirs');
  expect(await writer?.writePage(path, 'ours')).toBe('written');
  expect(await writer?.writePage(badgePath('ds000002', 'svg'), 'ours')).toBe('written');
  expect(await open().store.writePage(path, 'ours')).toBe('unchanged');
});

test('a first run that is out of time goes on where it stopped, and leaves what one alone leaves', async () => {
  const archive = healthyArchive(IDS);
  const options = { siteUrl: 'https://watch.example.org' };
  const run = async ({ store }: Opened, signal?: AbortSignal) => {
    const context = stageContext(archive, { options });
    const own = { ...context, store, ...(signal && { signal }) };
    return runPipeline(own, WHOLE_RUN);
  };
  const alone = cloud();
  const whole = alone.open();
  expect((await run(whole)).outcome).toBe('published');

  const { open, objects } = cloud();
  const time = new AbortController();
  let badges = 0;
  const cut = open({
    before({ name, input }) {
      if (name !== 'PutObject' || !String(input.Key).endsWith('/badge.svg')) return;
      badges += 1;
      if (badges === 100) time.abort(new Error('out of time'));
    },
  });
  await expect(run(cut, time.signal)).rejects.toThrow('out of time');
  expect(objects.has('data/summary.json')).toBe(false);

  const isOfHistory = (key: string) => /\/(history\.json|badge\.\w+|feed\.atom)$/.test(key);
  const written: string[] = [];
  const again = open({
    before({ name, input }) {
      if (name === 'PutObject') written.push(String(input.Key));
    },
  });
  expect((await run(again)).outcome).toBe('published');
  // Up to 8 datasets were in work.
  expect(written.filter(isOfHistory).length).toBeLessThan(4 * (IDS.length - 100 + 8));
  const left = (all: typeof objects) =>
    [...all].filter(([key]) => isOfHistory(key)).map(([key, { bytes }]) => [key, String(bytes)]);
  expect(left(objects).sort()).toEqual(left(alone.objects).sort());
  expect(left(objects)).toHaveLength(4 * IDS.length);
});
