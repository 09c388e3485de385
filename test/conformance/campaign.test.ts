// Days on which several things go wrong at once, drawn from a seed: middle boxes before each host,
// faults of the hosts, registries that lie, wrong clocks. In every case no verdict changes, nothing
// is lost, the time is bounded, the folder is valid, the exit code is right, and the next good run
// heals.
//
// MIRRORWATCH_CAMPAIGN_SEEDS is the number of days, MIRRORWATCH_CAMPAIGN_FIRST the first seed.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import {
  FAULTS,
  type FaultName,
  type FaultRule,
  KNOWN,
} from '../../archives/openneuro/sample/faults.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { exitCodeOf } from '../../bin/cli/run-command.ts';
import { findFaults } from '../../bin/cli/validate-command.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import type { Clock } from '../../core/http/clock.ts';
import { DEFAULT_TIMEOUTS } from '../../core/http.ts';
import type { StageOptions } from '../../core/monitor/context.ts';
import { TRAFFIC_KINDS } from '../../core/traffic.ts';
import { createRandom, type Random } from '../../sample/bytes.ts';
import { checkRule } from '../../sample/faults.ts';
import type { Held } from '../../sample/server.ts';
import { clockOfHeld } from '../support/clock.ts';
import { asView } from '../support/legacy.ts';
import { DEEDS, type Deed, serveMiddleBox } from '../support/middle-box.ts';
import { runSample } from '../support/sample-run.ts';

const SEEDS = Number(process.env.MIRRORWATCH_CAMPAIGN_SEEDS ?? 10);
const FIRST = Number(process.env.MIRRORWATCH_CAMPAIGN_FIRST ?? 1);
const DATASETS = 24;
/** Of a run by its own clock, in milliseconds: an unanswered request must not delay it for long. */
const BOUND = 60 * 60 * 1000;
const AT = Date.UTC(2026, 7, 1);
const DAY = 24 * 60 * 60 * 1000;

const archive = generateArchive({ datasets: DATASETS, seed: 7 });
/** After a good day. */
let good: string;
let before: Seen;

interface Seen {
  readonly registry: Registry;
  readonly rows: readonly SummaryRow[];
  readonly records: readonly CheckRecord[];
}

beforeAll(async () => {
  await using server = await serveSample();
  good = await mkdtemp(join(tmpdir(), 'mirrorwatch-campaign-'));
  // The sample has datasets that cannot be measured on any day.
  expect((await run(server, good, { day: 0, options: { publishAnyway: true } })).code).toBe(0);
  before = await look(good);
  expect(before.rows.length).toBeGreaterThan(DATASETS / 2);
});
afterAll(() => rm(good, { recursive: true }));

/** Each day has its own servers, so that some can run concurrently. */
async function serveSample(): Promise<SampleServer & AsyncDisposable> {
  const server = await startSampleArchive({ archive });
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

type Places = 'registryUrl' | 'mirrorUrl' | 'exportUrl';

interface When {
  readonly day: number;
  /** The day by the folder's clock; the day by the run's clock. */
  readonly present?: number;
  readonly urls?: Partial<Record<Places, string>>;
  readonly tries?: number;
  readonly clock?: Clock;
  readonly options?: Partial<StageOptions>;
}

async function run(
  server: SampleServer,
  out: string,
  { day, present = day, urls = {}, ...more }: When,
) {
  const now = () => new Date(AT + present * DAY);
  const store = await openFolderStore(out, { archive: openneuro, lock: true, now });
  try {
    const options = { secondReadings: 3, ...more.options };
    const result = await runSample(
      { ...server, ...urls },
      { store, day, tries: 2, ...more, options },
    );
    return { ...result, code: exitCodeOf(result) };
  } finally {
    await store.close();
  }
}

async function look(out: string): Promise<Seen> {
  const store = await openFolderStore(out, { archive: openneuro, lock: false });
  try {
    return {
      registry: (await store.readDocument(REGISTRY_PATH)) as Registry,
      rows: ((await store.readDocument(SUMMARY_PATH)) as Summary).datasets,
      records: await Array.fromAsync(store.listRecords()),
    };
  } finally {
    await store.close();
  }
}

async function findings(out: string): Promise<string[]> {
  const lines: string[] = [];
  await findFaults(out, (line) => lines.push(line));
  return lines;
}

/** A row without what a failed measurement may change. */
function verdictOf(row: SummaryRow) {
  const { lastChecked: _times, checkedAt: _oldest, unverified: _failed, ...verdict } = row;
  return verdict;
}
const verdicts = (rows: readonly SummaryRow[]) =>
  rows.map(verdictOf).toSorted((a, b) => (a.id < b.id ? -1 : 1));
const failing = (records: readonly CheckRecord[]) =>
  new Set(records.flatMap(({ dataset, lastAttempt }) => (lastAttempt ? [dataset] : [])));

// ---- what goes wrong ----------------------------------------------------------------------------

interface Edge {
  node: { id: string; latestSnapshot: unknown; snapshots: unknown[] } | null;
}
interface List {
  edges: (Edge | null)[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null; count: number };
}
/** Lies of a registry that can be detected, or are no reason to believe that a dataset is gone. */
const LIES = {
  'hides one': (list: List, random: Random) => {
    list.edges.splice(random.int(0, list.edges.length - 1), 1);
  },
  'hides one, and counts without it': (list: List, random: Random) => {
    list.edges.splice(random.int(0, list.edges.length - 1), 1);
    list.pageInfo.count -= 1;
  },
  'shows half': (list: List) => {
    list.edges.splice(list.edges.length >> 1);
    list.pageInfo.count = list.edges.length;
  },
  'shows none': (list: List) => {
    list.edges = [];
    list.pageInfo = { hasNextPage: false, endCursor: null, count: 0 };
  },
  'ends without a cursor': (list: List) => {
    list.pageInfo.hasNextPage = true;
    list.pageInfo.endCursor = null;
  },
  'never ends': (list: List) => {
    list.pageInfo.hasNextPage = true;
    list.pageInfo.endCursor = 'again';
  },
  'an edge is null': (list: List, random: Random) => {
    list.edges[random.int(0, list.edges.length - 1)] = null;
  },
  'a latest snapshot is null': (list: List, random: Random) => {
    const { node } = random.pick(list.edges) ?? {};
    if (node) node.latestSnapshot = null;
  },
  'snapshots are gone': (list: List, random: Random) => {
    const { node } = random.pick(list.edges) ?? {};
    if (node) Object.assign(node, { latestSnapshot: null, snapshots: [] });
  },
} as const satisfies Record<string, (list: List, random: Random) => void>;
type Lie = keyof typeof LIES;

/** The same lie on every reading of a day. */
function telling(lie: Lie, seed: string): (body: string) => string {
  return (body) => {
    let json: { data?: { datasets?: List }; errors?: unknown };
    try {
      json = JSON.parse(body);
    } catch {
      return body;
    }
    const list = json.data?.datasets;
    if (!list || list.edges.length === 0) return body;
    LIES[lie](list, createRandom(seed));
    // They name positions that may be different now.
    delete json.errors;
    return JSON.stringify(json);
  };
}

interface Wrong {
  readonly faults: readonly FaultRule[];
  readonly boxes: readonly { readonly place: Places; readonly deed: Deed; readonly rate: number }[];
  readonly lie: Lie | null;
  readonly clock: 'right' | 'was ahead' | 'went back';
}

function draw(seed: number): Wrong {
  const random = createRandom(`campaign ${seed}`);
  const rate = () => random.pick([0.1, 0.5, 1]);
  const fault = (): FaultRule => {
    for (;;) {
      const rule = {
        kind: random.pick(TRAFFIC_KINDS),
        fault: random.pick(Object.keys(FAULTS) as FaultName[]),
        ...{ rate: rate(), seed },
      };
      try {
        return checkRule(rule, KNOWN);
      } catch {
        // Not a dataset of that kind.
      }
    }
  };
  const places: readonly Places[] = ['registryUrl', 'mirrorUrl', 'exportUrl'];
  const some = <T>(most: number, one: () => T) => Array.from({ length: random.int(0, most) }, one);
  return {
    faults: some(2, fault),
    boxes: places
      .filter(() => random.next() < 0.5)
      .map((place) => ({ place, deed: random.pick(DEEDS), rate: rate() })),
    lie: random.next() < 0.4 ? random.pick(Object.keys(LIES) as Lie[]) : null,
    clock: random.pick(['right', 'right', 'was ahead', 'went back']),
  };
}

async function openBoxes(server: SampleServer, { boxes, lie }: Wrong, seed: number) {
  const places = new Map(boxes.map((box) => [box.place, box]));
  if (lie && !places.has('registryUrl')) {
    places.set('registryUrl', { place: 'registryUrl', deed: 'late', rate: 0 });
  }
  const stack = new AsyncDisposableStack();
  const holding: { held(): Held }[] = [server];
  const clock = clockOfHeld(() => {
    const held = holding.map((one) => one.held());
    return {
      open: held.reduce((sum, { open }) => sum + open, 0),
      left: held.reduce((sum, { left }) => sum + left, 0),
    };
  }, DEFAULT_TIMEOUTS.total);
  const urls: Partial<Record<Places, string>> = {};
  for (const { place, deed, rate } of places.values()) {
    const random = createRandom(`box ${seed} ${place}`);
    const box = await serveMiddleBox(server[place], {
      deed: () => (random.next() < rate ? deed : undefined),
      clock,
      rewrite: lie && place === 'registryUrl' ? telling(lie, `lie ${seed}`) : undefined,
    });
    stack.use(box);
    holding.push(box);
    urls[place] = box.url;
  }
  return { urls, stack, clock };
}

// ---- the days -----------------------------------------------------------------------------------

const days = Array.from({ length: SEEDS }, (_, at) => FIRST + at);

test.concurrent.for(days)('day %i', { timeout: 180_000 }, async (seed, { expect }) => {
  await using server = await serveSample();
  const out = await mkdtemp(join(tmpdir(), 'mirrorwatch-campaign-'));
  const wrong = draw(seed);
  const what = JSON.stringify(wrong);
  const boxes = await openBoxes(server, wrong, seed);
  try {
    await cp(good, out, { recursive: true });
    // Days 4 and later are the future on day 2; a dataset just published counts from day 5.
    if (wrong.clock === 'was ahead') await run(server, out, { day: 4 });
    if (wrong.clock === 'went back') await run(server, out, { day: 2.5 });
    server.setFaults(wrong.faults);
    const began = boxes.clock.now();
    const bad = await run(server, out, {
      day: 2,
      present: wrong.clock === 'went back' ? 2.5 : 2,
      ...boxes,
    });
    server.setFaults([]);

    expect(boxes.clock.now() - began, what).toBeLessThan(BOUND);
    const after = await look(out);
    expect(verdicts(after.rows), what).toEqual(verdicts(before.rows));
    if (bad.summary)
      expect(verdicts(bad.summary.datasets.map(asView)), what).toEqual(verdicts(before.rows));
    expect(Object.keys(after.registry.latestSnapshots), what).toEqual(
      Object.keys(before.registry.latestSnapshots),
    );
    expect(after.records.length, what).toBe(before.records.length);
    // Records of a clock that was ahead stay if the day measured nothing.
    const isFuture = (line: string) => line.includes('begins in the future');
    expect(
      (await findings(out)).filter((line) => !isFuture(line)),
      what,
    ).toEqual([]);

    const newly = failing(after.records).difference(failing(before.records));
    // A check of the whole archive holds no run (docs/checks.md#leftovers).
    newly.delete(openneuro.id);
    const isHeld = newly.size > 0.05 * before.rows.length;
    const expected = bad.outcome === 'failed' ? 'failed' : isHeld ? 'held' : 'published';
    expect(bad.outcome, what).toBe(expected);
    // The age of a list from the future is unknown.
    const isOld = wrong.clock === 'was ahead' && after.registry.lastAttempt !== null;
    expect(bad.code, what).toBe(expected === 'published' && !isOld ? 0 : 1);
    if (expected === 'failed') {
      expect(bad.why.join(), what).toMatch(/^The registry lost/);
      expect(wrong.lie ?? wrong.faults, what).not.toEqual([]);
    }

    const healed = await run(server, out, { day: 3 });
    expect([healed.outcome, healed.why, healed.code], what).toEqual(['published', [], 0]);
    const end = await look(out);
    expect(verdicts(end.rows), what).toEqual(verdicts(before.rows));
    expect(failing(end.records), what).toEqual(failing(before.records));
    expect(end.registry, what).toMatchObject({
      lastAttempt: null,
      latestSnapshots: before.registry.latestSnapshots,
    });
    expect(Object.keys(end.registry.unverified), what).toEqual(
      Object.keys(before.registry.unverified),
    );
    expect(await findings(out), what).toEqual([]);
  } finally {
    await boxes.stack.disposeAsync();
    await rm(out, { recursive: true, force: true });
  }
});
