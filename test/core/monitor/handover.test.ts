import { describe, expect, test } from 'vitest';
import { createHandover } from '../../../core/monitor/handover.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { aroundSaves } from '../../support/sessions.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';

describe('datasets handed on', () => {
  test('once every check has passed them, in that order, to the last', async () => {
    const { pass, end, datasets } = createHandover(2);
    pass('a');
    pass('b');
    pass('b');
    pass('a');
    const soon = [await datasets.next(), await datasets.next()].map(({ value }) => value);
    expect(soon).toEqual(['b', 'a']);
    const late = datasets.next();
    pass('c');
    pass('c');
    pass('d');
    end();
    expect(await late).toEqual({ done: false, value: 'c' });
    expect(await datasets.next()).toEqual({ done: true, value: undefined });
  });

  test('several readers get each dataset once', async () => {
    const { pass, end, datasets } = createHandover(1);
    const read = async () => {
      const got: string[] = [];
      for await (const id of { [Symbol.asyncIterator]: () => datasets }) got.push(id);
      return got;
    };
    const readers = [read(), read(), read()];
    const ids = Array.from({ length: 100 }, (_, place) => `ds${place}`);
    for (const id of ids) {
      pass(id);
      if (id.endsWith('3')) await Promise.resolve();
    }
    end();
    const got = await Promise.all(readers);
    expect(got.flat().sort()).toEqual(ids.toSorted());
    expect(got.filter((one) => one.length > 0).length).toBeGreaterThan(1);
  });
});

describe('in a run', () => {
  const IDS = ['ds000001', 'ds000002', 'ds000003'];

  test('files are compared before the last dataset’s mirror was read', async () => {
    const context = stageContext(healthyArchive(IDS), { options: { concurrency: 2 } });
    let listed = () => {};
    const listing = new Promise<void>((resolve) => {
      listed = resolve;
    });
    const { readRefs } = context.mirror;
    context.mirror.readRefs = async (id, signal) => {
      if (id === IDS[2]) await listing;
      return readRefs(id, signal);
    };
    const { listObjects } = context.export;
    context.export.listObjects = (id, signal, likely) => {
      listed();
      return listObjects(id, signal, likely);
    };
    const { outcome, reports } = await runPipeline(context, WHOLE_RUN);
    expect(outcome).toBe('published');
    expect(reports.map(({ stage, done }) => [stage, done])).toEqual([
      ['fetch-registry', 3],
      ['check-github', 3],
      ['check-s3-version', 3],
      ['check-s3-files', 3],
      ['summarize', 3],
    ]);
  });

  test('after an interruption nobody waits for datasets that do not arrive', async () => {
    const context = stageContext(healthyArchive(IDS), { options: { concurrency: 1 } });
    const { readRefs } = context.mirror;
    context.mirror.readRefs = async (id, signal) => {
      if (id === IDS[1]) context.interrupt();
      return readRefs(id, signal);
    };
    const { outcome } = await runPipeline(context, WHOLE_RUN);
    expect(outcome).toBe('interrupted');
  });

  test.each(['github', 's3Version', 's3Files'])(
    'a store that cannot be written for %s ends the other checks',
    async (full) => {
      const ids = Array.from({ length: 50 }, (_, place) => `ds${place + 100_000}`);
      const archive = healthyArchive(ids);
      const context = stageContext(archive, { options: { concurrency: 1 } });
      aroundSaves(context.store, (save) => async (record, document) => {
        if (record.check === full) throw new Error('no space left');
        return save(record, document);
      });
      await expect(runPipeline(context, WHOLE_RUN)).rejects.toThrow('no space left');
      const { refs, description, listing } = archive.asked;
      expect(Math.max(refs, description.length, listing)).toBeLessThan(10);
    },
  );

  test('files alone are compared with what is known of the rest', async () => {
    const archive = healthyArchive(IDS);
    const { store } = stageContext(archive);
    await runPipeline(stageContext(archive, { store }), WHOLE_RUN);
    const again = stageContext(archive, { store, day: 1 });
    const { reports } = await runPipeline(again, { ...WHOLE_RUN, stages: ['check-s3-files'] });
    expect(reports.map(({ stage, done }) => [stage, done])).toEqual([['check-s3-files', 3]]);
    expect(archive.asked.refs).toBe(3);
  });
});
