// The content checks, end to end over the generated archive: every row of their tables, what a warm
// run requests, what is switched off, and leftovers in the bucket.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveArchive } from '../../archives/openneuro/about-archive.ts';
import type {
  AnnexRecord,
  Causes,
  Leftovers,
  S3Access,
  S3Content,
} from '../../archives/openneuro/documents.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { LEFTOVERS_PATH } from '../../archives/openneuro/paths.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { NOT_TO_BE_TOLD } from '../../archives/openneuro/sample/leftovers.ts';
import {
  type SampleServer,
  type SampleStats,
  startSampleArchive,
} from '../../archives/openneuro/sample/server.ts';
import { specials } from '../../archives/openneuro/sample/specials/index.ts';
import {
  CAUSES,
  CHECK_SUBTYPES,
  CONTENT_CHECKS,
  type ContentCheck,
  LEFTOVER_STATES,
  NOT_CHECKED_REASONS,
} from '../../archives/openneuro/vocabulary.ts';
import { causesPath, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { validateTree } from '../../core/documents/validate.ts';
import { checkPath } from '../support/documents.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';

/** Invented datasets have no commands; an archive that can be queried has. */
const ELSEWHERE = liveArchive({
  registryUrl: 'https://archive.example/crn/graphql',
  mirrorUrl: 'https://git.example/mirrors',
  exportUrl: 'https://objects.example/bucket',
});
/** The maximum number of keys of a dataset that a run requests (docs/checks.md#access). */
const MAX_HEADS = 10;

const archive = generateArchive({ datasets: specials(0).length + 6 });
const store = memoryStore();
const listed = [...archive.expectations]
  .map(([id, expected]) => ({ id, ...expected }))
  .filter(({ registry }) => registry === 'listed');
let server: SampleServer;
let cold: SampleStats;

const run = (into: MemoryStore, day: number, more = {}) =>
  runSample(server, {
    store: into,
    day,
    about: ELSEWHERE,
    options: { publishAnyway: true },
    ...more,
  });

beforeAll(async () => {
  server = await startSampleArchive({ archive });
  await run(store, 0);
  cold = server.stats();
});
afterAll(() => server.close());

const rowsOf = (of: MemoryStore) => of.document<Summary>(SUMMARY_PATH).datasets;
const rowOf = (id: string) => rowsOf(store).find((row) => row.id === id);

describe('the archive covers the tables', () => {
  test.each([
    {
      table: 'contents',
      words: CHECK_SUBTYPES.s3Content,
      of: (id: string) => contentOf(id)?.findings,
    },
    { table: 'access', words: CHECK_SUBTYPES.s3Access, of: (id: string) => accessOf(id)?.findings },
    {
      table: 'record',
      words: CHECK_SUBTYPES.annexRecord,
      of: (id: string) => recordOf(id)?.findings,
    },
    { table: 'mirror', words: CHECK_SUBTYPES.github, of: (id: string) => mirrorOf(id)?.findings },
    { table: 'causes', words: CAUSES, of: (id: string) => rowOf(id)?.causes },
    {
      table: 'nothing to look at',
      // It takes a branch with more than a million keys: test/archives/openneuro/measure/annex-logs.test.ts has one.
      words: NOT_CHECKED_REASONS.filter((reason) => reason !== 'versions-not-read'),
      of: (id: string) => [contentOf(id), accessOf(id), recordOf(id)].map((it) => it?.notCompared),
    },
  ])('every row of the table "$table"', ({ words, of }) => {
    const there = new Set<unknown>(listed.flatMap(({ id }) => of(id) ?? []));
    expect(words.filter((word) => !there.has(word))).toEqual([]);
  });
});

const read = <T>(path: string) => (store.documents.has(path) ? store.document<T>(path) : undefined);
const contentOf = (id: string) => read<S3Content>(checkPath('s3Content', id));
const accessOf = (id: string) => read<S3Access>(checkPath('s3Access', id));
const recordOf = (id: string) => read<AnnexRecord>(checkPath('annexRecord', id));
const mirrorOf = (id: string) => {
  const document = read<{ findings: { subtype: string }[] }>(checkPath('github', id));
  return document && { findings: document.findings.map(({ subtype }) => subtype) };
};

describe('each dataset has the verdicts that were planned', () => {
  test.each(listed)('$id: $rule', (expected) => {
    const { id, status, s3Content, s3Access, annexRecord, causes } = expected;
    const row = rowOf(id);
    expect(row).toMatchObject({
      status,
      checks: {
        s3Content: s3Content.status,
        s3Access: s3Access.status,
        annexRecord: annexRecord.status,
      },
    });
    expect(row?.causes ?? []).toEqual(causes);
    expect(row?.issueSubtypes?.s3Content ?? null).toBe(s3Content.subtype);
    expect(row?.issueSubtypes?.s3Access ?? null).toBe(s3Access.subtype);
    expect(row?.issueSubtypes?.annexRecord ?? null).toBe(annexRecord.subtype);

    const content = contentOf(id);
    const paths = (subtype: string) =>
      content?.mismatches.flatMap((one) => (one.subtype === subtype ? [one.path] : []));
    if (!expected.unmeasured) {
      expect(content?.notCompared).toBe(s3Content.notCompared);
      expect(paths('size-mismatch')).toEqual(s3Content.sizes);
      expect(paths('content-mismatch')).toEqual(s3Content.contents);
      expect(accessOf(id)?.notCompared).toBe(s3Access.notCompared);
    }
    if (s3Content.sizeOnly !== undefined) expect(content?.compared.size).toBe(s3Content.sizeOnly);
    if (s3Content.nothing !== undefined) expect(content?.compared.none).toBe(s3Content.nothing);

    const record = recordOf(id);
    if (expected.unmeasured) return void expect(record).toBeUndefined();
    expect(record?.notCompared).toBe(annexRecord.notCompared);
    expect(record?.findings).toEqual(annexRecord.findings);
    const { exportedTag, unversioned } = annexRecord;
    if (exportedTag !== undefined) expect(record?.exportedTag).toBe(exportedTag);
    if (unversioned !== undefined) expect(record?.unversionedKeys).toBe(unversioned);
  });

  test('a verdict on contents says how many files were compared how deep', () => {
    const compared = listed.flatMap(({ id }) => contentOf(id) ?? []);
    const files = compared.filter(({ notCompared }) => notCompared === null);
    expect(files.length).toBeGreaterThan(40);
    for (const { compared: depth } of files) {
      expect(depth.content + depth.size + depth.none).toBeGreaterThan(0);
    }
  });
});

describe('causes', () => {
  test('each has evidence and a command that verifies, and the row names the same ones', () => {
    let withCauses = 0;
    for (const { id } of listed) {
      const causes = read<Causes>(causesPath(id))?.causes ?? [];
      if (causes.length > 0) withCauses += 1;
      expect(causes.map(({ cause }) => cause)).toEqual(rowOf(id)?.causes ?? []);
      for (const { evidence, verify } of causes) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(verify).toContain(id);
        expect(verify).toMatch(/https:\/\/(git|objects)\.example\//);
      }
    }
    expect(withCauses).toBeGreaterThan(10);
  });
});

describe('a warm run', () => {
  let warm: SampleStats;
  beforeAll(async () => {
    server.resetStats();
    await run(store, 1);
    warm = server.stats();
  });

  test('adds no git request but for what was not there: trees, contents and records are kept', () => {
    expect(cold.tree.requests).toBeGreaterThan(listed.length / 2);
    // The mirror may have received the registry's commit since.
    const lost = listed.filter(({ s3Files }) => s3Files.notCompared === 'commit-not-on-mirror');
    expect(lost).not.toEqual([]);
    expect(warm.tree.requests).toBe(lost.length);
    expect(warm.refs.requests).toBe(cold.refs.requests);
  });

  test('lists every export once', () => {
    expect(warm.listing.requests).toBe(cold.listing.requests);
  });

  test(`asks for at most ${MAX_HEADS} keys of a dataset, without a body`, () => {
    for (const { id } of listed) expect(accessOf(id)?.asked.length ?? 0).toBeLessThanOrEqual(10);
    expect(warm.access.requests).toBeLessThanOrEqual(MAX_HEADS * listed.length);
    expect(warm.access.requests).toBeGreaterThan(listed.length);
    expect(warm.access.bytes).toBe(0);
  });

  test('finds the same', () => {
    for (const { id, s3Content, annexRecord } of listed) {
      expect(rowOf(id)?.checks).toMatchObject({
        s3Content: s3Content.status,
        annexRecord: annexRecord.status,
      });
    }
  });
});

describe('a check that is switched off', () => {
  const off = memoryStore();
  let asked: SampleStats;
  const chosen = (checks: readonly ContentCheck[]) => ({
    options: { publishAnyway: true, checks: new Set<string>([...checks, 'leftovers']) },
  });
  beforeAll(async () => {
    server.resetStats();
    await run(off, 0, chosen([]));
    asked = server.stats();
  });

  test('is asked nothing for', () => {
    expect(asked.access.requests).toBe(0);
    expect(asked.tree.requests).toBeLessThan(cold.tree.requests);
    expect(asked.tree.bytes).toBeLessThan(cold.tree.bytes);
  });

  test('is shown as not checked, never as ok, and makes no status worse', () => {
    for (const row of rowsOf(off)) {
      for (const check of CONTENT_CHECKS) expect(row.checks[check] ?? null).toBeNull();
    }
    const only = listed.filter(({ github, s3Version, s3Files }) =>
      [github, s3Version, s3Files].every(({ status }) => status === 'ok'),
    );
    expect(only.some(({ status }) => status !== 'ok')).toBe(true);
    for (const { id } of only) {
      expect(rowsOf(off).find((row) => row.id === id)?.status).toBe('ok');
    }
  });

  test('leaves no document, and a valid tree', async () => {
    const paths = [...off.documents.keys()];
    expect(paths.filter((path) => /s3-content|s3-access|annex-record/.test(path))).toEqual([]);
    expect(await findingsOf(off)).toEqual([]);
  });

  test('can be switched on later, and off again', async () => {
    await run(off, 1, chosen(['s3Access']));
    const id = listed.find(({ s3Access }) => s3Access.subtype === 'partly-private')?.id;
    const row = () => rowsOf(off).find((one) => one.id === id);
    expect(row()).toMatchObject({ status: 'error', checks: { s3Access: 'error' } });
    expect(row()?.checks.s3Content ?? null).toBeNull();
    await run(off, 2, chosen([]));
    expect(row()?.checks.s3Access ?? null).toBeNull();
    expect(row()?.status).toBe('ok');
  });
});

describe('leftovers in the bucket', () => {
  const leftovers = () => store.document<Leftovers>(LEFTOVERS_PATH);

  test('are listed by id, each with what the registry says about it', () => {
    expect(leftovers().leftovers).toEqual([
      { id: 'ds999001', state: 'deleted' },
      { id: 'ds999002', state: 'deleted' },
      { id: 'ds999003', state: 'not-public' },
      { id: 'ds999004', state: 'unknown' },
    ]);
    const states = new Set<string>(leftovers().leftovers.map(({ state }) => state));
    expect(LEFTOVER_STATES.filter((state) => !states.has(state))).toEqual([]);
  });

  test('no name of theirs is in any document', () => {
    const telling = [...store.documents].filter(([, text]) => text.includes(NOT_TO_BE_TOLD));
    expect(telling.map(([path]) => path)).toEqual([]);
  });
});

test('the tree it leaves is valid, every document and all of them together', async () => {
  expect(await findingsOf(store)).toEqual([]);
});

async function findingsOf(of: MemoryStore): Promise<unknown[]> {
  const reader = {
    async *list() {
      yield* of.documents.keys();
      yield* of.pages.keys();
    },
    read: async (path: string) => of.documents.get(path) ?? of.pages.get(path),
  };
  return Array.fromAsync(validateTree(reader, openneuro));
}

test.each([
  { kind: 'access', check: 's3Access' },
  { kind: 'tree', check: 's3Content' },
  { kind: 'tree', check: 'annexRecord' },
] as const)(
  'a failed measurement ($kind) paints nothing: $check waits with its reason',
  async ({ kind, check }) => {
    const fresh = memoryStore();
    server.setFaults([{ kind, fault: '503', rate: 1 }]);
    try {
      await run(fresh, 0, { datasets: ['ds900001'] });
    } finally {
      server.setFaults([]);
    }
    const row = () => rowsOf(fresh).find(({ id }) => id === 'ds900001');
    expect(row()?.checks[check]).toBe('pending');
    expect(row()?.unverified?.[check]?.reason).toBe('http-5xx');
    await run(fresh, 1, { datasets: ['ds900001'] });
    expect(row()).toMatchObject({ status: 'ok', checks: { [check]: 'ok' } });
    expect(row()?.unverified).toBeNull();
  },
);
