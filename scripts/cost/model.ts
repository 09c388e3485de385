// The cost of a month: a function from a workload to lines of a bill. How long the functions take is
// in times.ts.

import { ARCHIVE, ASSUMED, CALLS_A_DATASET, DEPLOYED, STAGES } from './inputs.ts';
import { ALWAYS_FREE, PRICES } from './prices.ts';
import {
  type FunctionTime,
  firstRunTime,
  lookSeconds,
  memoryOf,
  registrySeconds,
  shardsOf,
  timesOf,
} from './times.ts';
import type { Workload } from './workload.ts';

/** Days in a month, as AWS counts 730 hours. */
const MONTH_DAYS = 730 / 24;
const KEYS_A_PAGE = 1000;

export interface Line {
  readonly what: string;
  /** Amount per month. */
  readonly amount: number;
  readonly unit: string;
  /** US dollars per month, by the list and with what is always free. */
  readonly cost: number;
  readonly costAboveFree: number;
}

export interface Estimate {
  readonly lines: readonly Line[];
  readonly total: number;
  readonly totalAboveFree: number;
  readonly times: readonly FunctionTime[];
  /** Minimum hours per run, because of the GitHub rate limit. */
  readonly hoursARun: number;
}

/** What a month's runs use, by the unit that is paid. */
interface Use {
  readonly gbSeconds: number;
  readonly invocations: number;
  readonly transitions: number;
  readonly gets: number;
  readonly puts: number;
  readonly tableReads: number;
  readonly tableWrites: number;
  readonly logBytes: number;
  readonly keptGb: number;
  readonly starts: number;
}

export function estimate(load: Workload): Estimate {
  const runs = MONTH_DAYS / load.every;
  const uses = [times(runs, wholeRun(load)), watched(load), times(ASSUMED.curves, A_CURVE)];
  const sum = (field: keyof Use) => uses.reduce((all, use) => all + use[field], 0);
  const storedGb = (load.datasets * ARCHIVE.documentBytesADataset) / 1e9;
  const recordsGb = (load.datasets * DEPLOYED.recordsADataset * 600) / 1e9;
  const lines = [
    line('Lambda: time', sum('gbSeconds'), 'GB-seconds', 'lambdaGbSecond'),
    line('Lambda: requests', sum('invocations'), 'requests', 'lambdaRequest'),
    line('Step Functions', sum('transitions'), 'transitions', 'stateTransition'),
    line('S3: reads', sum('gets'), 'GET', 's3Get'),
    line('S3: writes', sum('puts'), 'PUT, LIST', 's3PutOrList'),
    line('S3: storage', storedGb + sum('keptGb'), 'GB', 's3GbMonth'),
    line('DynamoDB: writes', sum('tableWrites'), 'units', 'tableWrite'),
    line('DynamoDB: reads', sum('tableReads'), 'units', 'tableRead'),
    line('DynamoDB: storage', recordsGb, 'GB', 'tableGbMonth'),
    line('DynamoDB: backup', recordsGb, 'GB', 'tableBackupGbMonth'),
    line('CloudWatch: logs', sum('logBytes') / 1e9, 'GB', 'logsGb'),
    line('CloudWatch: logs kept', sum('logBytes') / 1e9, 'GB', 'logsGbMonth'),
    // Charged by the hours in which they are sent.
    line(
      'CloudWatch: metrics',
      (DEPLOYED.ownMetrics + (load.dashboard ? DEPLOYED.dashboardMetrics : 0)) *
        Math.min(1, runs / 730),
      'metrics',
      'customMetric',
    ),
    line('CloudWatch: alarms', DEPLOYED.alarmMetrics, 'alarms', 'alarmMetric'),
    line('CloudWatch: dashboard', load.dashboard ? 1 : 0, 'dashboards', 'dashboard'),
    line('CloudFront: transfer', (ASSUMED.visits * ASSUMED.bytesAVisit) / 1e9, 'GB', 'cdnGb'),
    line(
      'CloudFront: requests',
      ASSUMED.visits * ASSUMED.requestsAVisit + ASSUMED.curves,
      'requests',
      'cdnRequest',
    ),
    line('Scheduler', sum('starts'), 'starts', 'schedule'),
  ].filter(({ amount }) => amount > 0);
  return {
    lines,
    total: lines.reduce((all, { cost }) => all + cost, 0),
    totalAboveFree: lines.reduce((all, { costAboveFree }) => all + costAboveFree, 0),
    times: [...timesOf(load), firstRunTime(load)],
    hoursARun: load.datasets / DEPLOYED.mirrorsASecond / 3600,
  };
}

function line(what: string, amount: number, unit: string, price: keyof typeof PRICES): Line {
  const above = Math.max(0, amount - (ALWAYS_FREE[price] ?? 0));
  return { what, amount, unit, cost: amount * PRICES[price], costAboveFree: above * PRICES[price] };
}

const times = (count: number, use: Use): Use =>
  Object.fromEntries(Object.entries(use).map(([field, one]) => [field, one * count])) as never;

function wholeRun(load: Workload): Use {
  const { datasets } = load;
  const calls = (kind: keyof (typeof CALLS_A_DATASET)['plan']) =>
    datasets * STAGES.reduce((sum, stage) => sum + CALLS_A_DATASET[stage][kind], 0);
  const shards = Object.values(shardsOf(load)).reduce((sum, count) => sum + count, 0);
  const invocations = shards + 3;
  const changed = datasets * ARCHIVE.changesADatasetAndDay * load.every;
  const turned = (datasets * Math.min(load.every, DEPLOYED.accessDays)) / DEPLOYED.accessDays;
  return {
    gbSeconds: timesOf(load)
      .filter(({ name }) => name !== 'watch')
      .reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
    invocations,
    // A shard is an execution with one state.
    transitions: 2 * shards + DEPLOYED.states,
    gets: calls('s3Get') + turned + DEPLOYED.filesAnInvocation * invocations,
    // Documents of changed datasets are three.
    puts:
      DEPLOYED.filesAnInvocation * invocations +
      DEPLOYED.documentsARun +
      calls('s3Put') +
      turned +
      (datasets * load.every) / DEPLOYED.treeDays +
      (datasets * (DEPLOYED.documentsADataset + 2 * ARCHIVE.snapshotsADataset)) / KEYS_A_PAGE +
      3 * changed,
    tableReads: calls('tableRead') + calls('tableScan') + DEPLOYED.hostReads * invocations,
    // A record says first that its document is about to change.
    tableWrites: calls('tableWrite') + turned + (1 + DEPLOYED.hostWrites) * invocations,
    logBytes: datasets * ASSUMED.logLines * ASSUMED.logLine + invocations * ASSUMED.logInvocation,
    keptGb: keptGb(load, datasets),
    starts: 1,
  };
}

/** Files of a run are kept for a week; replaced versions of what every run writes, for a month. */
const keptGb = ({ datasets }: Workload, measured: number): number =>
  (datasets * ARCHIVE.summaryBytesADataset +
    (measured * ARCHIVE.handedBytesADataset * DEPLOYED.manifestDays) / MONTH_DAYS) /
  1e9;

/** Looks at what changed, and the runs that they start. */
/** Series over time, as the function that answers for them makes them. */
const A_CURVE: Use = {
  gbSeconds: ((ASSUMED.curveMs / 1000) * DEPLOYED.curveMemory) / 1024,
  invocations: 1,
  transitions: 0,
  gets: ASSUMED.documentsACurve,
  puts: 0,
  tableReads: 0,
  tableWrites: 0,
  logBytes: ASSUMED.logInvocation,
  keptGb: 0,
  starts: 0,
};

function watched(load: Workload): Use {
  const looks = load.watch === null ? 0 : MONTH_DAYS / load.watch;
  const runs = Math.min(looks, ASSUMED.changedHours * MONTH_DAYS * (looks > 0 ? 1 : 0));
  const look: Use = {
    gbSeconds: (lookSeconds(load) * memoryOf('watch', load)) / 1024,
    invocations: 1,
    transitions: 0,
    // Registry, summary, status and marks; of a faulty dataset's documents only what is new.
    gets: 4,
    puts: 0,
    // What functions tell each other about a host: a few times for each of three.
    tableReads: 9,
    tableWrites: 9,
    logBytes: ASSUMED.logInvocation,
    keptGb: 0,
    starts: 1,
  };
  const some = { datasets: ASSUMED.changedDatasets, files: 40_000, isOfChanges: true } as const;
  const few: Workload = { ...load, ...some };
  const run = wholeRun(few);
  const scanned = load.datasets * CALLS_A_DATASET.summarize.tableScan;
  const both = [
    times(looks, look),
    times(runs, {
      ...run,
      // It reads the whole registry, and publishes the whole summary.
      gbSeconds: run.gbSeconds + registryAndSummary(load),
      gets: run.gets + 20,
      puts: run.puts + 1,
      tableReads: run.tableReads + scanned,
      keptGb: keptGb(load, ASSUMED.changedDatasets),
      starts: 0,
    }),
  ];
  return Object.fromEntries(
    Object.keys(look).map((field) => [
      field,
      both.reduce((sum, use) => sum + use[field as keyof Use], 0),
    ]),
  ) as never;
}

/** What a run over a few datasets does for all of them. */
function registryAndSummary(load: Workload): number {
  const summary = timesOf(load).find(({ name }) => name === 'summarize')?.gbSeconds ?? 0;
  return (registrySeconds(load) * memoryOf('fetch-registry', load)) / 1024 + summary;
}
