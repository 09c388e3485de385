// What a function holds of many datasets, packed: it comes back as it was, and a store that gives away
// what it knows of a dataset goes on as if it had kept it.

import { expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { metadataPath, snapshotsPath } from '../../archives/openneuro/paths.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import { type DatasetState, trackingStore } from '../../lambdas/dataset-state.ts';
import { packedStates } from '../../lambdas/packed-states.ts';
import { fakeCloud } from '../support/aws/cloud.ts';

const ID = 'ds000001';
const METADATA = metadataPath(ID, '1.0.0');
const metadata = { schemaVersion: '3.0.0', hexsha: 'a'.repeat(40), created: null };

/** All are packed; the first one is not; none is. */
const MOST_UNPACKED = [0, 1, undefined];

test.each(MOST_UNPACKED)('a state comes back as it was, %s unpacked', (most) => {
  const states = packedStates(most);
  const state: DatasetState = {
    session: {
      records: { github: { status: 'ok', note: 'ß 脑 🧠 \u0000 "' } },
      etags: { a: '"b"' },
    },
    documents: { [METADATA]: '{"name": "Œuvre\\n"}\n' },
  };
  states.set(ID, state);
  states.set('ds000002', { documents: {} });
  states.set('ds000003', state);
  states.set('ds000003', { documents: { [METADATA]: 'another' } });
  expect(states.get(ID)).toEqual(state);
  expect(states.get('ds000003')).toEqual({ documents: { [METADATA]: 'another' } });
  expect([...states.keys()]).toEqual([ID, 'ds000002', 'ds000003']);
  states.delete(ID);
  expect([states.has(ID), states.get(ID)]).toEqual([false, undefined]);
  states.set(ID, state);
  expect(states.get(ID)).toEqual(state);
});

test.each(MOST_UNPACKED)(
  'what a store gives away and gets back is known as before, %s unpacked',
  async (most) => {
    const cloud = fakeCloud();
    const { bucket, table } = cloud;
    const store = openAwsStore({ archive: openneuro, ...cloud.clients(), bucket, table });
    const snapshots = { schemaVersion: '3.0.0', tags: ['1.0.0'] };
    await store.writeDocument(METADATA, metadata);
    const session = (await store.open(ID)).state();
    const etags = (await store.listEtags([ID]))?.get(ID);
    const given = { session: { ...session, etags }, documents: {} };

    const write = async (isReleased: boolean) => {
      const handed = packedStates(most);
      handed.set(ID, given);
      const known = trackingStore(store, openneuro, handed);
      const release = () => {
        const state = isReleased ? known.release(ID) : undefined;
        if (state) handed.set(ID, state);
      };
      const outcomes = [await known.writeDocument(METADATA, metadata)];
      release();
      outcomes.push(await known.writeDocument(snapshotsPath(ID), snapshots));
      release();
      expect(known.release('ds000002')).toBeUndefined();
      const asked = cloud.objects.get(`data/${METADATA}`);
      outcomes.push(await known.writeDocument(METADATA, metadata));
      outcomes.push(await known.writeDocument(snapshotsPath(ID), snapshots));
      expect(cloud.objects.get(`data/${METADATA}`)).toBe(asked);
      return { outcomes, state: known.stateOf(ID) };
    };
    const kept = await write(false);
    expect(kept.outcomes).toEqual(['unchanged', 'written', 'unchanged', 'unchanged']);
    cloud.objects.delete(`data/${snapshotsPath(ID)}`);
    expect(await write(true)).toEqual(kept);
    expect(Object.keys(kept.state.documents)).toEqual([METADATA, snapshotsPath(ID)]);
  },
);
