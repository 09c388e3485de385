// Runs on the deployed stack whose functions are killed, as the system kills those that are out of
// memory.

import { expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import type { Deployment } from './deployment.ts';
import { keepKilling } from './kill.ts';

export interface Killed {
  readonly deployment: Deployment;
  readonly sample: SampleServer;
}

/** @param group processes of the emulator; null if it is not our own, and nothing can be killed */
export function killedTests(open: () => Killed, group: number | null): void {
  const summary = async (): Promise<Summary> =>
    JSON.parse(await open().deployment.read('data/all-datasets.json'));
  const verdicts = ({ datasets }: Summary) =>
    datasets.map(({ id, status, checks, issueSubtypes }) => ({
      id,
      status,
      checks,
      issueSubtypes,
    }));
  const unverified = ({ datasets }: Summary) =>
    datasets.flatMap(({ id, unverified: marks }) =>
      Object.entries(marks ?? {}).flatMap(([check, mark]) =>
        mark ? [`${id} ${check} ${mark.reason}`] : [],
      ),
    );
  /** A run whose functions of check-github are killed as often as told. @returns how often */
  async function runKilling(input: object, when: () => boolean): Promise<number> {
    const { deployment } = open();
    const killing = new AbortController();
    const running = await deployment.start(input);
    const killed = keepKilling(group as number, 'CheckGithub', killing.signal, when);
    const execution = await deployment.untilEnded(running);
    killing.abort();
    expect(execution.status).toBe('SUCCEEDED');
    return killed;
  }
  /** The datasets of each shard of check-github in the newest run. */
  async function newestShards(): Promise<string[][]> {
    const { deployment } = open();
    const keys = [...(await deployment.written('runs/')).keys()];
    const newest = keys.map((key) => key.split('/')[1] ?? '').reduce((a, b) => (a > b ? a : b));
    const shards = keys.filter((key) => key.startsWith(`runs/${newest}/check-github/`)).sort();
    return Promise.all(
      shards.map(async (key) => JSON.parse(await deployment.read(key)).datasets as string[]),
    );
  }

  test.skipIf(group === null)(
    'whose function is always killed keeps every verdict, says so, and is healed by the next run',
    async () => {
      const { deployment, sample } = open();
      const before = await summary();
      sample.setLatency({ refs: 300 });
      expect(await runKilling({ publishAnyway: true }, () => true)).toBeGreaterThan(0);
      sample.setLatency({});

      const during = await summary();
      expect(verdicts(during)).toEqual(verdicts(before));
      const reasons = during.datasets.map(({ unverified: marks }) => marks?.github?.reason);
      expect(new Set(reasons)).toEqual(new Set(['internal']));
      const versions = during.datasets.filter(({ unverified: marks }) => marks?.s3Version);
      expect(versions.length, 'the other check went on').toBeLessThan(2);

      expect((await deployment.run()).status).toBe('SUCCEEDED');
      const after = await summary();
      expect(verdicts(after)).toEqual(verdicts(before));
      expect(after.datasets.filter(({ unverified: marks }) => marks?.github)).toEqual([]);
    },
  );

  test.skipIf(group === null)(
    'over a dataset that kills its functions leaves its one verdict unverified, and sets it apart',
    async () => {
      const { deployment, sample } = open();
      const before = await summary();
      const killer = before.datasets.findLast(({ status }) => status === 'ok')?.id as string;
      // Whoever asks its mirror waits, and is killed while it waits.
      sample.setFaults([{ kind: 'refs', fault: 'silent', rate: 1, datasets: [killer] }]);
      const began = new Date().toISOString();
      expect(await runKilling({}, () => sample.held().open > 0)).toBe(2);
      sample.setFaults([]);

      const during = await summary();
      const marks = unverified(during);
      const old = unverified(before).map((mark) => mark.split(' ')[0]);
      expect(marks).toContain(`${killer} github killed`);
      const others = marks.filter((mark) => !old.includes(mark.split(' ')[0]));
      expect(others).toEqual([`${killer} github killed`]);
      expect(verdicts(during)).toEqual(verdicts(before));
      const late = during.datasets.filter(({ lastChecked }) => (lastChecked?.github ?? '') < began);
      expect(late.map(({ id }) => id)).toEqual([killer]);

      expect((await deployment.run()).status).toBe('SUCCEEDED');
      const shards = await newestShards();
      expect(shards.length).toBeGreaterThan(1);
      expect(shards.at(-1)).toEqual([killer]);
      expect(unverified(await summary()).map((mark) => mark.split(' ')[0])).toEqual(old);
      expect(verdicts(await summary())).toEqual(verdicts(before));
    },
  );
}
