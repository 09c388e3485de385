// The whole pipeline over the generated archive: at least one dataset for every row of every table
// in checks.md. The code that made a fault wrote down what the monitor must find.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Github, S3Diff, S3Version } from '../../archives/openneuro/documents.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { CHECK_SUBTYPES, NOT_COMPARED_REASONS } from '../../archives/openneuro/vocabulary.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { documentsOf } from '../../core/documents/tree.ts';
import { validateTree } from '../../core/documents/validate.ts';
import { checkPath } from '../support/documents.ts';
import { memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';
import { withoutTimes } from '../support/timeless.ts';

const archive = generateArchive({ datasets: 80, seed: 1 });
const store = memoryStore();
const expectations = [...archive.expectations].map(([id, expected]) => ({ id, ...expected }));
const listed = expectations.filter(({ registry }) => registry === 'listed');
let server: SampleServer;

beforeAll(async () => {
  server = await startSampleArchive({ archive });
  await runSample(server, { store, day: 0, options: { publishAnyway: true } });
});
afterAll(() => server.close());

const rowOf = (id: string) =>
  store.document<Summary>(SUMMARY_PATH).datasets.find((row) => row.id === id);

describe('the archive covers the tables of checks.md', () => {
  test.each([
    {
      table: 'mirror',
      words: CHECK_SUBTYPES.github,
      of: (one: (typeof listed)[number]) => one.github.findings,
    },
    {
      table: 'version',
      words: CHECK_SUBTYPES.s3Version,
      of: (one: (typeof listed)[number]) => [one.s3Version.subtype],
    },
    {
      table: 'files',
      words: CHECK_SUBTYPES.s3Files,
      of: (one: (typeof listed)[number]) => [one.s3Files.subtype],
    },
    {
      table: 'DOI',
      words: CHECK_SUBTYPES.doi,
      of: (one: (typeof listed)[number]) => [one.doi.subtype],
    },
    {
      table: 'deprecation',
      words: CHECK_SUBTYPES.deprecated,
      of: (one: (typeof listed)[number]) => [one.deprecated.subtype],
    },
    {
      table: 'not compared',
      words: NOT_COMPARED_REASONS,
      of: (one: (typeof listed)[number]) => [one.s3Files.notCompared],
    },
  ])('every row of the table "$table"', ({ words, of }) => {
    const there = new Set<string | null>(listed.flatMap(of));
    expect(words.filter((word) => !there.has(word))).toEqual([]);
  });
});

describe('each dataset has the verdicts that were planned', () => {
  test.each(listed)(
    '$id: $rule',
    ({ id, status, github, s3Version, s3Files, githubVersion, unmeasured, ...latest }) => {
      const row = rowOf(id);
      expect(row).toMatchObject({
        status,
        githubVersion,
        checks: {
          ...{ github: github.status, s3Version: s3Version.status, s3Files: s3Files.status },
          ...{ doi: latest.doi.status, deprecated: latest.deprecated.status },
        },
        notCompared: s3Files.notCompared,
      });
      expect(row?.issueSubtypes?.github ?? null).toBe(github.subtype);
      expect(row?.issueSubtypes?.s3Version ?? null).toBe(s3Version.subtype);
      expect(row?.issueSubtypes?.s3Files ?? null).toBe(s3Files.subtype);
      expect(row?.issueSubtypes?.doi ?? null).toBe(latest.doi.subtype);
      expect(row?.issueSubtypes?.deprecated ?? null).toBe(latest.deprecated.subtype);
      expect(
        store.document<Github>(checkPath('github', id)).findings.map(({ subtype }) => subtype),
      ).toEqual(github.findings);
      if (unmeasured) {
        expect(row?.unverified?.s3Version?.reason).toBe(unmeasured.s3Version);
        expect(store.documents.has(checkPath('s3Version', id))).toBe(false);
        return;
      }
      const version = store.document<S3Version>(checkPath('s3Version', id));
      expect(version.extractedVersion).toBe(s3Version.version);
      expect(version.doiDatasetId).toBe(s3Version.doiDatasetId ?? null);
      expect(store.documents.has(checkPath('s3Files', id))).toBe(s3Files.notCompared === null);
      if (s3Files.notCompared !== null) return;
      const diff = store.document<S3Diff>(checkPath('s3Files', id));
      // If an export is missing, everything is missing; the plan names only the particular.
      const missing = diff.exportMissing;
      if (missing) expect(diff.added).toHaveLength(diff.totalGitFiles ?? 0);
      expect({
        added: missing ? [] : diff.added,
        removed: diff.removed,
        bookkeeping: diff.bookkeeping,
        submodules: diff.submodules,
      }).toEqual({
        added: s3Files.added,
        removed: s3Files.removed,
        bookkeeping: s3Files.bookkeeping,
        submodules: s3Files.submodules,
      });
    },
  );

  test.each(expectations.filter(({ registry }) => registry !== 'listed'))(
    '$id: $rule (no row: $registry)',
    ({ id, registry }) => {
      expect(rowOf(id)).toBeUndefined();
      expect(Object.hasOwn(store.document<Registry>(REGISTRY_PATH).skipped, id)).toBe(
        registry === 'skipped',
      );
    },
  );
});

test('the tree it leaves is valid, every document and all of them together', async () => {
  const findings = [];
  const reader = {
    async *list() {
      yield* store.documents.keys();
      yield* store.pages.keys();
    },
    read: async (path: string) => store.documents.get(path) ?? store.pages.get(path),
  };
  for await (const finding of validateTree(reader, openneuro)) findings.push(finding);
  expect(findings).toEqual([]);
  expect(
    [...store.documents.keys()].filter(
      (path) => documentsOf(openneuro).placeOf(path) === undefined,
    ),
  ).toEqual([]);
});

test('the same seed gives the same bytes, times aside', async () => {
  const again = memoryStore();
  const other = await startSampleArchive({ archive: generateArchive({ datasets: 80, seed: 1 }) });
  try {
    await runSample(other, { store: again, day: 0, options: { publishAnyway: true } });
  } finally {
    await other.close();
  }
  const timeless = (text: string | undefined) => withoutTimes(text ?? '');
  expect([...again.documents.keys()].sort()).toEqual([...store.documents.keys()].sort());
  const differing = [...store.documents].filter(
    ([path, text]) => timeless(again.documents.get(path)) !== timeless(text),
  );
  expect(differing.map(([path]) => path)).toEqual([]);
});
