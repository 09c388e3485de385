// The cost of a month: a function from a workload to lines of a bill.

import { ARCHIVE, ASSUMED, CALLS_A_DATASET, DEPLOYED, STAGES, type Stage } from './inputs.ts';
import { PRICES } from './prices.ts';

/** Days in a month, as AWS counts 730 hours. */
const MONTH_DAYS = 730 / 24;
const KEYS_A_PAGE = 1000;
const DATASETS_A_PAGE = 100;

export interface Workload {
  readonly datasets: number;
  /** Of all datasets together. */
  readonly files: number;
  /** Days between runs. */
  readonly every: number;
  /** Share of the datasets that a run measures; the registry is always read completely. */
  readonly share: number;
  readonly dashboard: boolean;
}

export interface Line {
  readonly what: string;
  /** Amount per month. */
  readonly amount: number;
  readonly unit: string;
  /** US dollars per month. */
  readonly cost: number;
}

export interface Estimate {
  readonly lines: readonly Line[];
  readonly total: number;
  /** Minimum hours per run, because of the GitHub rate limit. */
  readonly hoursARun: number;
}

export function estimate(load: Workload): Estimate {
  const runs = MONTH_DAYS / load.every;
  const measured = load.datasets * load.share;
  const pages = (load.files * load.share) / KEYS_A_PAGE;
  const perRun = {
    gbSeconds: sum(STAGES.map((stage) => gbSeconds(stage, load, measured, pages))),
    ...shards(measured, pages),
  };
  const changed = Math.min(measured, load.datasets * ARCHIVE.changesADatasetAndDay * load.every);
  const units = tableUnits(load.datasets, measured);
  const line = (what: string, amount: number, unit: string, price: number): Line => ({
    what,
    amount,
    unit,
    cost: amount * price,
  });
  const p = PRICES;
  const storedGb = (load.datasets * ARCHIVE.documentBytesADataset) / 1e9;
  // Replaced versions of documents from every run are kept for a month, like the run's own files.
  const versionsGb =
    ((load.datasets * ARCHIVE.summaryBytesADataset + measured * ARCHIVE.handedBytesADataset) *
      runs) /
    1e9;
  const recordsGb = (load.datasets * DEPLOYED.recordsADataset * 600) / 1e9;
  const logGb = ((measured * 3 * ASSUMED.logBytes + perRun.invocations * 3000) * runs) / 1e9;
  const lines = [
    line('Lambda: time', perRun.gbSeconds * runs, 'GB-seconds', p.lambdaGbSecond),
    line('Lambda: requests', perRun.invocations * runs, 'requests', p.lambdaRequest),
    line('Step Functions', perRun.transitions * runs, 'transitions', p.stateTransition),
    line('S3: reads', s3Gets(load.datasets, measured) * runs, 'GET', p.s3Get),
    line(
      'S3: writes',
      // Files of shards, documents of the run, daily changes, and three per changed dataset.
      (DEPLOYED.filesAnInvocation * perRun.invocations +
        DEPLOYED.documentsARun +
        s3Puts(load.datasets, measured) +
        listings(load.datasets) +
        3 * changed) *
        runs,
      'PUT, LIST',
      p.s3PutOrList,
    ),
    line('S3: storage', storedGb + versionsGb, 'GB', p.s3GbMonth),
    line('DynamoDB: writes', units.writes * runs, 'units', p.tableWrite),
    line('DynamoDB: reads', units.reads * runs, 'units', p.tableRead),
    line('DynamoDB: storage', recordsGb, 'GB', p.tableGbMonth + p.tableBackupGbMonth),
    line('CloudWatch: logs', logGb, 'GB', p.logsGb + p.logsGbMonth),
    line(
      'CloudWatch: metrics',
      (DEPLOYED.ownMetrics + (load.dashboard ? DEPLOYED.dashboardMetrics : 0)) *
        Math.min(1, runs / 730),
      'metrics',
      p.customMetric,
    ),
    line('CloudWatch: alarms', DEPLOYED.alarmMetrics, 'alarms', p.alarmMetric),
    line('CloudWatch: dashboard', load.dashboard ? 1 : 0, 'dashboards', p.dashboard),
    line('CloudFront: transfer', (ASSUMED.visits * ASSUMED.bytesAVisit) / 1e9, 'GB', p.cdnGb),
    line('CloudFront: requests', ASSUMED.visits * ASSUMED.requestsAVisit, 'requests', p.cdnRequest),
    line('Scheduler', runs, 'starts', p.schedule),
  ];
  return {
    lines,
    total: sum(lines.map(({ cost }) => cost)),
    hoursARun: measured / DEPLOYED.mirrorsASecond / 3600,
  };
}

function shards(datasets: number, pages: number): { invocations: number; transitions: number } {
  const of = (work: number, each: number) => Math.min(DEPLOYED.mostShards, Math.ceil(work / each));
  const count =
    of(datasets, DEPLOYED.mirrorsAShard) +
    of(datasets, DEPLOYED.descriptionsAShard) +
    2 * of(datasets, DEPLOYED.lookupsAShard) +
    // A dataset costs two requests besides its pages (core/monitor/plan.ts).
    of(pages + 2 * datasets, DEPLOYED.listingsAShard);
  // A shard is an execution with one state; the run itself has twelve states.
  return { invocations: count + 3, transitions: 2 * count + 12 };
}

/** The registry is compared for all datasets, the rest for those that a run measures. */
const datasetsOf = (stage: Stage, all: number, measured: number): number =>
  stage === 'fetch-registry' || stage === 'summarize' ? all : measured;

const s3Gets = (all: number, measured: number): number =>
  sum(STAGES.map((stage) => CALLS_A_DATASET[stage].s3Get * datasetsOf(stage, all, measured)));
const s3Puts = (all: number, measured: number): number =>
  sum(STAGES.map((stage) => CALLS_A_DATASET[stage].s3Put * datasetsOf(stage, all, measured)));

/** Pages of a listing of all documents: two per snapshot, and the others. */
const listings = (all: number): number =>
  (all * (DEPLOYED.documentsADataset + 2 * ARCHIVE.snapshotsADataset)) / KEYS_A_PAGE;

function tableUnits(all: number, measured: number): { reads: number; writes: number } {
  const total = (units: (stage: Stage) => number) =>
    sum(STAGES.map((stage) => units(stage) * datasetsOf(stage, all, measured)));
  return {
    reads: total((stage) => {
      const { tableRead, tableReadMany } = CALLS_A_DATASET[stage];
      return tableRead + tableReadMany / 2;
    }),
    writes: total((stage) => CALLS_A_DATASET[stage].tableWrite),
  };
}

function gbSeconds(stage: Stage, load: Workload, measured: number, pages: number): number {
  const { s3Get, s3Put, tableRead, tableWrite } = CALLS_A_DATASET[stage];
  const own = (s3Get + s3Put) * ASSUMED.s3Call + (tableRead + tableWrite) * ASSUMED.tableCall;
  const waits =
    own * datasetsOf(stage, load.datasets, measured) + asked(stage, load, measured, pages);
  const waited = waits / 1000 / DEPLOYED.atOnce[stage];
  const paced = stage === 'check-github' ? measured / DEPLOYED.mirrorsASecond : 0;
  const seconds = Math.max(waited, paced) + ASSUMED.coldStart / 1000;
  return (seconds * DEPLOYED.memory[stage]) / 1024;
}

/** Milliseconds of waiting for the archive, one answer after another. */
function asked(stage: Stage, load: Workload, measured: number, pages: number): number {
  switch (stage) {
    case 'fetch-registry':
      // Pages come one after another, whatever the concurrency.
      return (load.datasets / DATASETS_A_PAGE) * ASSUMED.registryPage * DEPLOYED.atOnce[stage];
    case 'check-s3-version':
      return measured * ASSUMED.description;
    case 'check-doi':
    case 'check-deprecated':
      return (measured / DEPLOYED.lookupDays) * ASSUMED.lookup;
    case 'check-s3-files':
      return (pages + measured) * ASSUMED.listingPage;
    default:
      return 0;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
