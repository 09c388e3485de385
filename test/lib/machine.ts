// The state machine of the synthesized template, run in this process with the real steps behind it,
// over a store in memory and a sample archive.

import { StateMachine } from 'aws-local-stepfunctions';
import { openArchive } from '../../archives/openneuro/archive.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import { createHttpClient } from '../../core/http.ts';
import {
  checkEventSchema,
  endEventSchema,
  fetchRegistryEventSchema,
  planEventSchema,
  summarizeEventSchema,
} from '../../lambdas/contract.ts';
import { INVALID_INPUT, stateName } from '../../lambdas/names.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import type { SharedHosts } from '../../lambdas/shared-hosts.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { recordEndStep } from '../../lambdas/steps/record-end.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { named, type Tools } from '../../lambdas/steps/tools.ts';
import { testDeployment } from '../support/deployment.ts';
import { measuring } from '../support/steps.ts';
import { inOneLine, resourcesOf, templateOf } from './synthesize.ts';

/** An invocation that a test controls, by the name of its state. */
export type Meddling = Readonly<
  Record<string, (run: (signal?: AbortSignal) => Promise<unknown>) => Promise<unknown>>
>;

export interface Execution {
  readonly server: SampleServer;
  readonly store: RunStore;
  readonly input?: unknown;
  /** Days after 2026-08-01 at which it starts. */
  readonly day?: number;
  readonly meddling?: Meddling;
  /** The store that a state's function gets. */
  readonly storeOf?: (state: string) => RunStore;
  /** How the function of an invocation shares hosts with the others. Default: not at all. */
  readonly hostsOf?: (invocation: string) => SharedHosts;
  /** Changes the definition before it runs. */
  readonly edit?: (states: States) => void;
  /** Added to the time; a test may change it on the way. */
  readonly clock?: { ahead: number };
  /** Executions that are on, by name, as Step Functions says. Default: all. */
  readonly isOn?: (name: string) => boolean;
  /** Stops it, as a person does. */
  readonly stop?: AbortSignal;
  /** The event of its end is lost. */
  readonly isEndLost?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: any state of the language
export type States = Record<string, any>;

export interface Ended {
  /** `Succeeded`, `Aborted`, or the name of the error that it failed with. */
  readonly as: string;
  readonly cause: string;
  /** States that were entered, including those inside maps and branches. */
  readonly visited: readonly string[];
}

export function definition(): { States: States } {
  const [machine] = resourcesOf(templateOf(), 'AWS::StepFunctions::StateMachine');
  return JSON.parse(inOneLine(machine?.[1].Properties.DefinitionString));
}

/** Runs an execution to its end. */
export async function execute(execution: Execution): Promise<Ended> {
  const { server, store, input = {}, day = 0, meddling = {}, edit = () => {} } = execution;
  const { storeOf = () => store, clock = { ahead: 0 }, isOn = () => true, stop } = execution;
  const machine = definition();
  // It must be valid as synthesized; a test's version need not be.
  new StateMachine(machine as never, { validationOptions: { checkArn: false } });
  edit(machine.States);
  const start = Date.UTC(2026, 7, 1) + day * 24 * 60 * 60 * 1000;
  const now = () => new Date(start + clock.ahead + Math.round(performance.now() - began));
  const name = `execution-${day}`;
  const began = performance.now();
  let invocations = 0;
  let tries = 0;

  type Step = (tools: Tools, event: unknown) => Promise<unknown>;
  const handler = (state: string, step: Step) => async (sent: unknown) => {
    let event = sent as { run: object; execution?: object };
    if (state === 'FetchRegistry') {
      tries += 1;
      // The interpreter has a clock of its own, and does not know when a state was entered.
      const began = new Date(start).toISOString();
      const entered = tries === 1 ? began : now().toISOString();
      const { run, execution } = event;
      event = { run: { ...run, start: entered }, execution: { ...execution, start: began } };
    }
    const invoke = async (signal = new AbortController().signal) => {
      invocations += 1;
      const peers = execution.hostsOf?.(`${day}-${invocations}`);
      const http = createHttpClient({ retry: { tries: 1 }, peers });
      const tools: Tools = {
        store: storeOf(state),
        archive: {
          about: SAMPLE_ARCHIVE,
          definition: openneuro,
          sources: openArchive({ http, ...server }),
          identity: ['sample'],
          traffic: http.traffic,
        },
        now,
        memoryBytes: () => process.memoryUsage.rss(),
        log: () => {},
        metric: () => {},
        deployment: testDeployment(store),
        concurrency: 4,
        measurement: null,
        stillRuns: async (arn) => isOn(arn.split(':').at(-1) ?? ''),
        invocation: `${day}-${invocations}`,
        signal,
      };
      try {
        return await step(tools, event);
      } finally {
        http.close();
        await peers?.close();
      }
    };
    return (await (meddling[state] ?? ((run) => run()))(invoke)) as never;
  };
  const handlers = Object.fromEntries(
    Object.entries(STEPS).map(([state, step]) => [state, handler(state, step)]),
  );

  const running = new StateMachine(machine as never, {
    validationOptions: { noValidate: true },
  }).run(input as never, {
    overrides: {
      taskResourceLocalHandlers: handlers,
      retryIntervalOverrides: Object.fromEntries(Object.keys(STEPS).map((state) => [state, 0])),
      waitTimeOverrides: { WaitForTurn: 0 },
    },
    context: {
      Execution: {
        Id: `arn:aws:states:eu-west-1:123456789012:execution:Run:${name}`,
        Name: name,
        StartTime: new Date(start).toISOString(),
        Input: input as never,
      },
      State: { EnteredTime: new Date(start).toISOString() },
    },
  });
  stop?.addEventListener('abort', () => running.abort());
  const result = running.result.then(
    () => ({ as: 'Succeeded', cause: '' }),
    (error: Error) => {
      if (stop?.aborted) return { as: 'Aborted', cause: '' };
      const cause = error.cause as Error | undefined;
      return { as: cause?.name ?? error.name, cause: cause?.message ?? error.message };
    },
  );
  const visited: string[] = [];
  for await (const event of running.eventLogs) {
    if (event.type === 'StateEntered') visited.push(event.state.name);
  }
  const ended = await result;
  if (ended.as !== 'Succeeded' && !execution.isEndLost) {
    const isStopped = ended.as === 'Aborted';
    const detail = {
      ...{ name, startDate: start, stopDate: now().getTime(), input: JSON.stringify(input) },
      ...(isStopped ? { status: 'ABORTED', error: null, cause: null } : { status: 'FAILED' }),
      ...(!isStopped && { error: ended.as, cause: ended.cause }),
    };
    await handler('RecordEnd', (tools, event) =>
      recordEndStep(tools, parse(endEventSchema, event)),
    )({ detail });
  }
  return { ...ended, visited };
}

/** As the functions are called: the contract checks their events. */
const STEPS: Readonly<Record<string, (tools: Tools, event: unknown) => Promise<unknown>>> = {
  FetchRegistry: (tools, event) => fetchRegistryStep(tools, parse(fetchRegistryEventSchema, event)),
  ...Object.fromEntries(
    openneuro.measurements.map(({ id }) => [
      `${stateName(id)}Shard`,
      (tools: Tools, event: unknown) =>
        checkStep(measuring(id, tools), parse(checkEventSchema, event)),
    ]),
  ),
  Plan: (tools, event) => planStep(tools, parse(planEventSchema, event)),
  Summarize: (tools, event) => summarizeStep(tools, parse(summarizeEventSchema, event).run),
};

function parse<T>(schema: { safeParse(event: unknown): { data?: T } }, event: unknown): T {
  const { data } = schema.safeParse(event);
  if (data === undefined) throw named(INVALID_INPUT, 'refused');
  return data;
}
