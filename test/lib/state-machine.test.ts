// The synthesized state machine executed in process, with the real steps behind it: what a run
// does, and what happens to a run in which things fail.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { INVALID_INPUT } from '../../lambdas/names.ts';
import { named } from '../../lambdas/steps/tools.ts';
import { type MemoryRunStore, memoryRunStore } from '../support/memory-run-store.ts';
import { memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';
import { aroundSaves } from '../support/sessions.ts';
import { withoutTimes } from '../support/timeless.ts';
import { execute } from './machine.ts';

let server: SampleServer;
/** As a first full run leaves it; tests that continue from it take a copy. */
let published: MemoryRunStore;

beforeAll(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 40 }) });
  published = memoryRunStore();
  expect(await execute({ server, store: published })).toMatchObject({ as: 'Succeeded' });
}, 60_000);

afterAll(() => server.close());

function afterFirstRun(): MemoryRunStore {
  const store = memoryRunStore();
  for (const kind of ['documents', 'records', 'trees', 'runFiles', 'runs'] as const) {
    for (const [key, value] of published[kind]) store[kind].set(key, value as never);
  }
  return store;
}

const statusOf = (store: MemoryRunStore) => store.document<RunStatus>('status.json');
const rowsOf = (store: MemoryRunStore) => store.document<Summary>('all-datasets.json').datasets;
const DAY_TWO = '2026-08-02T00:00:00.000Z';

/** Documents without the times in them. */
function contents({ documents }: Pick<MemoryRunStore, 'documents'>): Record<string, string> {
  return Object.fromEntries(
    [...documents]
      .filter(([path]) => path !== 'status.json')
      .map(([path, text]) => [path, withoutTimes(text)])
      .sort(),
  );
}

/** The keys requested without credentials change every day; causes name their number. */
const lasting = (store: Pick<MemoryRunStore, 'documents'>): Record<string, string> =>
  Object.fromEntries(
    // The history counts the runs, and the summary the publications.
    Object.entries(contents(store))
      .filter(([path]) => !/\/(s3-access|causes)\.json$|^history\//.test(path))
      .map(([path, text]) => [path, text.replace(/"publication": \d+/, '')]),
  );

describe('a full run', () => {
  test('leaves the very documents that the command line leaves', async () => {
    const store = memoryStore();
    await runSample(server, { store, day: 0, tries: 1 });
    expect(contents(published)).toEqual(contents(store));
    expect(rowsOf(published).length).toBeGreaterThan(30);
  });

  test('passes every stage once and ends as done', async () => {
    const { as, visited } = await execute({ server, store: afterFirstRun(), day: 1 });
    expect(as).toBe('Succeeded');
    expect(visited.filter((state) => !state.endsWith('Shard'))).toEqual([
      'FetchRegistry',
      'MayItRun',
      'FirstChecks',
      'CheckGithub',
      'CheckS3Version',
      'CheckDoi',
      'CheckDeprecated',
      'CheckLeftovers',
      'Plan',
      'CheckS3Files',
      'Summarize',
      'MayItBePublished',
      'Done',
    ]);
  });
});

describe('a narrowed run', () => {
  test('measures the one dataset in the one stage, and publishes with all the others', async () => {
    const store = afterFirstRun();
    const [row] = rowsOf(store);
    const id = row?.id ?? '';
    server.resetStats();
    const input = { datasets: [id], stages: ['check-s3-version', 'summarize'] };
    const { as } = await execute({ server, store, input, day: 1 });
    expect(as).toBe('Succeeded');
    const { registry, refs, tree, listing, description } = server.stats();
    expect([registry, refs, tree, listing].map(({ requests }) => requests)).toEqual([0, 0, 0, 0]);
    expect(description.requests).toBe(1);
    const fresh = [...store.records].filter(([, { runStart }]) => runStart === DAY_TWO);
    expect(fresh.map(([key]) => key)).toEqual([`${id} s3Version`]);
    expect(rowsOf(store)).toHaveLength(rowsOf(published).length);
  });

  test('a narrowed run ends as done without the summary and publishes nothing', async () => {
    const store = afterFirstRun();
    const input = { stages: ['check-github'] };
    expect(await execute({ server, store, input, day: 1 })).toMatchObject({ as: 'Succeeded' });
    expect(store.documents.get('all-datasets.json')).toBe(
      published.documents.get('all-datasets.json'),
    );
  });
});

describe('a failing item', () => {
  test('an item that dies for good is lost, the others continue, and publishing is held', async () => {
    const store = afterFirstRun();
    const dies = async () => {
      throw named('Runtime.ExitError', 'out of memory');
    };
    const ended = await execute({ server, store, day: 1, meddling: { CheckGithubShard: dies } });
    expect(ended.visited).toContain('CheckGithubShardLost');
    expect(ended.visited.filter((state) => state === 'CheckS3FilesShard').length).toBeGreaterThan(
      0,
    );
    expect(ended.as).toBe('PublishHeld');
    expect(ended.cause).toMatch(/could not be measured/);
    const { lastRun, publishedAt } = statusOf(store);
    expect(lastRun.outcome).toBe('held');
    expect(publishedAt).toBe(statusOf(published).publishedAt);
    const github = [...store.records.values()].filter(({ check }) => check === 'github');
    expect(github.length).toBeGreaterThan(3);
    for (const { lastAttempt, status, dataset } of github) {
      expect(lastAttempt?.reason).toBe('internal');
      expect(status).toBe(published.records.get(`${dataset} github`)?.status);
    }
  });

  test('an item that died once is sent again, without an effect on the results', async () => {
    const store = afterFirstRun();
    let deaths = 0;
    const meddling = {
      CheckS3VersionShard: async (run: () => Promise<unknown>) => {
        const done = await run();
        deaths += 1;
        if (deaths === 1) throw named('Sandbox.Timedout', 'killed after it had finished');
        return done;
      },
    };
    server.resetStats();
    expect(await execute({ server, store, day: 1, meddling })).toMatchObject({ as: 'Succeeded' });
    expect(deaths).toBe(2);
    // What the first had finished is kept: each description is requested once.
    expect(server.stats().description.requests).toBe(rowsOf(store).length + failing(store));
  });

  test('over a dataset whose result cannot be stored costs its verdict and no other', async () => {
    const store = afterFirstRun();
    const id = rowsOf(store)[3]?.id ?? '';
    const meddling = {
      CheckGithubShard: async (run: () => Promise<unknown>) => {
        const asBefore = aroundSaves(store, (save) => async (record, document) => {
          if (record.dataset === id && record.lastAttempt === null) throw new Error('too large');
          return save(record, document);
        });
        return run().finally(asBefore);
      },
    };
    const ended = await execute({ server, store, day: 1, meddling });
    expect(ended.as).toBe('Succeeded');
    expect(ended.visited).not.toContain('CheckGithubShardLost');
    const github = [...store.records.values()].filter(({ check }) => check === 'github');
    const failures = github.filter(({ lastAttempt }) => lastAttempt !== null);
    expect(failures).toMatchObject([{ dataset: id, lastAttempt: { reason: 'killed' } }]);
    const measured = github.filter(({ checkedAt }) => checkedAt?.startsWith('2026-08-02'));
    expect(measured).toHaveLength(github.length - 1);
  });

  test('an item whose account has no concurrency left waits for its turn', async () => {
    let refusals = 0;
    const meddling = {
      CheckGithubShard: async (run: () => Promise<unknown>) => {
        refusals += 1;
        if (refusals <= 5) throw named('Lambda.TooManyRequestsException', 'Rate Exceeded.');
        return run();
      },
    };
    const ended = await execute({ server, store: afterFirstRun(), day: 1, meddling });
    expect(ended).toMatchObject({ as: 'Succeeded' });
    expect(refusals).toBe(6);
  });
});

describe('a failing map', () => {
  test.each(['CheckGithub', 'CheckS3Files'])('%s does not end the run', async (map) => {
    const store = afterFirstRun();
    const ended = await execute({
      server,
      store,
      day: 1,
      meddling: {
        [`${map}Shard`]: async () => {
          throw named('States.ExceedToleratedFailureThreshold', 'too many items failed');
        },
      },
      // Without its Catch an item fails the map, as too many items do on AWS.
      edit: (states) => {
        const [branch] = states.FirstChecks.Branches;
        const owner = map === 'CheckGithub' ? branch.States : states;
        delete owner[map].ItemProcessor.States[`${map}Shard`].Catch;
      },
    });
    expect(ended.visited).toContain(`${map}Failed`);
    expect(ended.visited).toContain('Summarize');
    expect(ended.as).toBe('PublishHeld');
  });
});

describe('a timeout', () => {
  test('a function that stops in time costs nothing: the next continues there', async () => {
    const store = afterFirstRun();
    let invocations = 0;
    const meddling = {
      CheckGithubShard: async (run: (signal?: AbortSignal) => Promise<unknown>) => {
        invocations += 1;
        if (invocations > 1) return run();
        const time = new AbortController();
        let saved = 0;
        const asBefore = aroundSaves(store, (save) => async (...args) => {
          saved += 1;
          if (saved === 5) time.abort();
          return save(...args);
        });
        return run(time.signal).finally(asBefore);
      },
    };
    server.resetStats();
    expect(await execute({ server, store, day: 1, meddling })).toMatchObject({ as: 'Succeeded' });
    expect(invocations).toBe(2);
    const github = [...store.records.values()].filter(({ check }) => check === 'github');
    expect(new Set(github.map(({ runStart }) => runStart))).toEqual(new Set([DAY_TWO]));
    expect(rowsOf(store).filter(({ unverified }) => unverified?.github)).toEqual([]);
  });

  test('an invocation that never ends loses its shard and no more', async () => {
    const store = afterFirstRun();
    const ended = await execute({
      server,
      store,
      day: 1,
      meddling: { CheckS3VersionShard: () => new Promise(() => {}) },
      edit: (states) => {
        const [, branch] = states.FirstChecks.Branches;
        branch.States.CheckS3Version.ItemProcessor.States.CheckS3VersionShard.TimeoutSeconds = 0.05;
      },
    });
    expect(ended.visited).toContain('CheckS3VersionShardLost');
    expect(ended.as).toBe('PublishHeld');
    const of = (check: string) => [...store.records.values()].filter((one) => one.check === check);
    expect(of('s3Version').every(({ lastAttempt }) => lastAttempt !== null)).toBe(true);
    expect(of('github').every(({ lastAttempt }) => lastAttempt === null)).toBe(true);
  });

  test('a timeout of everything but the last step is healed by the next run', async () => {
    const store = afterFirstRun();
    const dies = async () => {
      throw named('Sandbox.Timedout', 'killed');
    };
    const meddling = { CheckGithubShard: dies, CheckS3VersionShard: dies, CheckS3FilesShard: dies };
    expect(await execute({ server, store, day: 1, meddling })).toMatchObject({ as: 'PublishHeld' });
    expect(await execute({ server, store, day: 2 })).toMatchObject({ as: 'Succeeded' });
    expect(lasting(store)).toEqual(lasting(published));
  });
});

describe('a second execution', () => {
  test('while one is on ends at once, says so, and asks nobody anything', async () => {
    const store = afterFirstRun();
    const now = new Date(DAY_TWO);
    await store.holdLock({ name: 'the first', start: DAY_TWO }, now);
    server.resetStats();
    const { as, visited } = await execute({ server, store, day: 1 });
    expect(as).toBe('Succeeded');
    expect(visited).toEqual(['FetchRegistry', 'MayItRun', 'AnotherRunIsOn']);
    expect(Object.values(server.stats()).filter(({ requests }) => requests > 0)).toEqual([]);
    expect(store.holder(now)).toBe('the first');
  });

  test('an execution that takes over makes the late children of the first give up', async () => {
    const store = afterFirstRun();
    const meddling = {
      CheckS3FilesShard: async (run: () => Promise<unknown>) => {
        // As after a manual stop and the twenty minutes that a lock lasts.
        const later = new Date(Date.parse(DAY_TWO) + 3_600_000);
        await store.holdLock({ name: 'the second', start: later.toISOString() }, later);
        return run();
      },
    };
    const ended = await execute({ server, store, day: 1, meddling });
    expect(ended.as).toBe('Superseded');
    expect(ended.visited.filter((state) => state === 'Summarize')).toHaveLength(1);
  });
});

describe('an end that no state sees', () => {
  const dies = async () => {
    throw named('Runtime.ExitError', 'out of memory');
  };
  const WHY = ['The run could not continue: Runtime.ExitError.'];

  test.each(['FetchRegistry', 'Plan', 'Summarize'])(
    'of a run whose %s is killed is recorded, and the next one runs',
    async (state) => {
      const store = afterFirstRun();
      const ended = await execute({ server, store, day: 1, meddling: { [state]: dies } });
      expect(ended.as).toBe('Runtime.ExitError');
      const [run] = await store.listRuns(1);
      expect(run).toMatchObject({ outcome: 'failed', why: WHY, execution: 'execution-1' });
      expect(run?.finishedAt).not.toBeNull();
      expect(statusOf(store).lastRun).toMatchObject({ outcome: 'failed', why: WHY });
      expect(statusOf(store).publishedAt).toBe(statusOf(published).publishedAt);
      expect(store.holder(new Date(DAY_TWO))).toBeNull();
      expect(await execute({ server, store, day: 2 })).toMatchObject({ as: 'Succeeded' });
    },
  );

  test('a run that a person stops is recorded at once', async () => {
    const store = afterFirstRun();
    const stopping = new AbortController();
    const meddling = {
      Plan: async (run: () => Promise<unknown>) => {
        stopping.abort();
        return run();
      },
    };
    const ended = await execute({ server, store, day: 1, meddling, stop: stopping.signal });
    expect(ended.as).toBe('Aborted');
    const why = ['The run was stopped before its end.'];
    expect(store.runs.get(DAY_TWO)).toMatchObject({ outcome: 'failed', why });
    expect(statusOf(store).lastRun.why).toEqual(why);
    expect(store.holder(new Date(DAY_TWO))).toBeNull();
  });

  test('does not replace what the run has recorded itself', async () => {
    const store = afterFirstRun();
    const meddling = {
      Summarize: async (run: () => Promise<unknown>) => {
        await run();
        return dies();
      },
    };
    expect((await execute({ server, store, day: 1, meddling })).as).toBe('Runtime.ExitError');
    expect(store.runs.get(DAY_TWO)?.outcome).toBe('published');
    expect(statusOf(store).lastRun.outcome).toBe('published');
  });

  test('an execution that nobody heard from does not keep other runs waiting', async () => {
    const store = afterFirstRun();
    const first = { server, store, day: 1, meddling: { Summarize: dies }, isEndLost: true };
    expect((await execute(first)).as).toBe('Runtime.ExitError');
    // Within the twenty minutes of the lock.
    const isOn = (name: string) => name !== 'execution-1';
    const next = await execute({ server, store, day: 1.005, isOn });
    expect(next).toMatchObject({ as: 'Succeeded' });
    expect(next.visited).toContain('Done');
  });

  test('the end of an old run does not change the one that took over', async () => {
    const store = afterFirstRun();
    const later = new Date(Date.parse(DAY_TWO) + 3_600_000);
    const meddling = {
      Plan: async () => {
        await store.holdLock({ name: 'the second', start: later.toISOString() }, later);
        return dies();
      },
    };
    const before = store.documents.get('status.json');
    await execute({ server, store, day: 1, meddling });
    expect(store.runs.get(DAY_TWO)).toMatchObject({ outcome: 'failed', why: WHY });
    expect(store.holder(later)).toBe('the second');
    expect(store.documents.get('status.json')).toBe(before);
  });
});

describe('a scheduled start', () => {
  const input = { scheduled: true };

  test('while another run is on waits for it, and is the newer of the two', async () => {
    const store = afterFirstRun();
    const now = new Date(DAY_TWO);
    const start = new Date(now.getTime() + 60_000).toISOString();
    await store.holdLock({ name: 'by hand', start }, now);
    const clock = { ahead: 0 };
    let tries = 0;
    const meddling = {
      FetchRegistry: async (run: () => Promise<unknown>) => {
        tries += 1;
        if (tries === 3) await store.releaseLock({ name: 'by hand' });
        const result = await run();
        clock.ahead += 300_000;
        return result;
      },
    };
    const ended = await execute({ server, store, day: 1, input, clock, meddling });
    expect(ended.as).toBe('Succeeded');
    expect(ended.visited.filter((state) => state === 'WaitForTurn')).toHaveLength(2);
    const [run] = await store.listRuns(1);
    expect(run).toMatchObject({ outcome: 'published', execution: 'execution-1' });
    expect(run?.runStart && run.runStart > start).toBe(true);
  });

  test('a start that never gets its turn fails, says so, and leaves the page alone', async () => {
    const store = afterFirstRun();
    await store.holdLock({ name: 'by hand', start: DAY_TWO }, new Date(DAY_TWO));
    const before = store.documents.get('status.json');
    const clock = { ahead: 0 };
    const meddling = {
      FetchRegistry: async (run: () => Promise<unknown>) => {
        await store.holdLock(
          { name: 'by hand', start: DAY_TWO },
          new Date(Date.parse(DAY_TWO) + clock.ahead),
        );
        const result = await run();
        clock.ahead += 300_000;
        return result;
      },
    };
    const ended = await execute({ server, store, day: 1, input, clock, meddling });
    expect(ended.as).toBe('AnotherRunDidNotEnd');
    expect(ended.cause).toContain('by hand');
    expect(ended.visited.filter((state) => state === 'WaitForTurn')).toHaveLength(24);
    expect(store.runs.get(DAY_TWO)).toMatchObject({
      outcome: 'failed',
      why: ['The run did not begin: the run by hand has not ended yet, so nothing was done.'],
    });
    expect(store.documents.get('status.json')).toBe(before);
  });
});

describe('a run that must stop', () => {
  test('because it names what there is not is refused: no record, no banner', async () => {
    const store = afterFirstRun();
    const before = structuredClone([store.documents, store.runs]);
    const ended = await execute({ server, store, day: 1, input: { datasets: ['ds999999'] } });
    expect(ended).toMatchObject({ as: INVALID_INPUT, cause: 'not in the registry: ds999999' });
    expect(ended.visited.at(-1)).toBe('InputRefused');
    expect(structuredClone([store.documents, store.runs])).toEqual(before);
  });

  test('because the registry shrank fails, says why, and changes nothing published', async () => {
    const small = await startSampleArchive({ archive: generateArchive({ datasets: 20 }) });
    const store = afterFirstRun();
    const ended = await execute({ server: small, store, day: 1 }).finally(() => small.close());
    expect(ended.as).toBe('RegistryStopped');
    expect(ended.cause).toMatch(/The registry lost \d+ of \d+ datasets/);
    expect(rowsOf(store)).toEqual(rowsOf(published));
    expect(statusOf(store).lastRun.outcome).toBe('failed');
  });

  test('because its plan cannot be made is recorded as failed', async () => {
    const store = afterFirstRun();
    const dies = async () => {
      throw named('Runtime.ExitError', 'out of memory');
    };
    const ended = await execute({ server, store, day: 1, meddling: { Plan: dies } });
    expect(ended.as).toBe('Runtime.ExitError');
    expect(store.runs.get(DAY_TWO)).toMatchObject({
      outcome: 'failed',
      why: ['The run could not continue: Runtime.ExitError.'],
    });
    expect(store.holder(new Date(DAY_TWO))).toBeNull();
  });

  test.each([{ dataset: ['ds000001'] }, { datasets: ['../data'] }, { stages: ['everything'] }])(
    'because its input is %j does nothing at all',
    async (input) => {
      const store = afterFirstRun();
      server.resetStats();
      const ended = await execute({ server, store, input, day: 1 });
      expect(ended.as).toBe('InvalidInput');
      expect(store.writes).toEqual([]);
      expect(server.stats().registry.requests).toBe(0);
    },
  );

  test('is published all the same when a person says so', async () => {
    const store = afterFirstRun();
    const dies = async () => {
      throw named('Runtime.ExitError', 'out of memory');
    };
    const input = { publishAnyway: true };
    const ended = await execute({
      server,
      store,
      input,
      day: 1,
      meddling: { CheckGithubShard: dies },
    });
    expect(ended.as).toBe('Succeeded');
    expect(rowsOf(store).every(({ unverified }) => unverified?.github)).toBe(true);
  });
});

/** Datasets whose description the sample archive never returns. */
function failing(store: MemoryRunStore): number {
  const s3Version = [...store.records.values()].filter(({ check }) => check === 's3Version');
  return s3Version.filter(({ lastAttempt }) => lastAttempt !== null).length;
}
