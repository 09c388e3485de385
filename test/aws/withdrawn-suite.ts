// A dataset that is withdrawn while the monitor is deployed: what goes, what stays, and that the roles
// permit it.

import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, test } from 'vitest';
import type { SampleArchive, SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { keysOf } from '../../lambdas/names.ts';
import type { Deployment } from './deployment.ts';

/** Reads the whole registry and publishes; nothing is measured. */
const READ_AND_PUBLISH = { stages: ['fetch-registry' as const, 'summarize' as const] };

/** @param world what the deployment watches; it is as before when the tests are over */
export function withdrawnTests(deployed: () => Deployment, world: () => SampleArchive): void {
  let before: SampleArchive;
  afterAll(() => {
    Object.assign(world(), before);
  });

  test('a dataset that two runs found deleted goes with all that is its own, and leaves its id and history', async () => {
    const deployment = deployed();
    const { outputs, dynamo, run } = deployment;
    before = { ...world() };
    const [gone, ...datasets] = before.datasets as [SampleDataset, ...SampleDataset[]];
    const { id } = gone;
    const records = async () => {
      const { Items } = await dynamo.send(
        new QueryCommand({
          TableName: outputs.TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': keysOf('').check(id, '').pk },
          ConsistentRead: true,
        }),
      );
      return Items?.length;
    };
    const documents = async () => [...(await deployment.written(`data/datasets/${id}/`)).keys()];
    const others = async () =>
      [...(await deployment.written('data/datasets/'))].filter(([key]) => !key.includes(`/${id}/`));
    const registry = async () =>
      JSON.parse(await deployment.read('data/datasets-registry.json')) as Required<Registry>;
    const [pieces, kept, recorded] = [await documents(), await others(), await records()];
    expect(pieces.filter((key) => key.endsWith('/files.json'))).not.toEqual([]);
    expect(recorded).toBeGreaterThan(5);

    const state = { kind: 'deleted', reason: 'Consent was withdrawn' } as const;
    const leftovers = [...(before.leftovers ?? []), { id, export: gone.export, state }];
    Object.assign(world(), { datasets, leftovers });
    expect((await run(READ_AND_PUBLISH)).cause).toBeUndefined();
    expect((await registry()).gone).toMatchObject([{ id, state: 'deleted' }]);
    expect([await documents(), await records()]).toEqual([pieces, recorded]);

    expect((await run(READ_AND_PUBLISH)).cause).toBeUndefined();
    const stays = ['badge.json', 'badge.svg', 'history.json'];
    const left = (await documents()).map((key) => key.slice(key.lastIndexOf('/') + 1));
    expect([left.sort(), await records()]).toEqual([stays, 0]);
    expect(await deployment.read(`data/datasets/${id}/badge.json`)).toContain('withdrawn');
    expect(await registry()).toMatchObject({ gone: [], withdrawn: [{ id }] });
    expect(await deployment.read('data/all-datasets.json')).not.toContain(id);
    expect(await others()).toEqual(kept);
  });
}
