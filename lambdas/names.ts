// The names that the stack (lib), the functions (lambdas) and the commands that ask AWS (bin/aws) share. This file
// imports nothing, so that everybody may import it.

/**
 * Names of the errors that functions throw. Emulators do not pass names on, so the last retry is for
 * States.ALL, and these come before it.
 */
/** The event or the execution's input is invalid. Not to be retried. */
export const INVALID_INPUT = 'InvalidInput';
/** Thrown when the time is nearly up; the state machine retries, and done datasets are skipped. */
export const OUT_OF_TIME = 'OutOfTime';
/** Thrown when another run holds the lock: a late child of an old run. Not to be retried. */
export const SUPERSEDED = 'Superseded';

/** Environment of the functions. Set in lib/ from props, read in lambdas/context.ts only. */
export const ENVIRONMENT = {
  bucket: 'MIRRORWATCH_BUCKET',
  table: 'MIRRORWATCH_TABLE',
  /** Id of the archive. */
  archive: 'MIRRORWATCH_ARCHIVE',
  /** The measurement that the function is for; where there is one. */
  measurement: 'MIRRORWATCH_MEASUREMENT',
  /** What the host of the mirrors says of a repository that is not there. Optional. */
  mirrorAbsent: 'MIRRORWATCH_MIRROR_ABSENT',
  /** Datasets in work at once within one function. */
  concurrency: 'MIRRORWATCH_CONCURRENCY',
  /** The map's MaxConcurrency: every function keeps to its share of a host's limits; default 1. */
  shardsAtOnce: 'MIRRORWATCH_SHARDS_AT_ONCE',
  /** The checks that are made, with commas (core/monitor/archive.ts); all of them by default. */
  checks: 'MIRRORWATCH_CHECKS',
  /** Days that a new dataset's copies may take to appear; core/monitor/new-entries.ts has the default. */
  newDatasetDays: 'MIRRORWATCH_NEW_DATASET_DAYS',
  /** Days for which the registry may be unreadable; core/monitor/hold.ts has the default. */
  registryDays: 'MIRRORWATCH_REGISTRY_DAYS',
  /** Mirrors of a day's sample that the second reader of git reads as well; 10 by default. */
  secondReadings: 'MIRRORWATCH_SECOND_READINGS',
  /** A contact for the hosts that we ask, in the User-Agent. Optional. */
  contactUrl: 'MIRRORWATCH_CONTACT_URL',
  /** Name of an SSM SecureString; only where the function asks GitHub. Optional. */
  githubTokenParameter: 'MIRRORWATCH_GITHUB_TOKEN_PARAMETER',
} as const;

/** Of the address of each place of the archive. */
export const addressVariable = (place: string) => `MIRRORWATCH_${place.toUpperCase()}_URL`;

/** Of a stage, in the state machine and in the stack: `check-s3-files` → `CheckS3Files`. */
export const stateName = (stage: string) =>
  stage.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Prefixes of the bucket; the site is at its root, so that its addresses are relative. */
export const PREFIXES = {
  /** The documents (docs/checks.md#documents), with the site the only thing the world sees. */
  data: 'data/',
  /** The files of each commit. */
  trees: 'trees/',
  /** Manifests and reports of runs. */
  runs: 'runs/',
} as const;

/** Partition of the table that holds the runs, sorted by their start. */
export const RUNS = 'RUN';

/** Items of the table (docs/architecture.md has the access patterns). */
export const KEYS = {
  check: (dataset: string, check: string) => ({ pk: `CHECK#${dataset}`, sk: check }),
  run: (start: string) => ({ pk: RUNS, sk: start }),
  lock: { pk: 'LOCK', sk: 'LOCK' },
} as const;

/**
 * Metrics, in this namespace, with the one dimension `service`. `summarize` gives all but two once a
 * run. `fetch-registry` gives RegistryShrank, 1 when the registry shrank, else 0. A function that asks GitHub gives
 * TokenRefused, 1 for an invocation that continues without the token, and nothing otherwise.
 */
export const METRICS_NAMESPACE = 'Mirrorwatch';
export const METRICS = {
  registryShrank: 'RegistryShrank',
  tokenRefused: 'TokenRefused',
  /** Mirrors of the sample that the two readers of git see differently. */
  readersDisagree: 'ReadersDisagree',
  published: 'Published',
  held: 'PublishHeld',
  /** Share of the datasets whose newest attempt failed, 0 to 100. */
  unverifiedPercent: 'UnverifiedPercent',
  unverified: 'Unverified',
  datasets: 'Datasets',
  error: 'StatusError',
  versionMismatch: 'StatusVersionMismatch',
  warning: 'StatusWarning',
  pending: 'StatusPending',
  ok: 'StatusOk',
  durationSeconds: 'DurationSeconds',
  requests: 'Requests',
  bytes: 'Bytes',
  /** Since the registry was last read. */
  registryAgeSeconds: 'RegistryAgeSeconds',
} as const;
/** POWERTOOLS_SERVICE_NAME of every function, and so the value of the dimension `service`. */
export const SERVICE_NAME = 'mirrorwatch';
