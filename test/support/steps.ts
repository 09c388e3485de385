// The steps of a run over a small in-memory archive, each called as the state machine calls it.

import { noTraffic } from '../../core/traffic.ts';
import type { FetchRegistryEvent, Run, RunInput } from '../../lambdas/contract.ts';
import type { Metric, Tools } from '../../lambdas/steps/tools.ts';
import { type TestDeployment, testDeployment } from './deployment.ts';
import { type MemoryRunStore, memoryRunStore } from './memory-run-store.ts';
import { type FakeArchive, stageContext } from './stage-context.ts';

export interface TestTools extends Tools {
  readonly store: MemoryRunStore;
  readonly logged: string[];
  readonly metrics: Map<Metric, number>;
  readonly deployment: TestDeployment;
  /** The time is nearly up. */
  timeIsUp(): void;
}

export interface ToolSettings {
  readonly store?: MemoryRunStore;
  /** Days after 2026-08-01. */
  readonly day?: number;
  readonly newDatasetDays?: number;
}

let invocations = 0;

export function testTools(archive: FakeArchive, settings: ToolSettings = {}): TestTools {
  const store = settings.store ?? memoryRunStore();
  const context = stageContext(archive, { store, day: settings.day ?? 0 });
  const metrics = new Map<Metric, number>();
  invocations += 1;
  return {
    store,
    metrics,
    logged: context.logged,
    timeIsUp: () => context.interrupt(),
    archive: {
      definition: context.archive,
      about: context.about,
      sources: context,
      identity: ['registry', 'mirror', 'export', 'doi'],
      traffic: { ...noTraffic(), refs: { requests: 1, retries: 0, bytes: 10 } },
    },
    now: context.now,
    memoryBytes: () => process.memoryUsage.rss(),
    log: context.log,
    metric: (name, value) => metrics.set(name, value),
    deployment: testDeployment(store),
    concurrency: 4,
    checks: [],
    measurement: null,
    stillRuns: async () => true,
    ...(settings.newDatasetDays !== undefined && { newDatasetDays: settings.newDatasetDays }),
    invocation: `invocation-${invocations}`,
    signal: context.signal,
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** @param day days after 2026-08-01 at which it starts */
export function testRun(input: RunInput = {}, day = 0): Run {
  return {
    name: `execution-${day}`,
    start: new Date(Date.UTC(2026, 7, 1) + day * DAY_MS).toISOString(),
    input,
  };
}

/** The event of the state FetchRegistry. */
export const beginning = (run: Run): FetchRegistryEvent => ({
  run,
  execution: { arn: `arn:aws:states:eu-west-1:0:execution:Run:${run.name}`, start: run.start },
});

/** As a function that measures has them. */
export const measuring = <T extends Tools>(measurement: string, tools: T): T => ({
  ...tools,
  measurement,
});
