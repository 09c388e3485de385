// Runs that meet in the store on AWS: at every moment of a save, and at the lock.

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { keysOf } from '../../lambdas/names.ts';
import { LOCK_MS } from '../../lambdas/run-store.ts';
import { checkRecord, githubDocument, runStart } from '../store/documents.ts';
import { type Call, type FakeCloud, fakeCloud, type Hooks } from '../support/aws/cloud.ts';
import { awsError } from '../support/aws/error.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { DOCUMENT_KEY, evidence, headOf, ID, open, PATH, watching } from './aws-process.ts';

describe('a check that two runs save at once', () => {
  /** The state after both ended, however they met: the newer run's record with its evidence. */
  function expectNewer(cloud: FakeCloud) {
    expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(3) });
    expect(headOf(cloud)).toBe('newer');
  }
  const newer = (cloud: FakeCloud, hooks?: Hooks) =>
    saveCheck(open(cloud, hooks), checkRecord(ID, 3), evidence('newer'));
  const older = (cloud: FakeCloud, hooks?: Hooks) =>
    saveCheck(open(cloud, hooks), checkRecord(ID, 2), evidence('older'));

  test.each(['Query', 'GetObject', 'Announce', 'PutObject', 'Put'])(
    'is that of the newer one, when it saves as the older one is at %s',
    async (name) => {
      // Without a record there is nothing to mark.
      for (const dayBefore of name === 'Announce' ? [true] : [true, false]) {
        const cloud = fakeCloud();
        if (dayBefore) await saveCheck(open(cloud), checkRecord(ID, 1), evidence('before'));
        const { before } = watching(name, async () => expect(await newer(cloud)).toBe('written'));
        expect(await older(cloud, { before })).toBe('older');
        expectNewer(cloud);
      }
    },
  );

  test.each(['Query', 'GetObject', 'Announce', 'PutObject', 'Put'])(
    'is that of the newer one, when the older one saves as it is at %s',
    async (name) => {
      for (const dayBefore of [true, false]) {
        const cloud = fakeCloud();
        if (dayBefore) await saveCheck(open(cloud), checkRecord(ID, 1), evidence('before'));
        const { before } = watching(name, () => older(cloud));
        expect(await newer(cloud, { before })).toBe('written');
        expectNewer(cloud);
      }
    },
  );

  test('evidence of a newer run that was cut off before its record is not replaced', async () => {
    const cloud = fakeCloud();
    const before = ({ name }: Call) => {
      if (name === 'Put') throw new Error('killed');
    };
    await expect(newer(cloud, { before })).rejects.toThrow('killed');
    expect(await older(cloud)).toBe('older');
    expect(headOf(cloud)).toBe('newer');
    expect(cloud.items.size).toBe(0);
    expect(await newer(cloud)).toBe('written');
    expectNewer(cloud);
  });

  test('evidence of a newer run that came first and has no record yet is not replaced', async () => {
    const cloud = fakeCloud();
    const dies = ({ name }: Call) => {
      if (name === 'Put') throw new Error('killed');
    };
    const { before } = watching('PutObject', async () => {
      await expect(newer(cloud, { before: dies })).rejects.toThrow('killed');
    });
    expect(await older(cloud, { before })).toBe('older');
    expect(headOf(cloud)).toBe('newer');
    expect(cloud.items.size).toBe(0);
  });

  test('evidence that a newer run has changed again is not put back over it', async () => {
    const cloud = fakeCloud();
    await saveCheck(open(cloud), checkRecord(ID, 1), evidence('before'));
    const quicker = watching('Put', async () => {
      await saveCheck(open(cloud), checkRecord(ID, 3), null);
    });
    let puts = 0;
    const before = async (call: Call) => {
      // Between the older run's read of the newer record and its restoring write.
      if (call.name === 'PutObject' && ++puts === 2) await newer(cloud);
      await quicker.before(call);
    };
    expect(await older(cloud, { before })).toBe('older');
    expect(puts).toBe(2);
    expectNewer(cloud);
  });

  test('restored evidence still names the run that measured it', async () => {
    const cloud = fakeCloud();
    await saveCheck(open(cloud), checkRecord(ID, 1), evidence('before'));
    const { before } = watching('Put', () => saveCheck(open(cloud), checkRecord(ID, 3), null));
    await older(cloud, { before });
    expect(cloud.objects.get(DOCUMENT_KEY)?.metadata).toEqual({ 'run-start': runStart(1) });
    expect(headOf(cloud)).toBe('before');
  });

  test('evidence of an older run stays if a newer run found the same', async () => {
    const cloud = fakeCloud();
    const lastAttempt = { at: runStart(1), reason: 'timeout' as const };
    const value = { ...githubDocument('before'), lastAttempt };
    await saveCheck(open(cloud), checkRecord(ID, 1, { lastAttempt }), { path: PATH, value });
    const { before } = watching('Put', () =>
      saveCheck(open(cloud), checkRecord(ID, 3), evidence('older')),
    );
    expect(await older(cloud, { before })).toBe('older');
    expect(headOf(cloud)).toBe('older');
    expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(3) });
  });

  test('evidence of an older run with none before it stays: the record says that it is old', async () => {
    const cloud = fakeCloud();
    const { before } = watching('Put', () => saveCheck(open(cloud), checkRecord(ID, 3), null));
    expect(await older(cloud, { before })).toBe('older');
    expect(headOf(cloud)).toBe('older');
    expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(3) });
  });

  test('two functions of one run leave one of their records, with its own evidence', async () => {
    const cloud = fakeCloud();
    const failedAt = (at: string) => ({
      ...checkRecord(ID, 2),
      lastAttempt: { at, reason: 'timeout' as const },
    });
    const [first, given, again] = ['10:00', '10:01', '10:02'].map(
      (time) => `2026-08-02T${time}:00.000Z`,
    ) as [string, string, string];
    await saveCheck(open(cloud), failedAt(first), evidence('first'));
    const { before } = watching('Put', () =>
      saveCheck(open(cloud), failedAt(again), evidence('again')),
    );
    await saveCheck(open(cloud, { before }), failedAt(given), evidence('given up'));
    const { lastAttempt } = cloud.items.get(`CHECK#${ID}\0github`) as { lastAttempt: object };
    expect([lastAttempt, headOf(cloud)]).toEqual([{ at: given, reason: 'timeout' }, 'given up']);
  });

  test('run starts are compared as times, however they are written', async () => {
    const cloud = fakeCloud();
    const at = (text: string) => ({ ...checkRecord(ID, 1), runStart: text });
    await saveCheck(open(cloud), at('2026-08-01T10:00:00.500Z'), null);
    expect(await saveCheck(open(cloud), at('2026-08-01T10:00:00Z'), null)).toBe('older');
    expect(await saveCheck(open(cloud), at('2026-08-01T10:00:01Z'), null)).toBe('written');
  });

  test('the record of one that failed to write its evidence is not written', async () => {
    const cloud = fakeCloud();
    const { before } = watching('PutObject', () => {
      throw awsError('InternalError', 500);
    });
    await expect(older(cloud, { before })).rejects.toThrow('InternalError');
    expect(cloud.items.size).toBe(0);
  });

  test('an error of the table is no lost race', async () => {
    const cloud = fakeCloud();
    const { calls, before } = watching('Put', () => {
      throw awsError('ProvisionedThroughputExceededException', 400);
    });
    await expect(older(cloud, { before })).rejects.toThrow('Throughput');
    expect(calls.filter((name) => name === 'Put')).toHaveLength(1);
  });

  test('a record that is as it was is not written again; another of the same run is', async () => {
    const cloud = fakeCloud();
    await newer(cloud);
    const { calls, before } = watching('', () => {});
    expect(await newer(cloud, { before })).toBe('unchanged');
    expect(calls).toEqual(['Query', 'GetObject']);
    const failing = checkRecord(ID, 3, { lastAttempt: { at: runStart(3), reason: 'timeout' } });
    expect(await saveCheck(open(cloud), failing, null)).toBe('written');
    expect(await readRecord(open(cloud), ID, 'github')).toEqual(failing);
  });

  test('other evidence under a record that is as it was is written', async () => {
    const cloud = fakeCloud();
    await newer(cloud);
    const outcome = await saveCheck(open(cloud), checkRecord(ID, 3), evidence('corrected'));
    expect([outcome, headOf(cloud)]).toEqual(['written', 'corrected']);
  });

  test('two functions of one run that save the same: who wrote the evidence has written', async () => {
    const cloud = fakeCloud();
    const { before } = watching('Put', async () => expect(await newer(cloud)).toBe('written'));
    expect(await newer(cloud, { before })).toBe('written');
    expectNewer(cloud);
  });

  test('a lost answer at any write leaves what the next try completes', async () => {
    for (let n = 1; n <= 3; n += 1) {
      const cloud = fakeCloud();
      await saveCheck(open(cloud), checkRecord(ID, 1), evidence('before'));
      let writes = 0;
      const after = (call: Call) => {
        if (call.writes && ++writes === n) throw new Error('no answer');
      };
      await expect(newer(cloud, { after })).rejects.toThrow('no answer');
      expect(await newer(cloud)).toBe(n < 3 ? 'written' : 'unchanged');
      expectNewer(cloud);
    }
  });
});

describe('a session that was handed on, with a listing of the documents', () => {
  /** Read and listed now; saved whenever the test wants. */
  async function handedOn(cloud: FakeCloud, hooks?: Hooks) {
    const store = open(cloud);
    const { records } = (await store.open(ID)).state();
    const etags = (await store.listEtags([ID]))?.get(ID);
    return open(cloud, hooks).open(ID, { records, etags });
  }
  const save = async (cloud: FakeCloud, run: number, head: string, hooks?: Hooks) =>
    saveCheck(open(cloud, hooks), checkRecord(ID, run), evidence(head));
  const dayBefore = async () => {
    const cloud = fakeCloud();
    await save(cloud, 1, 'before');
    return cloud;
  };
  const expectThere = (cloud: FakeCloud, run: number, head: string) => {
    expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(run) });
    expect(cloud.items.get(`CHECK#${ID}\0github`)).not.toHaveProperty('changing');
    expect(headOf(cloud)).toBe(head);
  };
  const MOMENTS = ['Query', 'GetObject', 'Announce', 'PutObject', 'Put'];

  test('asks for nothing where the document is as it is to be', async () => {
    const cloud = await dayBefore();
    const { calls, before } = watching('', () => {});
    const session = await handedOn(cloud, { before });
    expect(await session.save(checkRecord(ID, 2), evidence('before'))).toBe('written');
    expect(calls).toEqual(['Put']);
    expect(session.record('github')).toEqual(checkRecord(ID, 2));
    expectThere(cloud, 2, 'before');
    expect(await session.save(checkRecord(ID, 3), evidence('other'))).toBe('written');
    expect(calls).toEqual(['Put', 'GetObject', 'Announce', 'PutObject', 'Put']);
    expect(await session.save(checkRecord(ID, 4), evidence('other'))).toBe('written');
    expect(calls.slice(5)).toEqual(['Put']);
    expectThere(cloud, 4, 'other');
  });

  test('sends no request where there is no document and should be none', async () => {
    const cloud = fakeCloud();
    await saveCheck(open(cloud), checkRecord(ID, 1), { path: PATH, value: null });
    const { calls, before } = watching('', () => {});
    const session = await handedOn(cloud, { before });
    await session.save(checkRecord(ID, 2), { path: PATH, value: null });
    expect(calls).toEqual(['Put']);
  });

  test.each(['deleted', 'damaged'])('repairs a document that was %s by hand', async (how) => {
    const cloud = await dayBefore();
    const { s3 } = cloud.clients();
    if (how === 'deleted') cloud.objects.delete(DOCUMENT_KEY);
    else {
      const input = { Bucket: cloud.bucket, Key: DOCUMENT_KEY, Body: Buffer.from('{') };
      await s3.send(new PutObjectCommand(input));
    }
    const session = await handedOn(cloud);
    await session.save(checkRecord(ID, 2), evidence('before'));
    expectThere(cloud, 2, 'before');
  });

  test.each(MOMENTS)(
    'gives up though its document is as it was, when a newer run was killed at %s',
    async (name) => {
      const cloud = await dayBefore();
      const session = await handedOn(cloud);
      const { before } = watching(name, () => {
        throw new Error('killed');
      });
      await expect(save(cloud, 3, 'newer', { before })).rejects.toThrow('killed');
      const head = headOf(cloud);
      const outcome = await session.save(checkRecord(ID, 2), evidence('before'));
      expect([outcome, headOf(cloud)]).toEqual([head === 'newer' ? 'older' : 'written', head]);
      expect(await save(cloud, 3, 'newer')).toBe('written');
      expectThere(cloud, 3, 'newer');
    },
  );

  test.each(MOMENTS)(
    'of an older run whose document is as it was never mixes with a newer one that is at %s',
    async (name) => {
      const cloud = await dayBefore();
      const session = await handedOn(cloud);
      const { before } = watching(name, () => session.save(checkRecord(ID, 2), evidence('before')));
      expect(await save(cloud, 3, 'newer', { before })).toBe('written');
      expectThere(cloud, 3, 'newer');
    },
  );

  test.each(MOMENTS)(
    'of a newer run whose document is as it was never mixes with an older one that is at %s',
    async (name) => {
      for (const dies of [false, true]) {
        const cloud = await dayBefore();
        const session = await handedOn(cloud);
        const { before } = watching(name, async () => {
          await session.save(checkRecord(ID, 3), evidence('before'));
          if (dies) throw new Error('killed');
        });
        const older = save(cloud, 2, 'older', { before });
        if (dies) await expect(older).rejects.toThrow('killed');
        else expect(await older).toBe('older');
        expectThere(cloud, 3, 'before');
      }
    },
  );

  test('one run, given up and sent again, leaves one of the two with its own document', async () => {
    for (const name of ['GetObject', 'Announce', 'PutObject', 'Put']) {
      const cloud = await dayBefore();
      const [first, second] = [await handedOn(cloud), await handedOn(cloud)];
      const at = (minute: number) => ({ checkedAt: `2026-08-01T00:0${minute}:30.000Z` });
      const { before } = watching(name, () =>
        second.save(checkRecord(ID, 2, at(4)), evidence('before')),
      );
      const slow = await open(cloud, { before }).open(ID, first.state());
      await slow.save(checkRecord(ID, 2, at(3)), evidence('changed'));
      const { checkedAt } = cloud.items.get(`CHECK#${ID}\0github`) ?? {};
      expect(headOf(cloud)).toBe(checkedAt === at(4).checkedAt ? 'before' : 'changed');
    }
  });

  test('compares the documents themselves where etags are no MD5', async () => {
    const cloud = fakeCloud({ otherEtags: true });
    await save(cloud, 1, 'before');
    const { calls, before } = watching('', () => {});
    const session = await handedOn(cloud, { before });
    await session.save(checkRecord(ID, 2), evidence('before'));
    expect(calls).toEqual(['GetObject', 'Put']);
    expectThere(cloud, 2, 'before');
  });
});

describe('a check that removes its evidence as another run saves', () => {
  const none = { path: PATH, value: null };
  const remove = (run: number, cloud: FakeCloud, hooks?: Hooks) =>
    saveCheck(open(cloud, hooks), checkRecord(ID, run), none);
  const save = (run: number, cloud: FakeCloud, hooks?: Hooks) =>
    saveCheck(open(cloud, hooks), checkRecord(ID, run), evidence(`run ${run}`));
  const dayBefore = async () => {
    const cloud = fakeCloud();
    await save(1, cloud);
    return cloud;
  };
  const MOMENTS = ['Query', 'GetObject', 'Announce', 'DeleteObject', 'PutObject', 'Put'];

  test.each(MOMENTS)('a newer run that removes wins, as the older one is at %s', async (name) => {
    const cloud = await dayBefore();
    const { before } = watching(name, () => remove(3, cloud));
    await save(2, cloud, { before });
    await remove(3, cloud);
    expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(3) });
    expect(cloud.objects.has(DOCUMENT_KEY)).toBe(false);
  });

  test.each(MOMENTS)(
    'a newer run that removes wins, when the older saves as it is at %s',
    async (name) => {
      const cloud = await dayBefore();
      const { before } = watching(name, () => save(2, cloud));
      expect(await remove(3, cloud, { before })).toBe('written');
      expect(cloud.items.get(`CHECK#${ID}\0github`)).toMatchObject({ runStart: runStart(3) });
      expect(cloud.objects.has(DOCUMENT_KEY)).toBe(false);
    },
  );

  test.each(MOMENTS)(
    'a newer run that saves wins, as the older that removes is at %s',
    async (name) => {
      const cloud = await dayBefore();
      const { before } = watching(name, () => save(3, cloud));
      await remove(2, cloud, { before });
      await save(3, cloud);
      expect(headOf(cloud)).toBe('run 3');
    },
  );

  test('what an older run removed under a newer record is put back', async () => {
    const cloud = await dayBefore();
    // The newer run finds its evidence unchanged.
    const { before } = watching('Put', () => saveCheck(open(cloud), checkRecord(ID, 3), null));
    expect(await remove(2, cloud, { before })).toBe('older');
    expect(headOf(cloud)).toBe('run 1');
    expect(cloud.objects.get(DOCUMENT_KEY)?.metadata).toEqual({ 'run-start': runStart(1) });
  });
});

describe('the lock', () => {
  const now = new Date(runStart(5));
  const inMs = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const run = (n: number) => ({ name: `run-${n}`, start: runStart(n) });

  test.each([
    { what: 'a newer run, the moment it ends', by: 2, at: LOCK_MS, held: false },
    { what: 'a newer run, once it has ended', by: 2, at: LOCK_MS + 1, held: true },
    { what: 'an older run, once it has ended', by: 0, at: LOCK_MS + 1, held: false },
    { what: 'an older run, long after', by: 0, at: 10 * LOCK_MS, held: false },
    { what: 'the run itself, once it has ended', by: 1, at: LOCK_MS + 1, held: true },
  ])('of a run that was stopped: $what', async ({ by, at, held }) => {
    const store = open(fakeCloud());
    await store.holdLock(run(1), now);
    expect(await store.holdLock(run(by), inMs(at))).toEqual(
      held ? { held } : { held, by: 'run-1' },
    );
  });

  test.each([
    { what: 'by three days, and died', ahead: 3 * 24 * 60 * 60 * 1000, held: true },
    { what: 'by less than the lock lasts, and may be at work', ahead: LOCK_MS - 1, held: false },
  ])('of a run whose clock was ahead $what', async ({ ahead, held }) => {
    const store = open(fakeCloud());
    const start = inMs(ahead).toISOString();
    await store.holdLock({ name: 'ahead', start }, inMs(ahead));
    expect((await store.holdLock(run(6), inMs(60_000))).held).toBe(held);
  });

  test('the lock of a run that died after its clock jumped ahead is taken over', async () => {
    const store = open(fakeCloud());
    await store.holdLock(run(1), now);
    await store.holdLock(run(1), inMs(3 * 24 * 60 * 60 * 1000));
    expect((await store.holdLock(run(6), inMs(60 * 60 * 1000))).held).toBe(true);
  });

  test('a run of the same start is no newer one', async () => {
    const store = open(fakeCloud());
    await store.holdLock(run(1), now);
    const twin = { name: 'twin', start: runStart(1) };
    expect(await store.holdLock(twin, inMs(LOCK_MS + 1))).toEqual({ held: false, by: 'run-1' });
  });

  test('is renewed by each function of its run', async () => {
    const store = open(fakeCloud());
    await store.holdLock(run(1), now);
    await store.holdLock(run(1), inMs(LOCK_MS - 1));
    expect((await store.holdLock(run(2), inMs(LOCK_MS + 1))).held).toBe(false);
    expect((await store.holdLock(run(2), inMs(2 * LOCK_MS))).held).toBe(true);
    expect(await store.holdLock(run(1), inMs(2 * LOCK_MS))).toEqual({ held: false, by: 'run-2' });
  });

  test('released twice, or by a run that lost it, it still belongs to the other run', async () => {
    const cloud = fakeCloud();
    const store = open(cloud);
    await store.releaseLock(run(1));
    expect(cloud.items.size).toBe(0);
    await store.holdLock(run(1), now);
    await store.releaseLock(run(1));
    await store.releaseLock(run(1));
    await store.holdLock(run(2), now);
    await store.releaseLock(run(1));
    expect(await store.holdLock(run(3), now)).toEqual({ held: false, by: 'run-2' });
  });

  test('a lock without a name in it is held by another run', async () => {
    const cloud = fakeCloud();
    cloud.items.set('LOCK\0LOCK', { ...keysOf('').lock, start: runStart(9), expiresAt: 0 });
    expect(await open(cloud).holdLock(run(1), now)).toEqual({ held: false, by: 'another run' });
    const { before } = watching('Get', () => cloud.items.clear());
    const hold = await open(cloud, { before }).holdLock(run(1), now);
    expect(hold).toEqual({ held: false, by: 'another run' });
  });

  test('is neither held nor lost if the table cannot be reached', async () => {
    const cloud = fakeCloud();
    const before = ({ name }: Call) => {
      if (name === 'Update') throw awsError('InternalServerError', 500);
    };
    await expect(open(cloud, { before }).holdLock(run(1), now)).rejects.toThrow('InternalServer');
    await expect(open(cloud, { before }).releaseLock(run(1))).rejects.toThrow('InternalServer');
  });
});
