// Every log of versions is read, once for each commit of the branch; if there are too many, nothing
// is said about unread ones (docs/checks.md#record).

import { expect, test } from 'vitest';
import { readAnnexLogs } from '../../../../archives/openneuro/measure/annex-logs.ts';
import { failed, seen } from '../../../../core/failure.ts';
import { healthyArchive, stageContext } from '../../../support/stage-context.ts';

const ID = 'ds000001';
const BRANCH = 'a'.repeat(40);
const oidOf = (n: number) => n.toString(16).padStart(40, '0');

/** A mirror whose branch has so many logs of versions, the last of them withdrawn. */
function mirrorOf(logs: number) {
  const context = stageContext(healthyArchive([ID]));
  const asked: { blobs: number; commits: number }[] = [];
  let trees = 0;
  context.mirror.readTree = async () => {
    trees += 1;
    return seen({
      *[Symbol.iterator]() {
        for (let n = 1; n <= logs; n++) {
          yield { path: `aaa/bbb/K${n}.log.rmet`, mode: 0o100644, oid: oidOf(n) };
        }
        yield { path: 'remote.log', mode: 0o100644, oid: oidOf(0) };
      },
    });
  };
  context.mirror.readObjects = async (_, { blobs, commits }) => {
    asked.push({ blobs: blobs.length, commits: commits.length });
    const log = (oid: string) => {
      if (oid === oidOf(0)) return 'u name=s3-PUBLIC\n';
      return oid === oidOf(logs) ? '2s u:V -v#x\n1s u:V +v#x\n' : '1s u:V +v#x\n';
    };
    return seen({
      blobs: new Map(blobs.map((oid) => [oid, Buffer.from(log(oid))])),
      trees: new Map(commits.map((commit) => [commit, 'tree'])),
    });
  };
  const read = async () => {
    const answer = await readAnnexLogs(context, ID, BRANCH, ['c']);
    if ('reason' in answer) throw new Error(answer.detail);
    return answer;
  };
  return { context, asked, trees: () => trees, read };
}

test('all are read, so many in a request, and the last one too', async () => {
  const { read, asked } = mirrorOf(45_000);
  const { logs, trees } = await read();
  expect(asked).toEqual([
    { blobs: 20_000, commits: 1 },
    { blobs: 20_000, commits: 0 },
    { blobs: 5_001, commits: 0 },
  ]);
  expect(logs.root['remote.log']).toBe('u name=s3-PUBLIC\n');
  expect(trees.get('c')).toBe('tree');
  const versions = [...logs.versions];
  expect(versions).toHaveLength(45_000);
  expect(versions.filter(({ remotes }) => remotes?.includes('u'))).toHaveLength(44_999);
  expect(versions.at(-1)).toEqual({ key: 'K45000', remotes: [] });
});

test('a branch at the same commit is not read again: of other refs, the commits are', async () => {
  const { read, asked, trees } = mirrorOf(3);
  const first = await read();
  const again = await read();
  expect([...again.logs.versions]).toEqual([...first.logs.versions]);
  expect(again.logs.root).toEqual(first.logs.root);
  expect(trees()).toBe(1);
  expect(asked).toEqual([
    { blobs: 4, commits: 1 },
    { blobs: 0, commits: 1 },
  ]);
});

test('a branch with more than a million logs is not read, and no log counts as read', async () => {
  const { read, asked, context } = mirrorOf(1_000_001);
  const { logs } = await read();
  expect(asked).toEqual([{ blobs: 1, commits: 1 }]);
  let unread = 0;
  for (const { remotes } of logs.versions) if (remotes === null) unread += 1;
  expect(unread).toBe(1_000_001);
  expect(context.store.trees.has(BRANCH)).toBe(false);
});

test('one part that did not come leaves the branch unread', async () => {
  const { context } = mirrorOf(30_000);
  const { readObjects } = context.mirror;
  let parts = 0;
  context.mirror.readObjects = async (...question) =>
    ++parts === 2 ? failed('cut-short', 'half a pack') : readObjects(...question);
  const answer = await readAnnexLogs(context, ID, BRANCH, []);
  expect(answer).toMatchObject({ kind: 'failed', reason: 'cut-short' });
  expect(context.store.trees.has(BRANCH)).toBe(false);
});
