// Our own outage never paints a dataset red, and never paints it green either (checks.md section
// 7): every fault on every source, over real HTTP, against datasets with every kind of verdict.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { FAULTS, type FaultName } from '../../archives/openneuro/sample/faults.ts';
import {
  type GeneratedArchive,
  generateArchive,
} from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Check } from '../../archives/openneuro/vocabulary.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import type { FailureReason } from '../../core/failure.ts';
import type { Clock } from '../../core/http/clock.ts';
import { DEFAULT_TIMEOUTS } from '../../core/http.ts';
import { TRAFFIC_KINDS, type TrafficKind } from '../../core/traffic.ts';
import { clockOfHeld } from '../support/clock.ts';
import { checkPath } from '../support/documents.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';

/** The name of each fault; both if it may be seen in two ways. */
const REASONS: Readonly<Record<FaultName, readonly FailureReason[]>> = {
  '500': ['http-5xx'],
  '503': ['http-5xx'],
  '429': ['throttled'],
  '429-date': ['throttled'],
  '429-bare': ['throttled'],
  '429-absurd': ['throttled'],
  reset: ['cut-short', 'connection'],
  cut: ['cut-short', 'malformed'],
  'cut-length': ['cut-short'],
  'cut-chunked': ['cut-short'],
  stall: ['timeout'],
  silent: ['timeout'],
  garbage: ['malformed', 'cut-short'],
  html: ['malformed', 'cut-short'],
  portal: ['malformed', 'cut-short'],
  '403-html': ['malformed'],
  '404-html': ['malformed'],
  '404-text': ['malformed'],
  'null-edge': ['malformed'],
  'cut-refs': ['cut-short'],
  'missing-page': ['cut-short', 'malformed'],
};

/** The check that reports it. The file check requests the tree. */
const CHECK_OF: Readonly<Record<Exclude<TrafficKind, 'registry'>, Check>> = {
  refs: 'github',
  tree: 's3Files',
  description: 's3Version',
  listing: 's3Files',
  access: 's3Access',
};

/** A HEAD has no body that could be cut or replaced. */
const WITH_BODY = TRAFFIC_KINDS.filter((kind) => kind !== 'access');

const ONLY: Partial<Record<FaultName, readonly TrafficKind[]>> = {
  cut: WITH_BODY,
  'cut-length': WITH_BODY,
  'cut-chunked': WITH_BODY,
  'null-edge': ['registry'],
  'cut-refs': ['refs'],
  'missing-page': ['registry', 'listing'],
};

const cases = TRAFFIC_KINDS.flatMap((kind) =>
  (Object.keys(FAULTS) as FaultName[])
    .filter((fault) => ONLY[fault]?.includes(kind) ?? true)
    .map((fault) => ({ kind, fault })),
);

/** One dataset for each overall status, and for each result of the file check. */
function variety(archive: GeneratedArchive): string[] {
  const kinds = new Map<string, string>();
  for (const [id, { registry, status, s3Files, unmeasured }] of archive.expectations) {
    if (registry !== 'listed' || unmeasured) continue;
    const kind = `${status} ${s3Files.status} ${s3Files.subtype} ${s3Files.notCompared}`;
    if (!kinds.has(kind)) kinds.set(kind, id);
  }
  return [...kinds.values()].sort();
}

let server: SampleServer;
/** An unanswered request is given up once there is nothing else to wait for. */
let clock: Clock;
let ids: string[];
let store: MemoryStore;
let day = 0;

beforeAll(async () => {
  const archive = generateArchive({ datasets: 60, seed: 7 });
  ids = variety(archive);
  server = await startSampleArchive({ archive });
  clock = clockOfHeld(server.held, DEFAULT_TIMEOUTS.total);
  store = memoryStore();
  const first = await runSample(server, { store, day, datasets: ids });
  expect(first.outcome).toBe('published');
});
afterAll(() => server.close());

const rows = (): SummaryRow[] => store.document<{ datasets: SummaryRow[] }>(SUMMARY_PATH).datasets;

/** A row without what a failed measurement may change. */
function verdictOf(row: SummaryRow) {
  const { lastChecked: _times, checkedAt: _oldest, unverified: _failed, ...verdict } = row;
  return verdict;
}

async function forgetEtags(): Promise<void> {
  for (const path of ids.map((id) => checkPath('s3Version', id))) {
    await store.writeDocument(path, { ...store.document<object>(path), etag: null });
  }
}

async function runOn() {
  day += 1;
  return runSample(server, {
    store,
    day,
    datasets: ids,
    options: { publishAnyway: true },
    clock,
  });
}

describe('every fault on every source', () => {
  test('the datasets of this suite have every kind of verdict', () => {
    expect(new Set(rows().map(({ status }) => status))).toEqual(
      new Set(['ok', 'warning', 'error', 'version-mismatch']),
    );
    expect(new Set(rows().map(({ notCompared }) => notCompared))).toEqual(
      new Set([null, 'blocked', 'mirror-absent', 'tag-not-on-mirror']),
    );
  });

  test.each(cases)(
    '$kind, $fault: no verdict changes, and the next run heals it',
    async ({ kind, fault }) => {
      const before = rows();
      const timesBefore = new Map(before.map((row) => [row.id, row.lastChecked]));
      // A kept tree would not be requested at all, and a known description answers without a body.
      if (kind === 'tree') store.trees.clear();
      if (kind === 'description') await forgetEtags();

      server.resetStats();
      server.setFaults([{ kind, fault, rate: 1 }]);
      await runOn();
      server.setFaults([]);
      if (fault !== 'null-edge') {
        expect(server.stats()[kind].faults, 'the fault was suffered').toBeGreaterThan(0);
      }
      expect(rows().map(verdictOf)).toEqual(before.map(verdictOf));

      if (kind === 'registry') {
        const registry = store.document<Registry>(REGISTRY_PATH);
        const told =
          fault === 'null-edge' || fault === 'missing-page'
            ? Object.values(registry.unverified).map(({ reason }) => reason)
            : [registry.lastAttempt?.reason];
        expect(told.length + Number(registry.lastAttempt !== null)).toBeGreaterThan(0);
        for (const reason of told) expect(REASONS[fault]).toContain(reason);
      } else {
        const check = CHECK_OF[kind];
        const failing = rows().filter((row) => row.unverified?.[check]);
        expect(failing.length, 'lastAttempt tells it').toBeGreaterThan(0);
        for (const row of failing) {
          expect(REASONS[fault]).toContain(row.unverified?.[check]?.reason);
          expect(row.lastChecked?.[check]).toBe(timesBefore.get(row.id)?.[check]);
          const document = store.document<{ lastAttempt: unknown } | null>(
            checkPath(check, row.id),
          );
          expect(document?.lastAttempt).toEqual(row.unverified?.[check]);
        }
      }

      await runOn();
      expect(rows().map(verdictOf)).toEqual(before.map(verdictOf));
      expect(rows().filter((row) => row.unverified !== null)).toEqual([]);
      expect(store.document<Registry>(REGISTRY_PATH)).toMatchObject({
        unverified: {},
        lastAttempt: null,
      });
    },
  );
});

test('faults that pass at the second try leave no trace', async () => {
  const before = rows().map(verdictOf);
  server.resetStats();
  server.setFaults(
    TRAFFIC_KINDS.map((kind) => ({ kind, fault: '503' as const, rate: 1, tries: 1 })),
  );
  day += 1;
  await runSample(server, { store, day, datasets: ids, tries: 4 });
  server.setFaults([]);
  expect(server.stats().listing.faults).toBeGreaterThan(0);
  expect(rows().map(verdictOf)).toEqual(before);
  expect(rows().filter((row) => row.unverified !== null)).toEqual([]);
});
