// A mirror that answers 403 without a reason: closed, or are we refused? And the meaning of closed.

import { describe, expect, test } from 'vitest';
import type { Github } from '../../../../archives/openneuro/documents.ts';
import type { Summary } from '../../../../archives/openneuro/legacy/summary.ts';
import { SUMMARY_PATH } from '../../../../core/documents/paths.ts';
import { type Denied, DISABLED, failed } from '../../../../core/failure.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { checkPath } from '../../../support/documents.ts';
import { type FakeArchive, healthyArchive, stageContext } from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const REFUSED: Denied = { kind: 'denied', status: 403 };
const idOf = (n: number) => `ds${String(n).padStart(6, '0')}`;
const ids = (count: number) => Array.from({ length: count }, (_, n) => idOf(n));

/** Subtype or reason of each dataset, in order. */
async function github(archive: FakeArchive, concurrency = 1) {
  const context = stageContext(archive, { options: { concurrency, publishAnyway: true } });
  await runPipeline(context, WHOLE_RUN);
  const rows = context.store.document<Summary>(SUMMARY_PATH).datasets;
  const found = rows.map(
    (row) => row.unverified?.github?.reason ?? row.issueSubtypes?.github ?? row.checks.github,
  );
  return { found, context, rows };
}

function refusing(count: number, refused: readonly number[]): FakeArchive {
  const archive = healthyArchive(ids(count));
  for (const n of refused) archive.refs.set(idOf(n), REFUSED);
  return archive;
}

describe('a refusal without a word', () => {
  test.each([1, 8])(
    'one refused mirror, first or last, is a fact about it (%i at once)',
    async (width) => {
      const first = await github(refusing(4, [0]), width);
      expect(first.found).toEqual(['repo-disabled', 'ok', 'ok', 'ok']);
      const last = await github(refusing(4, [3]), width);
      expect(last.found).toEqual(['ok', 'ok', 'ok', 'repo-disabled']);
    },
  );

  test.each([1, 8])('a refusal of every mirror is a fact about us (%i at once)', async (width) => {
    const archive = refusing(9, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const { found } = await github(archive, width);
    expect(found).toEqual(ids(9).map(() => 'throttled'));
    // A host that has had enough gets few more requests.
    expect(archive.asked.refs).toBeLessThanOrEqual(9 + 5 * 3);
  });

  test('a refusal of the only mirror is no fact', async () => {
    expect((await github(refusing(1, [0]))).found).toEqual(['throttled']);
  });

  test('refusals from some dataset on are about us, though others were answered before', async () => {
    const archive = healthyArchive(ids(9));
    const context = stageContext(archive);
    let answers = 4;
    const { readRefs } = context.mirror;
    const tired = {
      ...context.mirror,
      readRefs: async (id: string) => (answers-- > 0 ? readRefs(id) : REFUSED),
    };
    const options = { ...context.options, concurrency: 1, publishAnyway: true };
    await runPipeline(Object.assign(context, { mirror: tired, options }), WHOLE_RUN);
    const rows = context.store.document<Summary>(SUMMARY_PATH).datasets;
    expect(rows.filter(({ checks }) => checks.github === 'error')).toEqual([]);
    expect(
      rows.filter(({ unverified }) => unverified?.github?.reason === 'throttled'),
    ).toHaveLength(5);
  });

  test('many refused mirrors among others turn at most five of them red', async () => {
    const { found } = await github(refusing(14, [0, 2, 4, 6, 8, 10, 12]));
    const count = (word: string) => found.filter((one) => one === word).length;
    expect([count('ok'), count('repo-disabled'), count('throttled')]).toEqual([7, 5, 2]);
  });

  test('a refusal that is gone on the second request is no fact', async () => {
    const archive = healthyArchive(ids(2));
    const context = stageContext(archive);
    const { readRefs } = context.mirror;
    let first = true;
    const once = {
      ...context.mirror,
      async readRefs(id: string) {
        if (id !== 'ds000000' || !first) return readRefs(id);
        first = false;
        return REFUSED;
      },
    };
    await runPipeline(Object.assign(context, { mirror: once }), WHOLE_RUN);
    expect(context.store.document<Github>(checkPath('github', 'ds000000')).status).toBe('ok');
  });

  test('is not settled by mirrors that are missing or fail themselves', async () => {
    const archive = refusing(3, [0]);
    archive.refs.set('ds000001', 'absent');
    archive.refs.set('ds000002', failed('timeout', ''));
    expect((await github(archive)).found).toEqual(['throttled', 'repo-not-found', 'timeout']);
  });
});

test('a mirror that is said to be closed is an error, and what needs it waits', async () => {
  const archive = healthyArchive(ids(2));
  archive.refs.set('ds000000', DISABLED);
  const { rows, context } = await github(archive);
  expect(rows[0]).toMatchObject({
    status: 'error',
    checks: { github: 'error', s3Version: 'ok', s3Files: 'pending' },
    issueSubtypes: { github: 'repo-disabled' },
    notCompared: 'mirror-absent',
    githubVersion: null,
  });
  // It is not known that it was never pushed.
  expect(rows[0]?.causes ?? []).toEqual(['no-known-cause']);
  expect(context.store.document<Github>(checkPath('github', 'ds000000'))).toMatchObject({
    error: 'repo-disabled',
    head: null,
    tags: {},
  });
  expect(rows[1]?.status).toBe('ok');
});
