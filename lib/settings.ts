// The deployment settings: the CDK context (`-c key=value`, or `context` in cdk.json), read once,
// checked, with defaults. docs/deploy.md has a table of them.

import { ARCHIVES } from '../archives/index.ts';
import { type Archive, checkNames, FIRST_STAGE, LAST_STAGE } from '../core/monitor/archive.ts';

/** Divides the measurements of a later level into shards. */
export const PLAN = 'plan';

/** The functions of an archive's pipeline. */
export function pipelineStages({ measurements }: Archive): readonly string[] {
  return [FIRST_STAGE, ...measurements.map(({ id }) => id), PLAN, LAST_STAGE];
}

export interface Settings {
  /** EventBridge Scheduler expression in UTC; null for no schedule. */
  readonly schedule: string | null;
  /** CloudFront before the bucket; emulators support it only in part. */
  readonly cdn: boolean;
  /** Concurrent functions of the file comparison. */
  readonly concurrency: number;
  /** Megabytes of each function. */
  readonly memory: Readonly<Record<string, number>>;
  /** Subscribed to the alarms; null leaves the topic without a subscriber. */
  readonly alarmEmail: string | null;
  /** Name of an SSM SecureString with a GitHub token, with its leading slash; null for none. */
  readonly githubTokenParameter: string | null;
  /** Addresses of the monitored archive, by place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** A contact for the hosts that we send requests to; null for none. */
  readonly contactUrl: string | null;
  /** The mirror host's text for a repository that does not exist; null for GitHub's and git's. */
  readonly mirrorAbsent: string | null;
  /** The enabled content checks, comma-separated; null for all of them. */
  readonly checks: string | null;
  /** Days that a new dataset's copies may take to appear; null for the functions' own default. */
  readonly newDatasetDays: number | null;
  /**
   * Mirrors of a day's sample that a second git reader also reads; null for the functions' default.
   */
  readonly secondReadings: number | null;
  /** Days for which the registry may be unreadable; null for the functions' own default. */
  readonly registryDays: number | null;
  /** Days that logs, run manifests and replaced versions of objects are kept. */
  readonly retentionDays: number;
  readonly domain: Domain | null;
  /** Three dollars a month at list price, the largest single line of docs/cost.md. */
  readonly dashboard: boolean;
  /** X-Ray traces of the state machine and its functions. */
  readonly tracing: boolean;
}

export interface Domain {
  readonly name: string;
  /** ACM certificate in us-east-1, where CloudFront looks for it. */
  readonly certificateArn: string;
}

/** Daily, when Europe and America sleep or wake: `fetch-registry` is done before 06:10. */
const DEFAULT_SCHEDULE = 'cron(0 6 * * ? *)';

/**
 * Twice the worst case that the benchmark measured on the archive, and at least 512 MB: with less,
 * a function has little room and starts slowly. docs/aws.md, "What the functions need", has the
 * figures.
 */
const memoryOf = ({ measurements }: Archive): Record<string, number> => ({
  [FIRST_STAGE]: 512,
  ...Object.fromEntries(measurements.map(({ id, workers }) => [id, workers.memory])),
  [PLAN]: 512,
  [LAST_STAGE]: 1024,
});

/** CloudWatch Logs accepts only these (PutRetentionPolicy, `retentionInDays`). */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** A setting that cannot be deployed. The message names it and says what is valid. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** Looks up a context key; undefined when it is not set. */
export type ContextLookup = (key: string) => unknown;

/**
 * @param context values are text from `-c` and JSON from cdk.json; both are accepted
 * @throws SettingError for the first invalid value
 */
export function readSettings(
  context: ContextLookup,
  archive: Archive = ARCHIVES[0] as Archive,
): Settings {
  const schedule = text(context, 'schedule') ?? DEFAULT_SCHEDULE;
  if (schedule !== 'off' && !/^(cron|rate)\(.+\)$/.test(schedule)) {
    throw wrong('schedule', schedule, 'cron(…), rate(…) or off');
  }
  const retentionDays = count(context, 'retentionDays') ?? 30;
  if (!RETENTION_DAYS.includes(retentionDays)) {
    throw wrong('retentionDays', retentionDays, `one of ${RETENTION_DAYS.join(', ')}`);
  }
  const githubTokenParameter = text(context, 'githubTokenParameter') ?? null;
  if (githubTokenParameter !== null && !/^(\/[\w.-]+)+$/.test(githubTokenParameter)) {
    throw wrong('githubTokenParameter', githubTokenParameter, 'a name like /mirrorwatch/github');
  }
  const alarmEmail = text(context, 'alarmEmail') ?? null;
  if (alarmEmail !== null && !/^[^\s@]+@[^\s@]+$/.test(alarmEmail)) {
    throw wrong('alarmEmail', alarmEmail, 'an e-mail address');
  }
  const contactUrl = text(context, 'contactUrl') ?? null;
  if (contactUrl !== null && !isAddress(contactUrl)) {
    throw wrong('contactUrl', contactUrl, 'an http(s) address');
  }
  const cdn = flag(context, 'cdn') ?? true;
  const domain = readDomain(context);
  if (domain && !cdn)
    throw new SettingError('domainName needs cdn=true: CloudFront answers for it');
  return {
    schedule: schedule === 'off' ? null : schedule,
    cdn,
    concurrency: count(context, 'concurrency') ?? 8,
    memory: readMemory(context, archive),
    alarmEmail,
    githubTokenParameter,
    addresses: readAddresses(context, archive),
    contactUrl,
    mirrorAbsent: text(context, 'mirrorAbsent') ?? null,
    checks: readChecks(context, archive),
    newDatasetDays: wholeNumber(context, 'newDatasetDays', 365),
    registryDays: wholeNumber(context, 'registryDays', 365),
    secondReadings: wholeNumber(context, 'secondReadings', 1000),
    retentionDays,
    domain,
    dashboard: flag(context, 'dashboard') ?? true,
    tracing: flag(context, 'tracing') ?? false,
  };
}

function readMemory(context: ContextLookup, archive: Archive): Settings['memory'] {
  const given = json(context, 'memory');
  const usual = memoryOf(archive);
  if (given === undefined) return usual;
  const expected = 'a JSON object from function to MB, like {"check-s3-files": 2048}';
  if (!isRecord(given)) throw wrong('memory', given, expected);
  for (const [name, megabytes] of Object.entries(given)) {
    const known = Object.hasOwn(usual, name);
    const possible = Number.isInteger(megabytes) && inRange(megabytes as number, 128, 10_240);
    if (!known || !possible) throw wrong('memory', given, expected);
  }
  return { ...usual, ...(given as Readonly<Record<string, number>>) };
}

/** Same as the command line's option of that name. */
function readChecks(context: ContextLookup, archive: Archive): string | null {
  const given = text(context, 'checks') ?? null;
  const known = checkNames(archive);
  if (given?.split(',').some((name) => !known.includes(name))) {
    throw wrong('checks', given, `some of ${known.join(',')}`);
  }
  return given;
}

/** From 0, which disables it; null when it is not set. */
function wholeNumber(context: ContextLookup, key: string, most: number): number | null {
  const given = context(key);
  if (given === undefined) return null;
  const value = /^\d{1,4}$/.test(String(given)) ? Number(given) : Number.NaN;
  if (!inRange(value, 0, most)) throw wrong(key, given, `a number from 0 to ${most}`);
  return value;
}

/** Named like the command line's options: `registryUrl` is the address of the place `registry`. */
function readAddresses(context: ContextLookup, { places }: Archive): Settings['addresses'] {
  const given = json(context, 'archive') ?? {};
  const keys = Object.keys(places).map((place) => `${place}Url`);
  const expected = `a JSON object with ${keys.join(', ')}, each an http(s) address`;
  if (!isRecord(given)) throw wrong('archive', given, expected);
  for (const [key, url] of Object.entries(given)) {
    if (!keys.includes(key) || !isAddress(url)) throw wrong('archive', given, expected);
  }
  return Object.fromEntries(
    Object.entries(places).map(([place, { url }]) => [
      place,
      (given[`${place}Url`] as string | undefined) ?? url,
    ]),
  );
}

function readDomain(context: ContextLookup): Domain | null {
  const name = text(context, 'domainName');
  const certificateArn = text(context, 'certificateArn');
  if (name === undefined && certificateArn === undefined) return null;
  if (name === undefined || certificateArn === undefined) {
    throw new SettingError('domainName and certificateArn go together: set both or neither');
  }
  if (!/^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/.+$/.test(certificateArn)) {
    throw wrong('certificateArn', certificateArn, 'an ACM certificate in us-east-1');
  }
  return { name, certificateArn };
}

function text(context: ContextLookup, key: string): string | undefined {
  const value = context(key);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw wrong(key, value, 'text');
  return value;
}

function flag(context: ContextLookup, key: string): boolean | undefined {
  const value = context(key);
  if (value === undefined || typeof value === 'boolean') return value;
  if (value !== 'true' && value !== 'false') throw wrong(key, value, 'true or false');
  return value === 'true';
}

function count(context: ContextLookup, key: string): number | undefined {
  const value = context(key);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw wrong(key, value, 'a number from 1');
  return number;
}

function json(context: ContextLookup, key: string): unknown {
  const value = context(key);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw new SettingError(`${key} is no JSON: ${value}`, { cause });
  }
}

const isAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const inRange = (value: number, least: number, most: number) => value >= least && value <= most;
const wrong = (key: string, value: unknown, expected: string) =>
  new SettingError(`${key} cannot be ${JSON.stringify(value)}: it takes ${expected}`);
