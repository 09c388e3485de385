// What a run does, in numbers: counted, taken from the recorded archive, or assumed; each says which.

/** What one stage asks of S3 and DynamoDB in a run in which nothing has changed since the last. */
export interface StageCalls {
  readonly s3Get: number;
  readonly s3Put: number;
  /** Queries of a dataset's records, strongly consistent: a unit each, as they are less than 4 KB. */
  readonly tableRead: number;
  /** Records by Scan, consistent: a unit for 4 KB of them, which is less than half for each of some 0.5 KB. */
  readonly tableReadMany: number;
  readonly tableWrite: number;
}

/**
 * Counted for each dataset in the second of two runs of the state machine over 80 generated
 * datasets; test/lib/cost.test.ts counts again and fails when these are out of date.
 */
export const CALLS_A_DATASET = {
  // One query brings all records, for all functions of the run; the documents are listed by the thousand.
  'fetch-registry': { s3Get: 0, s3Put: 0, tableRead: 1, tableReadMany: 0, tableWrite: 0 },
  'check-github': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 1 },
  'check-s3-version': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 1 },
  // One dataset in thirty is asked for.
  'check-doi': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  'check-deprecated': { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  plan: { s3Get: 0, s3Put: 0, tableRead: 0, tableReadMany: 0, tableWrite: 0 },
  // The tree, annex-record.json, and s3-access.json, which tells of other keys every day.
  'check-s3-files': { s3Get: 3, s3Put: 1, tableRead: 0, tableReadMany: 0, tableWrite: 5 },
  summarize: { s3Get: 1, s3Put: 0, tableRead: 0, tableReadMany: 8, tableWrite: 0 },
} as const satisfies Record<string, StageCalls>;

export type Stage = keyof typeof CALLS_A_DATASET;
export const STAGES = Object.keys(CALLS_A_DATASET) as Stage[];

/** Of the archive as recorded on 2026-08-01. */
export const ARCHIVE = {
  /** 5,014 snapshots of 1,848 datasets. */
  snapshotsADataset: 2.71,
  /** 285 snapshots were made in the 90 days before; by dataset and day. */
  changesADatasetAndDay: 0.0017,
  /** All documents of 1,848 datasets, the summary aside. */
  documentBytesADataset: 9_200,
  /** The summary and the registry, written by every run: bytes for each dataset. */
  summaryBytesADataset: 620,
  /** What functions of a run hand on, over the 80 generated datasets of test/lib/cost.test.ts. */
  handedBytesADataset: 21_000,
} as const;

/** As lib/ deploys it and lambdas/ shares the work out. */
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
  /** Of DOIs, and of questions whether a version is deprecated. */
  lookupsAShard: 1000,
  /** Days for which what they say is good. */
  lookupDays: 30,
  mostShards: 300,
  /** Requests to GitHub in a second, whatever the number of functions. */
  mirrorsASecond: 10,
  alarmMetrics: 7,
  ownMetrics: 17,
  /** The summary, the status, the registry and five manifests. */
  documentsARun: 8,
  /** Of the documents of a dataset, snapshots aside. */
  documentsADataset: 10,
  /** One for each check. */
  recordsADataset: 8,
  /** Its shard, its report, that it began and who did before, and what it hands on. */
  filesAnInvocation: 5,
} as const;

/**
 * Assumed, in milliseconds, and what a first month on AWS should replace: nobody has run this there
 * yet. Within us-east-1, where the archive's bucket is.
 */
export const ASSUMED = {
  s3Call: 20,
  tableCall: 5,
  registryPage: 1500,
  description: 50,
  lookup: 300,
  listingPage: 100,
  /** Start of a container, with the code of a function. */
  coldStart: 800,
  /** Bytes that one dataset and stage leaves in the logs, platform lines included. */
  logBytes: 450,
  /** Readers of the dashboard in a month, and what one visit loads. */
  visits: 1000,
  bytesAVisit: 300_000,
  requestsAVisit: 6,
} as const;
