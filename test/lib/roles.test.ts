// A run whose functions have the rights of their roles in the template: every call to S3 and
// DynamoDB is judged as IAM would. Emulators do not look at the keys of a table.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { staysAfterRemoval } from '../../core/history/paths.ts';
import { systemClock } from '../../core/http/clock.ts';
import { HOSTS } from '../../lambdas/names.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import { sharedHosts } from '../../lambdas/shared-hosts.ts';
import { named } from '../../lambdas/steps/tools.ts';
import { type Call, fakeCloud } from '../support/aws/cloud.ts';
import { archiveWithWithdrawal } from '../support/withdrawal.ts';
import { storeOver } from './counting-store.ts';
import { execute } from './machine.ts';
import { allows, rightsOf } from './rights.ts';

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 40 }) });
});
afterAll(() => server.close());

/** State → the role of its function. */
const roleOf = (state: string) =>
  `Pipeline${state === 'RecordFailure' ? 'Summarize' : state.replace(/Shard$/, '')}Role`;

/** Stores that refuse what a state's role does not allow, and what they refused. */
function guarded() {
  const cloud = fakeCloud();
  const refused = new Set<string>();
  const storeOf = (state: string): RunStore => {
    const rights = rightsOf(roleOf(state));
    const before = (call: Call) => {
      if (allows(rights, call)) return;
      refused.add(`${state}: ${call.name} ${JSON.stringify(call.input.Key ?? call.input)}`);
      throw named('AccessDenied', `${state} may not ${call.name}`);
    };
    return storeOver(cloud, { before });
  };
  return { cloud, refused, storeOf };
}

describe('the roles', () => {
  test('allow all that runs do: a first one, one after, and one whose function dies', async () => {
    const { cloud, refused, storeOf } = guarded();
    const store = storeOver(cloud, {});
    const dies = async () => {
      throw named('Runtime.ExitError', 'out of memory');
    };
    const fails = { CheckGithubShard: dies };
    expect(await execute({ server, store, storeOf })).toMatchObject({ as: 'Succeeded' });
    expect(await execute({ server, store, storeOf, day: 1 })).toMatchObject({ as: 'Succeeded' });
    await execute({ server, store, storeOf, day: 2, meddling: fails });
    await execute({ server, store, storeOf, day: 3, meddling: { Plan: dies } });
    expect([...refused]).toEqual([]);
    expect(cloud.objects.size).toBeGreaterThan(300);
  });

  test('allow to remove what is left of a withdrawn dataset, which then comes back as new', async () => {
    const { cloud, refused, storeOf } = guarded();
    const { archive, id, withdraw, restore } = archiveWithWithdrawal({ datasets: 40 });
    const own = await startSampleArchive({ archive });
    const store = storeOver(cloud, {});
    const onDay = async (day: number) => {
      expect(await execute({ server: own, store, storeOf, day })).toMatchObject({
        as: 'Succeeded',
      });
      return (await store.readDocument('datasets-registry.json')) as Registry;
    };
    try {
      await onDay(0);
      const before = await store.contentsOf(id);
      expect(before.records).toBeGreaterThan(5);
      withdraw();
      const first = await onDay(1);
      expect(first.gone).toMatchObject([{ id, state: 'deleted' }]);
      expect(await store.contentsOf(id)).toEqual(before);

      const second = await onDay(2);
      expect(second).toMatchObject({ gone: [], withdrawn: [{ id, since: first.gone?.[0]?.at }] });
      expect(await store.contentsOf(id)).toEqual({ documents: [], records: 0 });
      const left = [...cloud.objects.keys()].filter((key) => key.includes(`/${id}/`));
      expect(left.filter((key) => !staysAfterRemoval(key))).toEqual([]);
      expect([...cloud.items.keys()].filter((key) => key.includes(id))).toEqual([]);

      restore();
      expect((await onDay(3)).withdrawn).toEqual([]);
      expect(await store.contentsOf(id)).toMatchObject({ records: before.records });
      // A DOI that was good is not asked for again within 30 days, but a new dataset's is.
      const doi = (await store.open(id)).record('doi');
      expect(doi?.checkedAt).toMatch(/^2026-08-04T/);
    } finally {
      await own.close();
    }
    expect([...refused]).toEqual([]);
  }, 60_000);

  test('let functions share what they see of the hosts that they ask', async () => {
    const { cloud, refused } = guarded();
    for (const role of ['FetchRegistry', 'CheckGithub', 'CheckS3Files', 'Summarize']) {
      const rights = rightsOf(`Pipeline${role}Role`);
      const before = (call: Call) => {
        if (!allows(rights, call)) refused.add(`${role}: ${call.name}`);
      };
      const hosts = sharedHosts({
        ...{ dynamo: cloud.clients({ before }).dynamo, table: cloud.table, clock: systemClock },
        ...{ log: (_, event) => refused.add(event), run: '2026', name: role },
      });
      hosts.listen(() => {});
      hosts.tell('host.example', { retries: 1, pausedUntil: 0, leftAlone: undefined });
      await hosts.close();
    }
    expect([...refused]).toEqual([]);
    expect([...cloud.items.values()]).toMatchObject([{ pk: HOSTS, sk: 'host.example' }]);
  });

  test.each<[string, string, Call['service'], string, object]>([
    ['CheckGithub', 'a record of a run', 'dynamodb', 'Put', { Item: { pk: 'RUN', sk: '2026' } }],
    ['CheckGithub', 'the lock', 'dynamodb', 'Put', { Item: { pk: 'LOCK', sk: 'LOCK' } }],
    ['CheckS3Files', 'another document', 's3', 'PutObject', { Key: 'data/all-datasets.json' }],
    [
      'FetchRegistry',
      'a verdict',
      'dynamodb',
      'Put',
      { Item: { pk: 'CHECK#ds000001', sk: 'doi' } },
    ],
    ['Plan', 'a verdict', 'dynamodb', 'Put', { Item: { pk: 'CHECK#ds000001', sk: 'doi' } }],
    ['Summarize', 'the registry', 's3', 'PutObject', { Key: 'data/datasets-registry.json' }],
    ['Summarize', 'a tag list', 's3', 'PutObject', { Key: 'data/datasets/ds1/snapshots.json' }],
    ['Summarize', 'the list of names', 's3', 'DeleteObject', { Key: 'data/names.json' }],
    ['Summarize', 'a run', 'dynamodb', 'Delete', { Key: { pk: 'RUN', sk: '2026' } }],
    ['CheckS3Files', 'a tag list', 's3', 'DeleteObject', { Key: 'data/datasets/a/snapshots.json' }],
    ['FetchRegistry', 'a verdict', 'dynamodb', 'Delete', { Key: { pk: 'CHECK#a', sk: 'doi' } }],
    ['Summarize', 'a tree', 's3', 'GetObject', { Key: 'trees/00/00' }],
  ])('%s may not touch %s', (role, _, service, name, input) => {
    const call = { service, name, input: input as Call['input'], writes: true };
    expect(allows(rightsOf(`Pipeline${role}Role`), call)).toBe(false);
  });
});
