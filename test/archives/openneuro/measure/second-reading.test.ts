import { describe, expect, test } from 'vitest';
import { readTwice } from '../../../../archives/openneuro/measure/second-reading.ts';
import { NO_FACTS } from '../../../../core/documents/records.ts';
import { failed, seen } from '../../../../core/failure.ts';
import { fileLine, type SecondReader } from '../../../../core/protocols/git/second-reader.ts';
import { asRow, summarizeDataset } from '../../../support/legacy.ts';

const START = '2026-11-27T06:00:00.000Z';
const COMMIT = 'c'.repeat(40);
const OTHER = 'd'.repeat(40);
const OID = 'e'.repeat(40);
const refs = (commit = COMMIT) => ({
  head: 'main',
  branches: new Map([['main', commit]]),
  tags: new Map([['1.0.0', COMMIT]]),
  annotated: new Map<string, string>(),
});
const rowOf = (id: string, at: string, changes: object = {}) =>
  asRow({
    ...summarizeDataset(id, { latest: '1.0.0', name: null, latestDate: null }, {}),
    lastChecked: { github: at, s3Version: null, s3Files: null },
    ...changes,
  });

interface World {
  /** Changes of a row, by id. */
  readonly rows?: Record<string, object>;
  /** Files as last counted, by id. */
  readonly files?: Record<string, number>;
  readonly refsOf?: (id: string, nth: number) => ReturnType<typeof refs>;
  readonly second?: Partial<SecondReader>;
  readonly runStart?: string;
}

function world({ files = {}, refsOf = () => refs(), second, runStart = START }: World) {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const context = {
    runStart,
    signal: new AbortController().signal,
    log: () => {},
    store: {
      open: async (dataset: string) => ({
        record: () => ({
          ...NO_FACTS,
          numbers: files[dataset] === undefined ? {} : { files: files[dataset] },
        }),
      }),
    },
    mirror: {
      async readRefs(id: string) {
        asked.push(id);
        const nth = (counts.get(id) ?? 0) + 1;
        counts.set(id, nth);
        return seen(refsOf(id, nth));
      },
      readTree: async () => seen([{ path: 'a', mode: 0o100644, oid: OID }]),
    },
  };
  const reader: SecondReader = {
    readRefs: async () => seen(refs()),
    readFiles: async () => seen([fileLine(0o100644, OID, 'a')]),
    ...second,
  };
  return { context: context as never, reader, asked };
}

async function read(options: World, ids = ['ds1', 'ds2', 'ds3'], most = 10) {
  const { context, reader, asked } = world(options);
  const at = options.runStart ?? START;
  const rows = ids.map((id) => rowOf(id, at, options.rows?.[id]));
  return { ...(await readTwice(context, reader, rows, most)), asked };
}

describe('mirrors are read by both readers of git', () => {
  test('two readers that agree do not hold publishing', async () => {
    expect(await read({})).toMatchObject({ compared: 3, disagreements: [] });
  });

  test('two readers that see different refs twice are reported, with the refs', async () => {
    const { disagreements } = await read({ refsOf: (id) => refs(id === 'ds2' ? OTHER : COMMIT) });
    expect(disagreements).toEqual(['ds2: the two readers of git see other refs (main)']);
  });

  test('two readers that see different files of the smallest mirror are reported', async () => {
    const second = { readFiles: async () => seen([fileLine(0o120000, OID, 'a')]) };
    const files = { ds1: 30, ds2: 10, ds3: 20 };
    expect((await read({ second, files })).disagreements).toEqual([
      'ds2: the two readers of git see other files in 1.0.0',
    ]);
  });

  test('one of which saw an older state: it is asked again, and that is all', async () => {
    const refsOf = (_: string, nth: number) => refs(nth === 1 ? OTHER : COMMIT);
    expect((await read({ refsOf })).disagreements).toEqual([]);
  });

  test('one of which does not see a HEAD on a branch that is not there: this is no disagreement', async () => {
    const refsOf = () => ({ ...refs(), head: 'gone' });
    const second = { readRefs: async () => seen({ ...refs(), head: null }) };
    expect((await read({ refsOf, second })).disagreements).toEqual([]);
    expect((await read({ second })).disagreements).toHaveLength(3);
  });

  test('one of which got no answer: this is no disagreement', async () => {
    const second = { readRefs: async () => failed('timeout', 'no answer') };
    expect(await read({ second })).toMatchObject({ compared: 0, disagreements: [] });
  });
});

describe('the sample', () => {
  const ids = Array.from({ length: 40 }, (_, n) => `ds${n}`);
  const sampleOf = async (day: string) =>
    [...new Set((await read({ runStart: `${day}T06:00:00.000Z` }, ids)).asked)].sort();

  test('has ten mirrors, the same on one day and others on the next', async () => {
    const today = await sampleOf('2026-11-27');
    expect(today).toHaveLength(10);
    expect(await sampleOf('2026-11-27')).toEqual(today);
    expect(await sampleOf('2026-11-28')).not.toEqual(today);
  });

  test('has only mirrors that this run has measured and that have refs', async () => {
    const none = { s3Version: null, s3Files: null };
    const rows = {
      ds1: { lastChecked: { ...none, github: '2026-11-26T06:00:00.000Z' } },
      ds2: { unverified: { ...none, github: { at: START, reason: 'timeout' } } },
      ds3: { issueSubtypes: { ...none, github: 'repo-not-found' } },
    };
    expect(await read({ rows })).toMatchObject({ compared: 0, asked: [] });
  });

  test('a sample of none asks nothing', async () => {
    expect((await read({}, ids, 0)).asked).toEqual([]);
  });
});
