// How long each function takes, beside how long it may: waiting for answers, and the processor's
// time on a function's share of a processor.

import {
  ARCHIVE,
  ASSUMED,
  CALLS_A_DATASET,
  DEPLOYED,
  FIRST_FILES_A_DATASET,
  FIRST_WORK_A_DATASET,
  STAGES,
  type Stage,
  WHOLE_PROCESSOR,
  WORK_A_DATASET,
  WORK_A_PAGE,
} from './inputs.ts';
import type { Workload } from './workload.ts';

const KEYS_A_PAGE = 1000;
const DATASETS_A_PAGE = 100;
/** A function stops by itself so many seconds before it would be stopped. */
const STOPS_BEFORE = 10;

export interface FunctionTime {
  readonly name: string;
  /** Of the longest invocation if nothing stopped it, and how long it may take. */
  readonly seconds: number;
  readonly limit: number;
  /** How often it is started to continue; 1 for a function that starts over. */
  readonly tries: number;
  readonly isPossible: boolean;
  /** Of all invocations together. */
  readonly gbSeconds: number;
}

type Sharded = keyof typeof DEPLOYED.share;
const isSharded = (stage: Stage): stage is Sharded => Object.hasOwn(DEPLOYED.share, stage);

export function shardsOf({ datasets, files, isOfChanges }: Workload): Record<Sharded, number> {
  const work = (stage: Sharded) => {
    // The archive as a whole is checked in runs over all datasets.
    if (stage === 'check-leftovers') return isOfChanges ? 0 : 1;
    // A dataset costs two requests besides its pages (core/monitor/plan.ts).
    return stage === 'check-s3-files' ? files / KEYS_A_PAGE + 2 * datasets : datasets;
  };
  return Object.fromEntries(
    Object.entries(DEPLOYED.share).map(([stage, share]) => [
      stage,
      Math.min(DEPLOYED.mostShards, Math.ceil(work(stage as Sharded) / share)),
    ]),
  ) as Record<Sharded, number>;
}

export function timesOf(load: Workload): FunctionTime[] {
  const shards = shardsOf(load);
  const stages = STAGES.map((stage): FunctionTime => {
    const parts = isSharded(stage) ? shards[stage] : 1;
    const start = ASSUMED.coldStart / 1000;
    const seconds = parts === 0 ? 0 : secondsOf(stage, load) / parts + start;
    const tries = triesOf(stage);
    const limit = stage === 'plan' ? DEPLOYED.limit.plan : DEPLOYED.limit.longest;
    return {
      name: stage,
      seconds,
      limit,
      tries,
      isPossible: fits(seconds, inOneGo(stage, seconds, load), limit - STOPS_BEFORE, tries),
      gbSeconds: (seconds * parts * memoryOf(stage, load)) / 1024,
    };
  });
  if (load.watch === null) return stages;
  const seconds = lookSeconds(load);
  const limit = DEPLOYED.limit.longest;
  const gbSeconds = (seconds * memoryOf('watch', load)) / 1024;
  const isPossible = seconds <= limit - STOPS_BEFORE && seconds <= load.watch * 86_400;
  return [...stages, { name: 'watch', seconds, limit, tries: 1, isPossible, gbSeconds }];
}

function triesOf(stage: Stage): number {
  if (isSharded(stage)) return DEPLOYED.tries.shard;
  return stage === 'plan' ? 1 : DEPLOYED.tries.resumed;
}

/** Of `summarize` in the first run, which writes files for each dataset. */
export function firstRunTime(load: Workload): FunctionTime {
  const name = 'summarize';
  const usual = secondsOf(name, load) + ASSUMED.coldStart / 1000;
  const waits = FIRST_FILES_A_DATASET * (ASSUMED.s3Call / DEPLOYED.atOnce[name]);
  const work = FIRST_WORK_A_DATASET * slownessOf(name, load);
  const seconds = usual + (load.datasets * Math.max(waits, work)) / 1000;
  const { longest: limit } = DEPLOYED.limit;
  const tries = triesOf(name);
  const isPossible = fits(seconds, usual, limit - STOPS_BEFORE, tries);
  const gbSeconds = (seconds * memoryOf(name, load)) / 1024;
  return { name: `${name}, first run`, seconds, limit, tries, isPossible, gbSeconds };
}

/** What a function repeats in its next try: of fetch-registry all but the pages it has read. */
function inOneGo(stage: Stage, seconds: number, load: Workload): number {
  if (isSharded(stage)) return 0;
  return stage === 'fetch-registry' ? seconds - registrySeconds(load) : seconds;
}

/** That part has a whole try, before which another may be cut off in the middle of it. */
const fits = (seconds: number, part: number, limit: number, tries: number): boolean =>
  part <= limit && (tries === 1 || seconds + part <= limit * tries);

/** Pages come one after another. */
export const registrySeconds = ({ datasets }: Workload): number =>
  ((datasets / DATASETS_A_PAGE) * ASSUMED.registryPage) / 1000;

/** Of an hourly look: the registry, and beside it one request for each fault. */
export function lookSeconds(load: Workload): number {
  const { datasets } = load;
  const mirrors = (datasets * ARCHIVE.faultyMirrors) / DEPLOYED.mirrorsASecond;
  const heads = datasets * (ARCHIVE.faultyExports + ARCHIVE.faultyVersions) * ASSUMED.head;
  const asked = Math.max(mirrors, heads / DEPLOYED.atOnce['fetch-registry'] / 1000);
  // Pages are parsed while the next one is waited for.
  return (ASSUMED.coldStart * 2) / 1000 + registrySeconds(load) + asked;
}

/** Of all invocations of a stage together, without their starts. */
function secondsOf(stage: Stage, load: Workload): number {
  const { datasets, files } = load;
  const { s3Get, s3Put, tableRead, tableScan, tableWrite } = CALLS_A_DATASET[stage];
  const own =
    (s3Get + s3Put) * ASSUMED.s3Call + (tableRead + tableWrite + tableScan) * ASSUMED.tableCall;
  const pages = files / KEYS_A_PAGE;
  const waits = datasets * own + asked(stage, datasets, pages);
  const waited = waits / DEPLOYED.atOnce[stage] / 1000;
  const work = workSeconds(stage, load);
  switch (stage) {
    case 'fetch-registry':
      return registrySeconds(load) + waited + work;
    case 'plan':
    case 'summarize':
      return waited + work;
    case 'check-github':
      return Math.max(waited, work, datasets / DEPLOYED.mirrorsASecond);
    // Much is in work at once, so waiting and work overlap.
    default:
      return Math.max(waited, work);
  }
}

/** Milliseconds of waiting for the archive, one answer after another. */
function asked(stage: Stage, datasets: number, pages: number): number {
  switch (stage) {
    case 'check-s3-version':
      return datasets * ASSUMED.description;
    case 'check-doi':
    case 'check-deprecated':
      return (datasets / DEPLOYED.lookupDays) * ASSUMED.lookup;
    case 'check-leftovers':
      // The folders at the top, and a question about the few that are left.
      return (datasets / KEYS_A_PAGE) * ASSUMED.listingPage + ASSUMED.registryPage;
    case 'check-s3-files':
      return (pages + datasets) * ASSUMED.listingPage;
    default:
      return 0;
  }
}

function workSeconds(stage: Stage, load: Workload): number {
  const pages = stage === 'check-s3-files' ? load.files / KEYS_A_PAGE : 0;
  const whole = load.datasets * WORK_A_DATASET[stage] + pages * WORK_A_PAGE;
  return (whole / 1000) * slownessOf(stage, load);
}

/** How much longer work takes on a function's share of a processor. */
const slownessOf = (stage: Stage, load: Workload): number =>
  Math.max(1, WHOLE_PROCESSOR / memoryOf(stage, load));

type Sized = keyof typeof DEPLOYED.memory;

/** Megabytes of a function. */
export function memoryOf(name: Sized, { memory, datasets }: Workload): number {
  const larger: Partial<Record<Sized, number>> = DEPLOYED.largeMemory;
  const ofSize = datasets > DEPLOYED.large ? larger[name] : undefined;
  return memory[name] ?? ofSize ?? DEPLOYED.memory[name];
}
