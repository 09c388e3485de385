// The names that the stack (lib), the functions (lambdas) and the AWS commands (bin/aws) share.
// This file imports nothing, so any module may import it.

/** The stack without a name of its own, and the one that the commands look for. */
export const DEFAULT_STACK = 'Mirrorwatch';

/**
 * Names of the errors that functions throw. Emulators do not pass names on, so the last retry is
 * for States.ALL, and these come before it.
 */
/** The event or the execution's input is invalid. Not retried. */
export const INVALID_INPUT = 'InvalidInput';
/** Thrown when time is nearly up. The state machine retries, and done datasets are skipped. */
export const OUT_OF_TIME = 'OutOfTime';
/** Thrown when another run holds the lock: a late child of an old run. Not retried. */
export const SUPERSEDED = 'Superseded';

/** A scheduled start waited in vain for the run before it. Our own Fail state. */
export const NO_TURN = 'AnotherRunDidNotEnd';

/** Input of the executions that the schedule starts (lambdas/contract.ts). */
export const SCHEDULED = { scheduled: true } as const;

/** The state machine stops an execution that takes longer, its waiting for its turn included. */
export const LONGEST_RUN_MS = 8 * 60 * 60 * 1000;

/** Environment of the functions. Set in lib/ from props, read only in lambdas/context.ts and curve.lambda.ts. */
export const ENVIRONMENT = {
  bucket: 'MIRRORWATCH_BUCKET',
  table: 'MIRRORWATCH_TABLE',
  /** Id of the archive. */
  archive: 'MIRRORWATCH_ARCHIVE',
  /** The measurement that the function makes, if any. */
  measurement: 'MIRRORWATCH_MEASUREMENT',
  /** The mirror host's text for a repository that does not exist. Optional. */
  mirrorAbsent: 'MIRRORWATCH_MIRROR_ABSENT',
  /** Datasets in work at once in one function. */
  concurrency: 'MIRRORWATCH_CONCURRENCY',
  /** The map's MaxConcurrency: each function keeps to its share of a host's limits. Default: 1. */
  shardsAtOnce: 'MIRRORWATCH_SHARDS_AT_ONCE',
  /** The enabled checks, comma-separated (core/monitor/archive.ts). Default: all. */
  checks: 'MIRRORWATCH_CHECKS',
  /** Days that a new dataset's copies may take to appear. Default: core/monitor/new-entries.ts. */
  newDatasetDays: 'MIRRORWATCH_NEW_DATASET_DAYS',
  /** What is chosen of the archive's own options, as a JSON object. Default: of each the first. */
  choices: 'MIRRORWATCH_CHOICES',
  /** Days for which the registry may be unreadable. Default: core/monitor/hold.ts. */
  registryDays: 'MIRRORWATCH_REGISTRY_DAYS',
  /** Hours between two starts of the schedule, at most. Absent where runs are started by hand. */
  runEveryHours: 'MIRRORWATCH_RUN_EVERY_HOURS',
  /** The same of the looks at what changed. Absent where there are none. */
  watchEveryHours: 'MIRRORWATCH_WATCH_EVERY_HOURS',
  /** So many datasets the stack is sized for. Only of the function that publishes. */
  datasets: 'MIRRORWATCH_DATASETS',
  /** Mirrors of a day's sample that the second git reader also reads. Default: 10. */
  secondReadings: 'MIRRORWATCH_SECOND_READINGS',
  /** A contact for the hosts that we send requests to, in the User-Agent. Optional. */
  contactUrl: 'MIRRORWATCH_CONTACT_URL',
  /** Topic of the alarms. Only of functions that end a run. Optional. */
  topic: 'MIRRORWATCH_TOPIC',
  /** Address of the site. Only of the function that publishes; without it, it asks the bucket. */
  siteUrl: 'MIRRORWATCH_SITE_URL',
  /** The least status that is reported as a fault. Default: core/history/settings.ts. */
  notifyFrom: 'MIRRORWATCH_NOTIFY_FROM',
  /** How often a message lists all that changed. Default: off. */
  digest: 'MIRRORWATCH_DIGEST',
  /** Left half of the badges. Default: core/history/settings.ts. */
  badgeLabel: 'MIRRORWATCH_BADGE_LABEL',
  /** Topic of what changed. Only of the function that publishes. Optional. */
  changesTopic: 'MIRRORWATCH_CHANGES_TOPIC',
  /** Gets the same as a signed POST. Optional. */
  webhookUrl: 'MIRRORWATCH_WEBHOOK_URL',
  /** Name of an SSM SecureString that signs it. */
  webhookSecretParameter: 'MIRRORWATCH_WEBHOOK_SECRET_PARAMETER',
  /** `true` for the metrics that only the dashboard shows. Default: they are not sent. */
  dashboard: 'MIRRORWATCH_DASHBOARD',
  /** ARN of the state machine, for the function that starts runs over what changed. */
  stateMachine: 'MIRRORWATCH_STATE_MACHINE',
  /** Name of an SSM SecureString. Only if the function sends requests to GitHub. Optional. */
  githubTokenParameter: 'MIRRORWATCH_GITHUB_TOKEN_PARAMETER',
} as const;

/** The variable for the address of a place of the archive. */
export const addressVariable = (place: string) => `MIRRORWATCH_${place.toUpperCase()}_URL`;

/** Name of a stage in the state machine and the stack: `check-s3-files` → `CheckS3Files`. */
export const stateName = (stage: string) =>
  stage.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * What each archive has in the stack under a name of its own: `Pipeline`, `PipelineToy`. Its metrics have
 * the stack's name as their service, made so.
 * @param folder of the archive (core/documents/paths.ts)
 */
export const nameFor = (what: string, folder: string) =>
  `${what}${stateName(folder.replace('/', ''))}`;

/** The function that looks every hour whether anything has changed. */
export const WATCH = 'watch';

/**
 * Prefixes of the bucket. The site is at its root, so its addresses are relative. An archive's own
 * are in its folder below these.
 */
export const PREFIXES = {
  /** The documents (docs/checks.md#documents). Only these and the site are public. */
  data: 'data/',
  /** The files of each commit. */
  trees: 'trees/',
  /** Manifests and reports of runs. */
  runs: 'runs/',
} as const;

/**
 * Kept trees expire so many days after they were last written. One that is still read is written
 * again after `renewed`, so those that no tag names any more are the ones that go.
 */
export const TREE_DAYS = { renewed: 60, kept: 90 } as const;

/** Below `runs/`: what the hourly look asked of faulty datasets. It expires like the files of runs. */
export const MARKS_FILE = 'marks.json';

/**
 * Items of an archive in the table (docs/architecture.md has the access patterns). Runs are sorted
 * by their start.
 * @param folder of the archive
 */
export const keysOf = (folder: string) => ({
  check: (dataset: string, check: string) => ({ pk: `${folder}CHECK#${dataset}`, sk: check }),
  run: (start: string) => ({ pk: `${folder}RUN`, sk: start }),
  lock: { pk: `${folder}LOCK`, sk: 'LOCK' },
});

/**
 * Partition of the table with what the functions tell each other about the hosts they ask: those of
 * all archives, since a host's limits are for all of them.
 */
export const HOSTS = 'HOST';
/** @param host with its port, where that is not the usual one */
export const hostKey = (host: string) => ({ pk: HOSTS, sk: host });

/**
 * Metrics in this namespace have one dimension, `service`: the name of the stack, so that two stacks
 * in one account do not ring each other's alarms. A custom metric costs 0.30 dollars a month where it
 * is sent every hour (docs/cost.md), so these two are all that a deployment without a dashboard sends.
 */
export const METRICS_NAMESPACE = 'Mirrorwatch';
export const ALARM_METRICS = {
  /** 1 where a whole run was published, 0 where it was not. Runs over a part send nothing. */
  published: 'Published',
  /** How many problems (lambdas/problems.ts) there are; sent by whole runs, and when it changes. */
  problems: 'Problems',
  /** Since the last whole run was published. Only where runs are too rare to count them. */
  silentHours: 'HoursSincePublished',
} as const;
/** Counted every night, if there are boards. */
export const BOARD_BYTES = 'BoardBytes';
/** What a whole run of `summarize` counts, for the dashboard. */
export const METRICS = {
  unverified: 'Unverified',
  datasets: 'Datasets',
  error: 'StatusError',
  versionMismatch: 'StatusVersionMismatch',
  warning: 'StatusWarning',
  pending: 'StatusPending',
  ok: 'StatusOk',
  /** Shards of which some datasets were not measured. */
  shardsLost: 'ShardsLost',
  /** Functions that began a shard and reported no end of it. */
  functionsDied: 'FunctionsDied',
  /** Percentage of the datasets of which every check was measured, or still holds. */
  coveredPercent: 'CoveredPercent',
  /** Of all checks but those whose answers hold for days. */
  oldestVerdictHours: 'OldestVerdictHours',
  durationSeconds: 'DurationSeconds',
  requests: 'Requests',
  bytes: 'Bytes',
  /** Since the last successful read of the registry. */
  registryAgeSeconds: 'RegistryAgeSeconds',
} as const;

/** Environment of the functions for boards, beside their settings (boards/settings.ts). */
export const BOARDS_ENVIRONMENT = {
  /** Name of the table. */
  table: 'MIRRORWATCH_BOARDS_TABLE',
  /** Name of the function that evicts. Only of the one that writes boards. */
  evict: 'MIRRORWATCH_BOARDS_EVICT',
} as const;

/** In the bundles of the functions for boards: the words that a board may use. */
export const VOCABULARY_FILE = 'vocabulary.json';

/**
 * Headers that CloudFront sets before it signs a request, which replaces `Authorization`: who asks,
 * and the edit key. Nobody else reaches the function.
 */
export const VIEWER_HEADERS = {
  address: 'x-mirrorwatch-address',
  authorization: 'x-mirrorwatch-authorization',
} as const;

/** Items of the table of boards (docs/boards.md). */
export const BOARDS_TABLE = {
  board: (id: string) => `BOARD#${id}`,
  idOf: (pk: string) => pk.slice('BOARD#'.length),
  sortKey: 'BOARD',
  totals: { pk: 'TOTALS', sk: 'TOTALS' },
  /** Writes of a client on a day. @param name a hash of its address */
  client: (name: string, day: number) => ({ pk: `RATE#${name}`, sk: String(day) }),
  /** What clients are hashed with. */
  secret: (day: number) => ({ pk: 'SECRET', sk: String(day) }),
  /** Of boards that may be evicted, by their last use: those that have `key`. */
  index: { name: 'evictable', key: 'ev', value: 'E' },
} as const;
