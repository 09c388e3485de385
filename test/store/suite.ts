// How every store behaves, whatever it writes to: the folder runs this suite, and so does any other
// implementation of core/monitor/store.ts.

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeFiles } from '../../archives/openneuro/files-document.ts';
import { filesPath, metadataPath } from '../../archives/openneuro/paths.ts';
import { CHECKS } from '../../archives/openneuro/vocabulary.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import type { Store } from '../../core/monitor/store.ts';
import { RefusedPathError } from '../../core/monitor/stored-document.ts';
import { checkPath, documentKind } from '../support/documents.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { bigDiff, checkRecord, githubDocument, runRecord, runStart } from './documents.ts';

export interface StoreUnderTest {
  /** Opens the same place repeatedly; each store is closed before the next is opened. */
  open(): Promise<Store & { close(): Promise<void> }>;
  /** Opens it so that everything fails from the middle of the n-th write operation on. */
  openDying(n: number): Promise<Store & { close(): Promise<void>; died(): boolean }>;
  /** Paths of all documents that exist now, including half-written ones. */
  documents(): Promise<string[]>;
  /** When a document was last written, in any form that changes with each write. */
  writtenAt(path: string): Promise<unknown>;
  destroy(): Promise<void>;
}

const COMMIT = 'b'.repeat(40);
const METADATA = { schemaVersion: '3.0.0', hexsha: 'a'.repeat(40), created: null };

export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`store: ${name}`, () => {
    let place: StoreUnderTest;
    beforeEach(async () => {
      place = await make();
    });
    afterEach(() => place.destroy());

    const using = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
      const store = await place.open();
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    };
    const github = (dataset: string, head: string) => ({
      path: checkPath('github', dataset),
      value: githubDocument(head),
    });

    test('what was never written is not there', async () => {
      await using(async (store) => {
        expect(await store.readDocument('all-datasets.json')).toBeUndefined();
        expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
        expect(await store.readTree(COMMIT)).toBeUndefined();
        expect(await store.readLastRun()).toBeUndefined();
        expect(await Array.fromAsync(store.listRecords())).toEqual([]);
      });
    });

    test('a document comes back as written, hostile branch names included', async () => {
      await using((store) =>
        store.writeDocument(checkPath('github', 'ds000001'), githubDocument('main')),
      );
      const read = await using((store) => store.readDocument(checkPath('github', 'ds000001')));
      expect(JSON.stringify(read)).toContain('"__proto__"');
      expect(Object.keys((read as { branches: object }).branches).sort()).toEqual(
        ['1', '__proto__', 'main'].sort(),
      );
    });

    test('a write that changes no byte is not made', async () => {
      const path = checkPath('github', 'ds000001');
      const outcomes = await using(async (store) => {
        const first = await store.writeDocument(path, githubDocument('main'));
        const stamp = await place.writtenAt(path);
        const second = await store.writeDocument(path, githubDocument('main'));
        expect(await place.writtenAt(path)).toEqual(stamp);
        const third = await store.writeDocument(path, githubDocument('master'));
        expect(await place.writtenAt(path)).not.toEqual(stamp);
        return [first, second, third];
      });
      expect(outcomes).toEqual(['written', 'unchanged', 'written']);
    });

    test('a document in pieces is written as a whole one, and only when a byte changes', async () => {
      const path = filesPath('ds000001', '1.0.0');
      const files = { schemaVersion: '3.0.0', count: 2, commit: COMMIT } as const;
      const write = async (store: Store, paths: string[]) =>
        store.writePieces(path, () => encodeFiles(files, paths));
      await using(async (store) => {
        expect(await write(store, ['CHANGES', 'README'])).toBe('written');
        expect(await store.readDocument(path)).toEqual({ ...files, files: ['CHANGES', 'README'] });
        const stamp = await place.writtenAt(path);
        expect(await write(store, ['CHANGES', 'README'])).toBe('unchanged');
        expect(await place.writtenAt(path)).toEqual(stamp);
        expect(await write(store, ['CHANGES', 'READYOU'])).toBe('written');
        expect(await write(store, ['CHANGES', 'READYOU!'])).toBe('written');
        const whole = { ...files, files: ['CHANGES', 'READYOU!'] };
        expect(await store.writeDocument(path, whole)).toBe('unchanged');
        const wrong = async () => store.writePieces('../x.json', () => []);
        await expect(wrong()).rejects.toThrow(RefusedPathError);
      });
    });

    test('a check saved twice in one run is written once', async () => {
      const save = (store: Store) =>
        saveCheck(store, checkRecord('ds000001', 1), github('ds000001', 'main'));
      expect(await using(save)).toBe('written');
      expect(await using(save)).toBe('unchanged');
    });

    test('a deleted document is written again, even if its record is unchanged', async () => {
      await using(async (store) => {
        const record = checkRecord('ds000001', 1);
        await saveCheck(store, record, null);
        expect(await saveCheck(store, record, github('ds000001', 'main'))).toBe('written');
        expect(await saveCheck(store, record, github('ds000001', 'master'))).toBe('written');
        expect(await store.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
          head: 'master',
        });
      });
    });

    test('checks of one dataset that are saved at once are all there, and saving one again changes no other', async () => {
      const all = CHECKS.map((check) => checkRecord('ds000001', 1, { check }));
      const byCheck = (records: readonly CheckRecord[]) =>
        new Map(records.map((record) => [record.check, record]));
      await using(async (store) => {
        await Promise.all(all.map((record) => saveCheck(store, record, null)));
        expect(byCheck(await Array.fromAsync(store.listRecords()))).toEqual(byCheck(all));
        const again = checkRecord('ds000001', 2, { check: 's3Version' });
        await saveCheck(store, again, null);
        const expected = byCheck(all).set('s3Version', again);
        expect(byCheck(await Array.fromAsync(store.listRecords()))).toEqual(expected);
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(all[0]);
      });
    });

    test('a check of an older run never replaces a newer one, neither record nor document', async () => {
      await using(async (store) => {
        await saveCheck(store, checkRecord('ds000001', 2), github('ds000001', 'newer'));
        const older = await saveCheck(
          store,
          checkRecord('ds000001', 1, { status: 'error' }),
          github('ds000001', 'older'),
        );
        expect(older).toBe('older');
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 2));
        expect(await store.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
          head: 'newer',
        });
      });
    });

    test('a document that should not exist is removed; if there is none, nothing happens', async () => {
      const none = { path: checkPath('github', 'ds000001'), value: null };
      await using(async (store) => {
        expect(await saveCheck(store, checkRecord('ds000001', 1), none)).toBe('written');
        await saveCheck(store, checkRecord('ds000001', 2), github('ds000001', 'main'));
        expect(await saveCheck(store, checkRecord('ds000001', 3), none)).toBe('written');
        expect(await store.readDocument(none.path)).toBeUndefined();
        expect(await saveCheck(store, checkRecord('ds000001', 3), none)).toBe('unchanged');
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 3));
      });
      expect(await place.documents()).toEqual([]);
    });

    test('an older run removes nothing', async () => {
      await using(async (store) => {
        const { path, value } = github('ds000001', 'main');
        await saveCheck(store, checkRecord('ds000001', 2), { path, value });
        const outcome = await saveCheck(store, checkRecord('ds000001', 1), { path, value: null });
        expect(outcome).toBe('older');
        expect(await store.readDocument(path)).toMatchObject({ head: 'main' });
      });
    });

    test('a check of a run that began in the future never wins, and is replaced', async () => {
      const ahead = { runStart: '2099-01-01T00:00:00.000Z', checkedAt: '2099-01-01T00:00:01.000Z' };
      await using(async (store) => {
        await saveCheck(
          store,
          checkRecord('ds000001', 0, { ...ahead, status: 'error' }),
          github('ds000001', 'ahead'),
        );
        expect(await readRecord(store, 'ds000001', 'github')).toMatchObject(ahead);
        const outcome = await saveCheck(
          store,
          checkRecord('ds000001', 1),
          github('ds000001', 'main'),
        );
        expect(outcome).toBe('written');
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 1));
        expect(await store.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
          head: 'main',
        });
      });
    });

    test('a run of the future is not the last one', async () => {
      await using(async (store) => {
        await store.writeRun({
          ...runRecord(1, 'interrupted'),
          runStart: '2099-01-01T00:00:00.000Z',
        });
        expect(await store.readLastRun()).toBeUndefined();
        await store.writeRun(runRecord(2));
        expect(await store.readLastRun()).toEqual(runRecord(2));
      });
    });

    test('a failed measurement leaves the document as it was and says so in the record', async () => {
      await using(async (store) => {
        await saveCheck(store, checkRecord('ds000001', 1), github('ds000001', 'main'));
        const stamp = await place.writtenAt(checkPath('github', 'ds000001'));
        const record = checkRecord('ds000001', 2, {
          lastAttempt: { at: runStart(2), reason: 'timeout' },
        });
        expect(await saveCheck(store, record, null)).toBe('written');
        expect(await place.writtenAt(checkPath('github', 'ds000001'))).toEqual(stamp);
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(record);
      });
    });

    test('of 20 writers racing for one check the newest run wins, with its own document', async () => {
      // 7 and 20 are coprime: every run once, unordered.
      const runs = Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
      await using(async (store) => {
        const outcomes = await Promise.all(
          runs.map((n) =>
            saveCheck(store, checkRecord('ds000001', n), github('ds000001', `branch-${n}`)),
          ),
        );
        expect(outcomes[runs.indexOf(19)]).toBe('written');
        expect((await readRecord(store, 'ds000001', 'github'))?.runStart).toBe(runStart(19));
        expect(await store.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
          head: 'branch-19',
        });
      });
    });

    test('a document of 3 MB comes back whole', async () => {
      const diff = bigDiff('ds000001', 80_000);
      await using((store) => store.writeDocument(checkPath('s3Files', 'ds000001'), diff));
      const read = await using((store) => store.readDocument(checkPath('s3Files', 'ds000001')));
      expect(JSON.stringify(read)).toBe(JSON.stringify(diff));
      expect(JSON.stringify(diff).length).toBeGreaterThan(3_000_000);
    });

    test('1,000 records are all listed', async () => {
      const ids = Array.from({ length: 1000 }, (_, i) => `ds${String(i).padStart(6, '0')}`);
      await using(async (store) => {
        await Promise.all(ids.map((id) => saveCheck(store, checkRecord(id, 1), null)));
        const listed = await Array.fromAsync(store.listRecords());
        expect(listed.map(({ dataset }) => dataset).sort()).toEqual(ids);
      });
    });

    test('the newest run is the last one, finished or not', async () => {
      await using(async (store) => {
        await store.writeRun(runRecord(2));
        await store.writeRun(runRecord(1));
        expect(await store.readLastRun()).toEqual(runRecord(2));
        await store.writeRun(runRecord(3, 'running'));
        expect(await store.readLastRun()).toEqual(runRecord(3, 'running'));
        await store.writeRun(runRecord(3, 'held'));
        expect(await store.readLastRun()).toEqual(runRecord(3, 'held'));
      });
    });

    test('a kept path list comes back byte for byte', async () => {
      const bytes = randomBytes(100_000);
      await using((store) => store.writeTree(COMMIT, bytes));
      expect((await using((store) => store.readTree(COMMIT)))?.equals(bytes)).toBe(true);
    });

    test.each([
      '../x.json',
      '/etc/passwd',
      'datasets/../../x/github.json',
      'datasets/ds000001/../../../github.json',
      'datasets/ds000001\0/github.json',
      'datasets/ds000001/snapshots/../metadata.json',
      'datasets\\ds000001\\github.json',
      '.mirrorwatch/lock',
      'datasets/ds000001/other.json',
      '',
    ])('no document is read or written at %j', async (path) => {
      await using(async (store) => {
        await expect(store.writeDocument(path, githubDocument('x'))).rejects.toThrow(
          RefusedPathError,
        );
        await expect(store.readDocument(path)).rejects.toThrow(RefusedPathError);
        const record = checkRecord('ds000001', 1);
        await expect(
          saveCheck(store, record, { path, value: githubDocument('x') }),
        ).rejects.toThrow(RefusedPathError);
        expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
      });
      expect(await place.documents()).toEqual([]);
    });

    test.each(['../x', '/x', 'ds\0', '', 'a/b', '.'])(
      'no record or tree is named %j',
      async (id) => {
        await using(async (store) => {
          await expect(readRecord(store, id, 'github')).rejects.toThrow();
          await expect(saveCheck(store, checkRecord(id, 1), null)).rejects.toThrow();
          await expect(store.readTree(id)).rejects.toThrow();
          await expect(store.writeTree(id, Buffer.from('x'))).rejects.toThrow();
        });
      },
    );

    test('a document that does not fit its schema is not written', async () => {
      await using(async (store) => {
        const bad = { ...githubDocument('main'), status: 'splendid' };
        await expect(store.writeDocument(checkPath('github', 'ds000001'), bad)).rejects.toThrow(
          'status',
        );
      });
      expect(await place.documents()).toEqual([]);
    });

    /** Two datasets with documents and records; the id of one begins like the other's. */
    const twoDatasets = async (store: Store) => {
      for (const id of ['ds000001', 'ds0000012']) {
        await store.writeDocument(metadataPath(id, '1.0.0'), METADATA);
        await saveCheck(store, checkRecord(id, 1), github(id, 'main'));
        await saveCheck(store, checkRecord(id, 1, { check: 'doi' }), null);
      }
    };

    test('a dataset that is removed leaves no document and no record, and the others stay', async () => {
      const paths = (id: string) => [checkPath('github', id), metadataPath(id, '1.0.0')].sort();
      await using(twoDatasets);
      await using(async (store) => {
        expect(await store.listDatasets()).toEqual(new Set(['ds000001', 'ds0000012']));
        const contents = await store.contentsOf('ds000001');
        expect({ ...contents, documents: contents.documents.toSorted() }).toEqual({
          documents: paths('ds000001'),
          records: 2,
        });
        expect(await store.removeDataset('ds000001')).toEqual(contents);
        expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
        expect(await store.readDocument(checkPath('github', 'ds000001'))).toBeUndefined();
      });
      expect((await place.documents()).sort()).toEqual(paths('ds0000012'));
      await using(async (store) => {
        expect(await store.listDatasets()).toEqual(new Set(['ds0000012']));
        expect((await Array.fromAsync(store.listRecords())).map(({ dataset }) => dataset)).toEqual([
          'ds0000012',
          'ds0000012',
        ]);
        const nothing = { documents: [], records: 0 };
        expect(await store.removeDataset('ds000001')).toEqual(nothing);
        // It comes back.
        await saveCheck(store, checkRecord('ds000001', 1), github('ds000001', 'main'));
        expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 1));
      });
    });

    test.each(['../ds000001', '', '.', 'ds000001/snapshots'])(
      'no dataset %j is removed',
      async (id) => {
        await using(async (store) => {
          await twoDatasets(store);
          await expect(store.removeDataset(id)).rejects.toThrow(RefusedPathError);
        });
        expect(await place.documents()).toHaveLength(4);
      },
    );

    test('a removal that was cut off at any write is finished by the next', async () => {
      let crashes = 0;
      for (let n = 1, died = true; died; n += 1) {
        await place.destroy();
        place = await make();
        await using(twoDatasets);
        const dying = await place.openDying(n);
        await dying.removeDataset('ds000001').catch(() => {});
        await dying.close();
        died = dying.died();
        if (died) crashes += 1;
        await using((store) => store.removeDataset('ds000001'));
        expect(await using((store) => store.listDatasets())).toEqual(new Set(['ds0000012']));
        const left = await using((store) => Array.fromAsync(store.listRecords()));
        expect(left.map(({ dataset }) => dataset)).toEqual(['ds0000012', 'ds0000012']);
      }
      expect(crashes).toBeGreaterThan(3);
    });

    test('a crash at any write leaves whole documents only, and the next run ends as if there had been none', async () => {
      // The run of a day over the previous day's tree: every kind of write, old and new bytes.
      const before = async (store: Store) => {
        await saveCheck(store, checkRecord('ds000001', 1), github('ds000001', 'main'));
        await store.writeDocument(checkPath('s3Files', 'ds000001'), bigDiff('ds000001', 20));
      };
      const day = async (store: Store) => {
        await store.writeRun(runRecord(2, 'running'));
        await saveCheck(store, checkRecord('ds000001', 2), github('ds000001', 'master'));
        await saveCheck(store, checkRecord('ds000002', 2), github('ds000002', 'main'));
        await store.writeDocument(checkPath('s3Files', 'ds000001'), bigDiff('ds000001', 30));
        await store.writeTree(COMMIT, Buffer.from('path list'));
        await store.writeRun(runRecord(2));
      };
      let crashes = 0;
      for (let n = 1, died = true; died; n += 1) {
        await place.destroy();
        place = await make();
        await using(before);
        const dying = await place.openDying(n);
        const ended = await day(dying).then(
          () => 'whole',
          () => 'cut',
        );
        await dying.close();
        died = dying.died();
        expect(ended).toBe(died ? 'cut' : 'whole');
        if (died) crashes += 1;
        await using(async (store) => {
          await expectWhole(store, await place.documents());
          await day(store);
          expect(await store.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
            head: 'master',
          });
          expect(await readRecord(store, 'ds000002', 'github')).toEqual(checkRecord('ds000002', 2));
          expect((await store.readTree(COMMIT))?.toString()).toBe('path list');
          expect(await store.readLastRun()).toEqual(runRecord(2));
        });
      }
      expect(crashes).toBeGreaterThan(6);
    });

    async function expectWhole(store: Store, documents: string[]): Promise<void> {
      for (const path of documents) {
        expect(documentKind(path), path).toBeDefined();
        expect(await store.readDocument(path)).toBeDefined();
      }
      for await (const record of store.listRecords()) {
        // The document goes first: no record of a run exists without that run's evidence.
        if (record.runStart !== runStart(2)) continue;
        const head = record.dataset === 'ds000001' ? 'master' : 'main';
        expect(await store.readDocument(checkPath('github', record.dataset))).toMatchObject({
          head,
        });
      }
      expect([undefined, 'path list']).toContain((await store.readTree(COMMIT))?.toString());
    }
  });
}
