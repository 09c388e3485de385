// A run over a large archive on a day without changes: the real steps of fetch-registry, plan and
// summarize, over a registry, a bucket and a table that take their time. The measurements between
// them are left out: their shards are of a size that does not grow. Prints the functions as JSON.
//
//   node --expose-gc --max-old-space-size=8000 test/scale/simulate.ts 100000

import { openArchive } from '../../archives/openneuro/archive.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import { githubPath } from '../../archives/openneuro/paths.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import { SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { seen } from '../../core/failure.ts';
import type { HttpAnswer, HttpClient } from '../../core/http.ts';
import { checkNames, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import { noTraffic } from '../../core/traffic.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import type { Run } from '../../lambdas/contract.ts';
import { OUT_OF_TIME } from '../../lambdas/names.ts';
import { writeReport } from '../../lambdas/run-files/reports.ts';
import { writeStates } from '../../lambdas/run-files/states.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { named, type Tools } from '../../lambdas/steps/tools.ts';
import { memoryOf, PLAN } from '../../lib/functions.ts';
import { ASSUMED, DEPLOYED, WHOLE_PROCESSOR } from '../../scripts/cost/inputs.ts';
import { testDeployment } from '../support/deployment.ts';
import { beginning } from '../support/steps.ts';
import { idsOf, LATEST, nameOf, recordsOf, registryPage, snapshotsOf } from './archive.ts';
import { functionClock } from './clock.ts';
import { largeCloud } from './cloud.ts';

export interface Simulated {
  readonly name: string;
  /** Of each invocation. */
  readonly seconds: readonly number[];
  readonly calls: Readonly<Record<string, number>>;
  /** The most that was held after a collection, the program's own code included. */
  readonly heldMegabytes: number;
}

export interface Outcome {
  readonly fetched: string;
  readonly ended: string;
  /** Published. */
  readonly datasets: number;
  /** Pages of the registry that were asked for. */
  readonly pages: number;
  /** The first `summarize`, which begins the history, and writes files for each dataset. */
  readonly first: Simulated;
  /** Files of the history that datasets have after it. */
  readonly begun: number;
  readonly functions: readonly Simulated[];
}

const datasets = Number(process.argv[2] ?? 100_000);
/** As the stack has it for so many datasets. */
const MEMORY = memoryOf(openneuro, datasets);
const LIMIT = { [FIRST_STAGE]: 900_000, [PLAN]: 300_000, [LAST_STAGE]: 900_000 };
/** As lambdas/invocation.ts. */
const STOP_BEFORE = 10_000;

const start = Date.UTC(2026, 7, 1, 6);
const runOf = (day: number): Run => ({
  name: `day-${day}`,
  start: new Date(start + day * 86_400_000).toISOString(),
  input: {},
});
const run = runOf(0);
const clock = functionClock(start);
const ids = idsOf(datasets);
const cloud = largeCloud(
  clock,
  ids,
  {
    s3: ASSUMED.s3Call,
    table: ASSUMED.tableCall,
    bytesAMs: ASSUMED.bytesAMs,
  },
  lookAtMemory,
);
const store = openAwsStore({
  archive: openneuro,
  s3: cloud.s3,
  dynamo: cloud.dynamo,
  bucket: 'bucket',
  table: 'table',
  now: () => new Date(clock.now()),
  pause: () => clock.wait(1),
});

/** Milliseconds of the function: looked at so rarely, since a collection of everything takes a second. */
const LOOK_EVERY = 15_000;
let looked = start;
let held = 0;
function lookAtMemory(): void {
  if (clock.now() - looked < LOOK_EVERY) return;
  looked = clock.now();
  clock.outside(() => globalThis.gc?.());
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  held = Math.max(held, heapUsed + arrayBuffers);
}

let pages = 0;
const http: HttpClient = {
  traffic: noTraffic(),
  close: () => {},
  async request({ body, verify, signal }) {
    pages += 1;
    await clock.wait(ASSUMED.registryPage);
    signal?.throwIfAborted();
    const { variables } = JSON.parse(String(body));
    const page = () => registryPage(ids, variables.after ?? null, variables.first);
    const answer: HttpAnswer = {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: clock.outside(() => Buffer.from(JSON.stringify(page()))),
    };
    return verify?.(answer) ?? answer;
  },
};
const { secondReader: _, ...sources } = openArchive({
  http,
  registryUrl: 'http://registry',
  mirrorUrl: 'http://mirror',
  exportUrl: 'http://export',
  doiUrl: 'http://doi',
});
const folders = async () => {
  for (let page = 0; page < ids.length; page += 1000) await clock.wait(ASSUMED.listingPage);
  return seen(ids);
};

let invocations = 0;
let factor = 1;
function toolsOf(name: keyof typeof LIMIT & string): Tools & { done(): void } {
  factor = Math.max(1, WHOLE_PROCESSOR / (MEMORY[name] as number));
  clock.setFactor(factor);
  held = 0;
  const time = new AbortController();
  let ended = false;
  void clock.wait((LIMIT[name] as number) - STOP_BEFORE).then(() => {
    if (!ended) time.abort(named(OUT_OF_TIME, 'the time is nearly up'));
  });
  invocations += 1;
  return {
    store,
    archive: {
      about: SAMPLE_ARCHIVE,
      definition: openneuro,
      sources: { ...sources, export: { ...sources.export, listFolders: folders } },
      identity: ['large'],
      traffic: noTraffic(),
    },
    now: () => new Date(clock.now()),
    memoryBytes: () => process.memoryUsage.rss(),
    log: () => {},
    metric: () => {},
    concurrency: name === LAST_STAGE ? 32 : 16,
    checks: checkNames(openneuro),
    // Feeds are made only for a site with an address.
    told: { siteUrl: 'https://watch.example.org' },
    measurement: null,
    invocation: `invocation-${invocations}`,
    signal: time.signal,
    stillRuns: async () => true,
    deployment: testDeployment(store),
    done: () => {
      ended = true;
    },
  };
}

/** Sends a function again when it is out of time, as the state machine does. */
async function simulate<T>(
  name: keyof typeof LIMIT & string,
  tries: number,
  step: (tools: Tools) => Promise<T>,
): Promise<{ readonly result: T; readonly took: Simulated }> {
  cloud.calls.clear();
  const seconds: number[] = [];
  for (;;) {
    const tools = toolsOf(name);
    const began = clock.now();
    const ended = () => void seconds.push((clock.now() - began) / 1000);
    try {
      const result = await step(tools);
      ended();
      const heldMegabytes = Math.round(held / 1e6);
      const calls = Object.fromEntries(cloud.calls);
      return { result, took: { name, seconds, calls, heldMegabytes } };
    } catch (error) {
      ended();
      if ((error as Error).name !== OUT_OF_TIME || seconds.length >= tries) throw error;
    } finally {
      tools.done();
    }
  }
}

/** What the functions that measured the datasets leave behind. */
async function measured(stages: readonly string[]): Promise<void> {
  cloud.written.runStart = run.start;
  for (const stage of stages) {
    const share = Math.ceil(ids.length / DEPLOYED.mostShards);
    for (let at = 0; at < ids.length; at += share) {
      const own = ids.slice(at, at + share);
      const who = { stage, shard: String(at / share + 1).padStart(4, '0'), invocation: 'one' };
      const states = own.map((id) => {
        const records = Object.fromEntries(
          recordsOf(id, run.start)
            .filter(({ check }) => check === (stage === 'check-github' ? 'github' : 's3Version'))
            .map((record) => [String(record.check), record]),
        );
        return [id, { session: { records }, documents: { [githubPath(id)]: DOCUMENT } }] as const;
      });
      await writeStates(store, run, who, new Map(states));
      const done = { complete: true, total: own.length, done: own.length, skipped: 0, failed: [] };
      const spent = { milliseconds: 1, memoryBytes: 1, traffic: noTraffic() };
      await writeReport(store, run, 'one', { stage, shard: who.shard, ...done, ...spent });
    }
  }
}
function historyFiles(): number {
  let count = 0;
  const next = (after: string) => cloud.objects.list('data/datasets/', after, 10_000);
  for (let page = next(''); page.length > 0; page = next(page.at(-1)?.key ?? '')) {
    count += page.length;
  }
  return count;
}

/** As long as a usual github.json. */
const DOCUMENT = JSON.stringify({ evidence: 'x'.repeat(1200) });

/** The registry as it was read and published the day before. */
async function publishFirst() {
  const byId = <T>(value: (id: string) => T) =>
    Object.fromEntries(ids.map((id) => [id, value(id)]));
  const before: Registry = {
    schemaVersion: SCHEMA_VERSION,
    lastChecked: runOf(-1).start,
    totalCount: ids.length,
    latestSnapshots: byId(() => LATEST),
    versionDates: byId((id) => snapshotsOf(id).at(-1)?.created as string),
    names: byId(nameOf),
    skipped: {},
    unverified: {},
    lastAttempt: null,
  };
  await store.writeDocument(REGISTRY_PATH, before);
  return simulate(LAST_STAGE, DEPLOYED.tries.resumed, (tools) => summarizeStep(tools, runOf(-1)));
}

// Loaded before the clock starts: reading files is no part of an invocation's time.
await import('graphql-request');
const first = await publishFirst();
const begun = historyFiles();
const fetched = await simulate(FIRST_STAGE, DEPLOYED.tries.resumed, (tools) =>
  fetchRegistryStep(tools, beginning(run)),
);
await measured(['check-github', 'check-s3-version']);
const planned = await simulate(PLAN, 1, (tools) => planStep(tools, { run, level: 1 }));
await measured(['check-s3-files', 'check-doi', 'check-deprecated', 'check-leftovers']);
const ended = await simulate(LAST_STAGE, DEPLOYED.tries.resumed, (tools) =>
  summarizeStep(tools, run),
);

const status = JSON.parse(String(cloud.objects.read('data/status.json')));
const outcome: Outcome = {
  fetched: fetched.result.outcome,
  ended: ended.result.outcome,
  datasets: status.datasets,
  pages,
  first: first.took,
  begun,
  functions: [fetched.took, planned.took, ended.took],
};
process.stdout.write(JSON.stringify(outcome));
// The deadlines of the functions are still waiting.
process.exit(0);
