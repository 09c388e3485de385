// The work of a run in numbers: counted, taken from the recorded archive, or assumed, as marked.

/** Calls of one stage to S3 and DynamoDB in a run without changes since the last run. */
export interface StageCalls {
  readonly s3Get: number;
  readonly s3Put: number;
  /** Strongly consistent queries of a dataset's records: one unit each, as they are below 4 KB. */
  readonly tableRead: number;
  /**
   * Records by consistent Scan: a unit per 4 KB, so less than half a unit per record (some 0.5 KB).
   */
  readonly tableReadMany: number;
  readonly tableWrite: number;
}

/**
 * Counted per dataset in the second of two runs of the state machine over 80 generated datasets;
 * test/lib/cost.test.ts counts again and fails if these are out of date.
 */
export const CALLS_A_DATASET = {
  // One query gets all records for all functions of the run; documents are listed by the thousand.
  'fetch-registry': { s3Get: 0, s3Put: 0, tableRead: 1, tableReadMany: 0, tableWrite: 0 },
  'check-github': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 1 },
  'check-s3-version': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 1 },
  // One dataset in thirty is re-checked.
  'check-doi': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  'check-deprecated': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  plan: { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  // The tree, annex-record.json, and s3-access.json, which covers other keys every day.
  'check-s3-files': { s3Get: 3, s3Put: 1, tableRead: 0, tableReadMany: 0, tableWrite: 5 },
  summarize: { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 8, tableWrite: 0 },
} as const satisfies Record<string, StageCalls>;

export type Stage = keyof typeof CALLS_A_DATASET;
export const STAGES = Object.keys(CALLS_A_DATASET) as Stage[];

/** From the archive as recorded on 2026-08-01. */
export const ARCHIVE = {
  /** 5,014 snapshots of 1,848 datasets. */
  snapshotsADataset: 2.71,
  /** 285 snapshots were made in the 90 days before; per dataset and day. */
  changesADatasetAndDay: 0.0017,
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
    'fetch-registry': 512,
    'check-github': 512,
    'check-s3-version': 512,
    'check-doi': 512,
    'check-deprecated': 512,
    plan: 512,
    'check-s3-files': 1024,
    summarize: 1024,
    watch: 256,
  },
  /** Calls in flight within one function. */
  atOnce: {
    'fetch-registry': 16,
    'check-github': 8,
    'check-s3-version': 16,
    'check-doi': 4,
    'check-deprecated': 4,
    plan: 1,
    'check-s3-files': 4,
    // One dataset after another.
    summarize: 1,
  },
  mirrorsAShard: 100,
  descriptionsAShard: 250,
  listingsAShard: 250,
  /** For DOIs, and for requests whether a version is deprecated. */
  lookupsAShard: 1000,
  /** Days for which their answers hold. */
  lookupDays: 30,
  mostShards: 300,
  /** Requests to GitHub per second, for any number of functions. */
  mirrorsASecond: 10,
  alarmMetrics: 3,
  /** Sent by whole runs. */
  ownMetrics: 2,
  /** The same, if there is a dashboard. */
  dashboardMetrics: 15,
  /** The summary, the status, the registry and five manifests. */
  documentsARun: 8,
  /** Of the documents of a dataset, without snapshots. */
  documentsADataset: 10,
  /** One per check. */
  recordsADataset: 8,
  /** Its shard, its report, its start, its predecessor, and what it passes on. */
  filesAnInvocation: 5,
} as const;

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
  /** Start of a container with a function's code. */
  coldStart: 800,
  /** Log bytes per dataset and stage, platform lines included. */
  logBytes: 450,
  /** Readers of the dashboard per month, and what one visit loads. */
  visits: 1000,
  bytesAVisit: 300_000,
  requestsAVisit: 6,
} as const;
