// One step of a story: a run over a folder or on AWS, with its disturbances. The runs are the
// product's own; only their inputs are simulated.

import { openneuro } from '../../archives/openneuro/index.ts';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { OWN_FOLDER } from '../../bin/store/atomic.ts';
import { SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import { chooseRunStart, type RunResult, runPipeline } from '../../core/monitor/run.ts';
import { Problem } from '../../core/problem.ts';
import { noTraffic } from '../../core/traffic.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import type { Run, ShardRef } from '../../lambdas/contract.ts';
import { keysOf, OUT_OF_TIME, PREFIXES, SUPERSEDED } from '../../lambdas/names.ts';
import { LOCK_MS } from '../../lambdas/run-store.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { recordEndStep } from '../../lambdas/steps/record-end.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import type { Tools } from '../../lambdas/steps/tools.ts';
import { type FakeCloud, fakeCloud } from '../support/aws/cloud.ts';
import { testDeployment } from '../support/deployment.ts';
import { STAGES } from '../support/stages.ts';
import { beginning } from '../support/steps.ts';
import { decodedOnce } from './decoded-once.ts';
import { createDisk } from './disk.ts';
import { deadly } from './poison.ts';
import { randomOf } from './random.ts';
import { createSources, type Fault, type Sources } from './sources.ts';
import type { Step, Story, Trouble } from './story.ts';
import type { World } from './world.ts';

export interface Ran {
  readonly outcome:
    | RunResult['outcome']
    /** Another run has the store. */
    | 'locked'
    /** Killed, or overtaken by a newer run. */
    | 'gone';
  readonly why: string;
  /** It resumed an earlier run that was cut off. */
  readonly goesOn: boolean;
  readonly answers: Sources['answers'];
  /** The trouble of the story did happen. */
  readonly troubled: boolean;
  /** Another function wrote meanwhile, of this run or of another one. */
  readonly overtaken: boolean;
  /** The step, or half a step later if a second run finished after the archive had changed. */
  readonly at: number;
}

export interface Place {
  /** Paths of documents to their bytes: the same object until they are written again. */
  documents(): Map<string, Buffer>;
  /** `dataset check` to the stored record. */
  records(): Map<string, unknown>;
  run(step: Step, world: World): Promise<Ran>;
}

export const openPlace = (story: Story): Place =>
  story.store === 'folder' ? folderPlace(story) : awsPlace(story);

/** So that a month ends in the middle of a story. */
const EPOCH = Date.UTC(2026, 7, 17);
const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;

/** Of each store some. */
const FROZEN_EVERY = 7;
const isFrozen = ({ seed }: Story): boolean => seed % FROZEN_EVERY === 0;

/** When a step begins, by the world's own clock. */
export const timeOf = ({ day, hour }: Pick<Step, 'day' | 'hour'>): number =>
  EPOCH + (day * 24 + hour) * HOUR;

/** Readings of a clock before it jumps. */
const READINGS_BEFORE_JUMP = 40;

/** This machine's clock. It advances at each reading, and never repeats a time in a story. */
function clockOf(step: Step) {
  let at = timeOf(step) + step.clock * MINUTE + step.id * SECOND;
  let readings = 0;
  return {
    now: (): Date => {
      readings += 1;
      at += 1;
      if (readings === READINGS_BEFORE_JUMP) at += step.jump * MINUTE;
      return new Date(at);
    },
    pass: (minutes: number): void => {
      at += minutes * MINUTE;
    },
  };
}

const isInterrupted = (troubles: readonly Trouble[], question: number): boolean =>
  troubles.some((it) => it.kind === 'interrupted' && it.question === question);

/** What is simulated: neither DOIs nor deprecations. */
const CHECKS: readonly string[] = [...CONTENT_CHECKS, 'leftovers'];

const optionsOf = (step: Step) => ({
  checks: new Set(CHECKS),
  concurrency: 3,
  force: step.force,
  maxAge: 0,
  acceptShrink: step.accept,
  publishAnyway: step.accept,
});

const SILENT = {
  log: () => {},
  progress: { start: () => {}, step: () => {}, end: () => {} },
} as const;

// ---- a folder ---------------------------------------------------------------------------------

const ROOT = '/archive';
const RECORDS = `${ROOT}/${OWN_FOLDER}/records/`;
const REQUEST = { datasets: null, maxDatasets: null, stages: [...STAGES], archive: ['simulated'] };

function folderPlace(story: Story): Place {
  const disk = createDisk();
  const parsed = new WeakMap<Buffer, Record<string, unknown>>();

  async function run(step: Step, world: World): Promise<Ran> {
    const { troubles } = step;
    const clock = clockOf(step);
    disk.settle();
    const process = { dead: false };
    let troubled = false;
    let isOpen = false;
    let cut = false;
    let writes = 0;
    let questions = 0;
    const stop = new AbortController();
    const onWrite = async (): Promise<void> => {
      writes += 1;
      const trouble = troubles.find((it) => 'write' in it && it.write === writes);
      if (trouble === undefined) return;
      if (trouble.kind !== 'overtaken') {
        troubled = true;
        process.dead = true;
        cut = trouble.kind === 'power-cut';
        return;
      }
      if (!isOpen) return;
      const files = disk.open({ dead: false }, async () => {});
      await openFolderStore(ROOT, { archive: openneuro, lock: true, files, now: clock.now }).then(
        () => {
          throw new Error('two processes write to one folder');
        },
        (error) => {
          if (!(error instanceof Problem)) throw error;
        },
      );
    };
    const sources = createSources(world, step.faults, () => {
      questions += 1;
      if (!isInterrupted(troubles, questions)) return;
      troubled = true;
      stop.abort(new Error('interrupted'));
    });
    const ended = (outcome: Ran['outcome'], why = '', goesOn = false): Ran => ({
      ...{
        outcome,
        why,
        goesOn,
        answers: sources.answers,
        troubled,
        overtaken: false,
        at: step.id,
      },
    });
    try {
      const files = disk.open(process, onWrite);
      const store = await openFolderStore(ROOT, {
        archive: openneuro,
        lock: true,
        files,
        now: clock.now,
      });
      const keptAt = (path: string) =>
        process.dead ? undefined : (disk.entries.get(path) ?? undefined);
      isOpen = true;
      const { runStart, goesOn } = await chooseRunStart(store, REQUEST, clock.now(), step.force);
      const context: StageContext = {
        ...{ archive: openneuro, about: SAMPLE_ARCHIVE, ...SILENT, runStart },
        ...deadly(sources, troubles, () => {
          troubled = true;
          process.dead = true;
        }),
        store: decodedOnce(store, {
          document: (path) => keptAt(`${ROOT}/${path}`),
          isFrozen: isFrozen(story),
        }),
        ...{ now: clock.now, signal: stop.signal, options: optionsOf(step) },
      };
      const result = await runPipeline(context, REQUEST).catch((error: unknown) => {
        if (!stop.signal.aborted || error !== stop.signal.reason) throw error;
        return { outcome: 'interrupted' as const, why: [] };
      });
      isOpen = false;
      await store.close();
      return ended(result.outcome, result.why.join(' '), goesOn);
    } catch (error) {
      if (!process.dead) throw error;
      if (cut) disk.powerCut(randomOf(`${story.seed} ${step.id}`));
      disk.processesDied();
      return ended('gone', 'killed');
    }
  }

  return {
    run,
    documents: () => {
      const found = new Map<string, Buffer>();
      for (const [path, bytes] of disk.entries) {
        if (bytes === null || !path.startsWith(`${ROOT}/`) || path.includes(`/${OWN_FOLDER}`))
          continue;
        found.set(path.slice(ROOT.length + 1), bytes);
      }
      return found;
    },
    records: () => {
      const found = new Map<string, unknown>();
      for (const [path, bytes] of disk.entries) {
        if (bytes === null || !path.startsWith(RECORDS) || !path.endsWith('.json')) continue;
        let records = parsed.get(bytes);
        if (records === undefined) {
          records = JSON.parse(bytes.toString()) as Record<string, unknown>;
          parsed.set(bytes, records);
        }
        const dataset = path.slice(RECORDS.length, -'.json'.length);
        for (const [check, record] of Object.entries(records)) {
          found.set(`${dataset} ${check}`, record);
        }
      }
      return found;
    },
  };
}

// ---- AWS --------------------------------------------------------------------------------------

export const LOCK_MINUTES = LOCK_MS / MINUTE;

/** As in lib/pipeline/state-machine.ts: how often one dies, or is out of time. */
const DEATHS = { ofStep: 2, ofShard: 6 };
const OUT_OF_TIME_TRIES = 20;

const OF_A_CHECK = keysOf('').check('', '').pk;

function awsPlace(story: Story): Place {
  const cloud = fakeCloud(story.cloud);
  let names = 0;
  const archive = { cloud, on: new Set<string>(), isFrozen: isFrozen(story) };

  async function run(step: Step, world: World): Promise<Ran> {
    const clock = clockOf(step);
    // Files of runs expire, and no later run reads them.
    for (const key of cloud.objects.keys()) {
      if (key.startsWith(PREFIXES.runs)) cloud.objects.delete(key);
    }
    names += 1;
    const name = `execution-${names}`;
    const second = async ({ later, events }: Overtaking): Promise<boolean> => {
      clock.pass(later);
      if (later > LOCK_MINUTES) {
        for (const event of events) world.apply(event, step.id + HALF, clock.now().getTime());
      }
      names += 1;
      const execution = { ...archive, clock, world, step, faults: [], troubles: [] };
      const { outcome } = await execute({
        ...{ ...execution, name: `execution-${names}`, overtake: async () => false },
      });
      return outcome === 'published' || outcome === 'held';
    };
    return execute({
      ...{ ...archive, clock, world, step, name, overtake: second },
      ...{ faults: step.faults, troubles: step.troubles },
    });
  }

  return {
    run,
    documents: () => {
      const found = new Map<string, Buffer>();
      for (const [key, { bytes }] of cloud.objects) {
        if (key.startsWith(PREFIXES.data)) found.set(key.slice(PREFIXES.data.length), bytes);
      }
      return found;
    },
    records: () => {
      const found = new Map<string, unknown>();
      for (const [key, item] of cloud.items) {
        if (!key.startsWith(OF_A_CHECK)) continue;
        found.set(key.slice(OF_A_CHECK.length).replace('\0', ' '), item);
      }
      return found;
    },
  };
}

interface Execution {
  readonly cloud: FakeCloud;
  readonly isFrozen: boolean;
  readonly clock: ReturnType<typeof clockOf>;
  readonly world: World;
  readonly step: Step;
  readonly faults: readonly Fault[];
  readonly troubles: readonly Trouble[];
  readonly name: string;
  /** Names of the executions that are on. */
  readonly on: Set<string>;
  /** A second execution begins and runs to its end; returns whether it got there. */
  readonly overtake: (how: Overtaking) => Promise<boolean>;
}

type Overtaking = Extract<Trouble, { kind: 'overtaken' }>;
/** Of the step that a second run belongs to. */
const HALF = 0.5;

/** The state machine of lib/pipeline, as far as a few datasets need it. */
async function execute(execution: Execution): Promise<Ran> {
  const { cloud, clock, world, step, troubles } = execution;
  let troubled = false;
  let overtaken = false;
  let at = step.id;
  let stopped = false;
  let writes = 0;
  let questions = 0;
  /** Functions that the state machine has given up and that still run. */
  const zombies: { readonly wake: () => void; readonly ended: Promise<unknown> }[] = [];
  /** To happen at the next write at which it may. */
  let late: Overtaking | undefined;
  let invocations = 0;
  let askingFunction: AbortController | undefined;
  const sources = createSources(world, execution.faults, () => {
    questions += 1;
    if (!isInterrupted(troubles, questions)) return;
    troubled = true;
    askingFunction?.abort(new Error('the time is up'));
  });
  const start = clock.now().toISOString();
  const { accept, force } = step;
  const input = { force, ...(accept && { publishAnyway: true, acceptShrink: true }) };
  const run: Run = { name: execution.name, start, input };

  async function invoke<T>(call: (tools: Tools) => Promise<T>, isCheck: boolean): Promise<T> {
    const process = { dead: false };
    const time = new AbortController();
    askingFunction = time;
    invocations += 1;
    let giveUp = (_error: Error): void => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    givenUp.catch(() => {});
    const meet = async (): Promise<void> => {
      if (stopped || process.dead) throw new Error('the function is dead');
      writes += 1;
      const trouble = late ?? troubles.find((it) => 'write' in it && it.write === writes);
      late = undefined;
      switch (trouble?.kind) {
        case 'killed':
        case 'power-cut':
          troubled = true;
          stopped = true;
          throw new Error('the execution was stopped');
        case 'function-died':
          troubled = true;
          process.dead = true;
          throw new Error('the function died');
        case 'overtaken':
          // The lock outlives every function, so only one that was given up meets a later run.
          if (trouble.later > LOCK_MINUTES && !isCheck) {
            late = trouble;
            return;
          }
          troubled = true;
          overtaken = true;
          if (await execution.overtake(trouble)) at = step.id + HALF;
          return;
        case 'given-up': {
          if (zombies.length > 0) return;
          troubled = true;
          overtaken = true;
          let wake = (): void => {};
          const asleep = new Promise<void>((resolve) => {
            wake = resolve;
          });
          zombies.push({ wake, ended: running.catch(() => {}) });
          giveUp(new Error('its answer was lost'));
          await asleep;
          return;
        }
        default:
      }
    };
    const clients = cloud.clients({
      before: async ({ writes: isWrite }) => {
        if (stopped || process.dead) throw new Error('the function is dead');
        if (isWrite) await meet();
      },
    });
    const { bucket, table } = cloud;
    const alive = <T>(kept: T) => (stopped || process.dead ? undefined : kept);
    const store = openAwsStore({
      archive: openneuro,
      ...{ ...clients, bucket, table, now: clock.now, pause: async () => {} },
    });
    const tools: Tools = {
      store: decodedOnce(store, {
        document: (path) => alive(cloud.objects.get(`${PREFIXES.data}${path}`)?.bytes),
        isFrozen: execution.isFrozen,
      }),
      archive: {
        ...{ definition: openneuro, about: SAMPLE_ARCHIVE },
        sources: deadly(sources, troubles, () => {
          troubled = true;
          process.dead = true;
        }),
        ...{ identity: ['simulated'], traffic: noTraffic() },
      },
      ...{ now: clock.now, memoryBytes: () => 1, log: () => {}, metric: () => {}, concurrency: 3 },
      ...{ measurement: null, checks: CHECKS, deployment: testDeployment(store) },
      stillRuns: async (arn) => execution.on.has(arn.split(':').at(-1) ?? ''),
      ...{ invocation: `${run.name}-${invocations}`, signal: time.signal },
    };
    const running: Promise<T> = Promise.resolve().then(() => call(tools));
    return Promise.race([running, givenUp]);
  }

  async function state<T>(call: (tools: Tools) => Promise<T>, isCheck = false): Promise<T> {
    const most = isCheck ? DEATHS.ofShard : DEATHS.ofStep;
    for (let deaths = 0, outOfTime = 0; ; ) {
      try {
        return await invoke(call, isCheck);
      } catch (error) {
        const { name } = error as Error;
        if (stopped || name === SUPERSEDED) throw error;
        if (name === OUT_OF_TIME) outOfTime += 1;
        else deaths += 1;
        if (deaths === most || outOfTime > OUT_OF_TIME_TRIES) throw error;
      }
    }
  }
  const shardsOf = (measurement: string, shards: readonly ShardRef[] = []) =>
    shards.map((shard) =>
      state((tools) => checkStep({ ...tools, measurement }, { run, shard }), true).catch(
        () => 'lost',
      ),
    );

  async function states(): Promise<Pick<Ran, 'outcome' | 'why'>> {
    const event = beginning(run);
    const { outcome, why, shards } = await state((tools) => fetchRegistryStep(tools, event));
    if (outcome === 'another-run') return { outcome: 'locked', why };
    if (outcome === 'stopped') return { outcome: 'failed', why };
    await Promise.all([
      ...shardsOf('check-github', shards.CheckGithub),
      ...shardsOf('check-s3-version', shards.CheckS3Version),
      ...shardsOf('check-leftovers', shards.CheckLeftovers),
    ]);
    const plan = await state((tools) => planStep(tools, { run, level: 1 }));
    await Promise.all(shardsOf('check-s3-files', plan.shards.CheckS3Files));
    return state((tools) => summarizeStep(tools, run));
  }

  /** As EventBridge calls it when the execution is over. */
  async function recordEnd(error: Error): Promise<void> {
    const end = { at: clock.now().toISOString(), cause: null, isRefused: false };
    const how = stopped
      ? ({ status: 'ABORTED', error: null } as const)
      : ({ status: 'FAILED', error: error.name } as const);
    const before = stopped;
    stopped = false;
    const recorded = invoke(
      (tools) => recordEndStep(tools, { run, end: { ...end, ...how } }),
      false,
    );
    await recorded.catch(() => {});
    stopped = before;
  }

  execution.on.add(run.name);
  const ended = await states().catch(async (error: Error) => {
    const outcome = stopped ? ('gone' as const) : ('failed' as const);
    execution.on.delete(run.name);
    // Not every event arrives. The next run then takes over.
    if (!troubles.some(({ kind }) => kind === 'power-cut')) await recordEnd(error);
    return { outcome, why: error.message };
  });
  execution.on.delete(run.name);
  for (const { wake, ended: end } of zombies) {
    wake();
    await end;
  }
  return { ...ended, goesOn: false, answers: sources.answers, troubled, overtaken, at };
}
