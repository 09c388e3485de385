// The work of a run in numbers: counted, taken from the recorded archive, or assumed, as marked.

/** What one stage asks of S3 and DynamoDB in a run without changes since the last run. */
export interface StageCalls {
  readonly s3Get: number;
  readonly s3Put: number;
  /** Units of strongly consistent queries, 4 KB each. */
  readonly tableRead: number;
  /** Units of the consistent scan. */
  readonly tableScan: number;
  /** Units of 1 KB. */
  readonly tableWrite: number;
}

/**
 * Counted per dataset, to the next whole number, in the second of two runs of the state machine over 80 generated
 * datasets; test/lib/cost.test.ts counts again and fails if these are out of date.
 */
export const CALLS_A_DATASET = {
  // One query gets all records for all functions of the run; documents are listed by the thousand.
  'fetch-registry': { s3Get: 0, s3Put: 0, tableRead: 2, tableScan: 0, tableWrite: 0 },
  'check-github': { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 1 },
  'check-s3-version': { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 1 },
  // One dataset in thirty is re-checked.
  'check-doi': { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 0 },
  'check-deprecated': { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 0 },
  'check-leftovers': { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 0 },
  plan: { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 0 },
  // The tree and annex-record.json; in one dataset of seven s3-access.json, which covers other keys.
  'check-s3-files': { s3Get: 2, s3Put: 0, tableRead: 0, tableScan: 0, tableWrite: 4 },
  summarize: { s3Get: 0, s3Put: 0, tableRead: 0, tableScan: 1, tableWrite: 0 },
} as const satisfies Record<string, StageCalls>;

export type Stage = keyof typeof CALLS_A_DATASET;
export const STAGES = Object.keys(CALLS_A_DATASET) as Stage[];

/** From the archive as recorded on 2026-08-01. */
export const ARCHIVE = {
  /** 5,014 snapshots of 1,848 datasets. */
  snapshotsADataset: 2.71,
  /** 285 snapshots were made in the 90 days before; per dataset and day. */
  changesADatasetAndDay: 0.0017,
  /** Faults of mirrors, descriptions and exports: 144, 328 and 665 of 1,834 datasets. */
  faultyMirrors: 0.079,
  faultyVersions: 0.18,
  faultyExports: 0.36,
  /** All documents of 1,848 datasets, without the summary. */
  documentBytesADataset: 9_200,
  /** The summary and the registry, written by every run: bytes per dataset. */
  summaryBytesADataset: 620,
  /**
   * Data passed between functions of a run, over the 80 generated datasets of
   * test/lib/cost.test.ts.
   */
  handedBytesADataset: 21_000,
} as const;

/** As deployed by lib/ and divided by lambdas/. */
export const DEPLOYED = {
  /** Megabytes. */
  memory: {
    'fetch-registry': 640,
    'check-github': 256,
    'check-s3-version': 512,
    'check-doi': 512,
    'check-deprecated': 512,
    'check-leftovers': 512,
    plan: 1024,
    'check-s3-files': 1024,
    summarize: 1024,
    watch: 256,
  },
  /** Above so many datasets, these have more. */
  large: 50_000,
  largeMemory: { 'fetch-registry': 1024, plan: 1769, summarize: 1769 },
  curveMemory: 512,
  /** Calls in flight within one function. */
  atOnce: {
    'fetch-registry': 16,
    'check-github': 8,
    'check-s3-version': 16,
    'check-doi': 4,
    'check-deprecated': 4,
    'check-leftovers': 1,
    plan: 16,
    'check-s3-files': 4,
    summarize: 32,
  },
  /** Requests that justify a function; for `check-s3-files` pages and two for each dataset. */
  share: {
    'check-github': 400,
    'check-s3-version': 1000,
    'check-doi': 1000,
    'check-deprecated': 1000,
    'check-leftovers': 1,
    'check-s3-files': 1000,
  },
  /** Seconds until a function is stopped, and how often it may go on from where it stopped. */
  limit: { longest: 900, plan: 300 },
  tries: { shard: 21, resumed: 7 },
  /** Days for which answers of DOIs and deprecation hold. */
  lookupDays: 30,
  /** Days for which the same keys of an export are asked for. */
  accessDays: 7,
  /** Days after which a kept tree that is in use is written again. */
  treeDays: 60,
  mostShards: 300,
  /** Requests to GitHub per second, for any number of functions. */
  mirrorsASecond: 10,
  alarmMetrics: 3,
  /** Sent by whole runs. */
  ownMetrics: 2,
  /** The same, if there is a dashboard. */
  dashboardMetrics: 15,
  /** States of a run besides those of the shards. */
  states: 13,
  /** The summary, the status, the registry and its manifests. */
  documentsARun: 17,
  /** Of the documents of a dataset, without snapshots. */
  documentsADataset: 10,
  /** One per check. */
  recordsADataset: 8,
  /** Its shard, its report, its start, and what it passes on. */
  filesAnInvocation: 4,
  /** Units a function for the hosts that it shares; each further minute of it adds two. */
  hostReads: 1,
  hostWrites: 4,
  /** Days that these files are kept. */
  manifestDays: 7,
} as const;

/**
 * Milliseconds of a whole processor for each dataset: of `fetch-registry`, `plan` and `summarize` as
 * test/scale measures them, with the SDK's; of the others from npm run bench. A page of a listing
 * takes another 2.5.
 */
export const WORK_A_DATASET = {
  'fetch-registry': 2.7,
  'check-github': 1.5,
  'check-s3-version': 1,
  'check-doi': 0.5,
  'check-deprecated': 0.5,
  // It reads the list of the registry.
  'check-leftovers': 0.1,
  plan: 0.7,
  'check-s3-files': 5,
  summarize: 0.4,
} as const satisfies Record<Stage, number>;
export const WORK_A_PAGE = 2.5;
/** The same of the first `summarize`, besides: history, feed and two forms of the badge. */
export const FIRST_WORK_A_DATASET = 6;
export const FIRST_FILES_A_DATASET = 4;
/** Megabytes of a function that has a whole processor. */
export const WHOLE_PROCESSOR = 1769;

/**
 * Assumed, in milliseconds. A first month on AWS should replace them, because nobody has run this
 * there yet. Within us-east-1, where the archive's bucket is.
 */
export const ASSUMED = {
  s3Call: 20,
  tableCall: 5,
  /** Between a function and S3: 50 MB a second. */
  bytesAMs: 50_000,
  registryPage: 1500,
  description: 50,
  lookup: 300,
  listingPage: 100,
  /** A HEAD of one key, as the hourly look makes it. */
  head: 50,
  /** Start of a container with a function's code. */
  coldStart: 800,
  /** Log bytes of a check that is not ok, and of an invocation with the platform's lines. */
  logLine: 450,
  logInvocation: 3000,
  /** Lines of a run for each dataset: 41 % are not ok, most in one or two checks. */
  logLines: 0.7,
  /**
   * Hours of a day in which the hourly look finds something. In 135 recorded days there were 1.35
   * new versions, 1.47 new datasets and 1.59 changed verdicts a day, often several at once.
   */
  changedHours: 4,
  /** Datasets of a run over what changed. */
  changedDatasets: 3,
  /** Readers of the dashboard per month, and what one visit loads. */
  visits: 1000,
  bytesAVisit: 300_000,
  requestsAVisit: 6,
  /** Curves that scripts ask for, documents that each is made of, and its milliseconds. */
  curves: 3000,
  documentsACurve: 6,
  curveMs: 200,
} as const;
