// What every step of a run receives, and what the steps have in common.

import type { AboutArchive } from '../../core/documents/documents.ts';
import type { Notifier } from '../../core/history/notify.ts';
import type { Digest, NotifyFrom } from '../../core/history/settings.ts';
import { type Archive, stagesOf } from '../../core/monitor/archive.ts';
import type { Log, Stage, StageContext } from '../../core/monitor/context.ts';
import type { RunRequest } from '../../core/monitor/run.ts';
import type { Store } from '../../core/monitor/store.ts';
import type { Traffic } from '../../core/traffic.ts';
import type { Visit } from '../canary.ts';
import type { Run, RunInput } from '../contract.ts';
import { type ALARM_METRICS, type METRICS, SUPERSEDED } from '../names.ts';
import type { Mail } from '../problems.ts';
import type { RunStore } from '../run-store.ts';

export type AlarmMetric = (typeof ALARM_METRICS)[keyof typeof ALARM_METRICS];
export type Metric = (typeof METRICS)[keyof typeof METRICS] | AlarmMetric;

export interface Tools {
  readonly store: RunStore;
  readonly archive: {
    readonly definition: Archive;
    /** Part of the context of a stage. */
    readonly sources: object;
    /** In the form used in the results. */
    readonly about: AboutArchive;
    /** Registry, mirror and export addresses, as a run's record names them. */
    readonly identity: readonly string[];
    /** Counted since this invocation began. */
    readonly traffic: Traffic;
  };
  readonly now: () => Date;
  /** Memory that this function's process takes. */
  readonly memoryBytes: () => number;
  readonly log: Log;
  readonly metric: (name: Metric, value: number) => void;
  /** For the end of a run. */
  readonly deployment: {
    /** Name of the stack. */
    readonly name: string;
    /** Sends a mail to the operator. @throws when it could not be handed over */
    tell(mail: Mail): Promise<void>;
    /** Visits the site. */
    readonly visit: Visit;
    /** Waits. @throws when the time is nearly up */
    pause(milliseconds: number): Promise<void>;
    /** Who gets messages about what changed. */
    readonly notifiers: readonly Notifier[];
    /** How often a message lists all that changed. Default: never. */
    readonly digest?: Digest | undefined;
  };
  /** Why the token for the mirrors is useless; null if it is useful. Absent if there is none. */
  readonly tokenFault?: () => string | null;
  /** Datasets in work at once. */
  readonly concurrency: number;
  /** The enabled content checks. Default: all. */
  readonly checks?: readonly string[] | undefined;
  /** What feeds, badges and messages are made with. */
  readonly told?: {
    readonly siteUrl?: string;
    readonly badgeLabel?: string | undefined;
    readonly notifyFrom?: NotifyFrom | undefined;
  };
  /** The measurement that this function makes; null if it makes none. */
  readonly measurement: string | null;
  /** Days that a new dataset's copies may take to appear. */
  readonly newDatasetDays?: number;
  /** What is chosen of the archive's own options. Default: of each the first. */
  readonly choices?: Readonly<Record<string, string>> | undefined;
  /** Mirrors of a day's sample that the second git reader also reads. */
  readonly secondReadings?: number;
  /** Days for which the registry may be unreadable. */
  readonly registryDays?: number;
  /** Hours between two starts of the schedule, at most. Absent if runs are started by hand. */
  readonly runEveryHours?: number | undefined;
  /** The same of the looks at what changed. Absent if there are none. */
  readonly watchEveryHours?: number | undefined;
  /** Datasets that the stack is sized for. Absent in functions that do not publish. */
  readonly sizedFor?: number | undefined;
  /**
   * Whether an execution still runs, by its ARN. One that does not exist runs no more; true where
   * that could not be asked.
   */
  readonly stillRuns: (executionArn: string) => Promise<boolean>;
  /** Starts a run; absent in functions that start none. */
  readonly startRun?: (input: RunInput) => Promise<void>;
  /** Distinguishes this invocation's report from those of its retries. */
  readonly invocation: string;
  /** Aborted when the time is nearly up. */
  readonly signal: AbortSignal;
}

/** An error with a name for the state machine. The name is set, since minifying renames classes. */
export function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** @throws Superseded when another run has the lock */
export async function keepLock({ store, now }: Tools, run: Run): Promise<void> {
  const hold = await store.holdLock(run, now());
  if (!hold.held) throw named(SUPERSEDED, `the run ${hold.by} has the lock`);
}

export function asksFor(run: Run, stage: Stage): boolean {
  return run.input.stages?.includes(stage) ?? true;
}

/** Whether it chooses its datasets itself, by what changed. */
export const isOverChanged = ({ input }: Run): boolean =>
  input.changed === true && input.datasets === undefined;

/** Otherwise checks of the archive as a whole are not made. */
export const isOverAllDatasets = ({ input }: Run): boolean =>
  input.datasets === undefined && !input.changed && !input.unverified;

export function requestOf(run: Run, tools: Tools): RunRequest {
  return {
    datasets: run.input.datasets ?? null,
    maxDatasets: null,
    ...(run.input.datasets && !run.input.skipUnknown && { strict: true as const }),
    ...(isOverChanged(run) && { changed: true }),
    stages: stagesOf(tools.archive.definition).filter((stage) => asksFor(run, stage)),
    archive: [...tools.archive.identity],
  };
}

/** @param store what the stage reads and writes through */
export function stageContext(tools: Tools, run: Run, store: Store = tools.store): StageContext {
  const {
    archive,
    now,
    log,
    signal,
    concurrency,
    told: { siteUrl, badgeLabel, notifyFrom } = {},
  } = tools;
  return {
    ...archive.sources,
    archive: archive.definition,
    about: archive.about,
    store,
    now,
    log,
    signal,
    runStart: run.start,
    progress: { start: () => {}, step: () => {}, end: () => {} },
    options: {
      concurrency,
      // An execution is a new run and measures everything. Only a retry meets results of this run.
      // It must skip them, or it would never finish.
      force: false,
      maxAge: 0,
      acceptShrink: run.input.acceptShrink ?? false,
      publishAnyway: run.input.publishAnyway ?? false,
      ...(tools.newDatasetDays !== undefined && { newDatasetDays: tools.newDatasetDays }),
      ...(tools.secondReadings !== undefined && { secondReadings: tools.secondReadings }),
      ...(tools.registryDays !== undefined && { registryDays: tools.registryDays }),
      ...(tools.runEveryHours !== undefined && { runEveryHours: tools.runEveryHours }),
      ...((tools.choices ?? run.input.choices) && {
        choices: { ...tools.choices, ...run.input.choices },
      }),
      ...(tools.checks && { checks: new Set(tools.checks) }),
      ...(siteUrl !== undefined && { siteUrl }),
      ...(badgeLabel !== undefined && { badgeLabel }),
      ...(notifyFrom !== undefined && { notifyFrom }),
    },
  };
}
