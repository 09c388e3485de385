// The deployment settings: the CDK context (`-c mirrorwatch:name=value`, or `context` in cdk.json),
// read once, checked, with defaults. docs/deploy.md has a table of them.

import * as z from 'zod';
import { ARCHIVES } from '../archives/index.ts';
import { BOARD_SETTINGS, readBoardSettings } from '../boards/settings.ts';
import {
  DIGESTS,
  type Digest,
  LABEL,
  NOTIFY_FROM,
  type NotifyFrom,
} from '../core/history/settings.ts';
import { type Archive, checkNames } from '../core/monitor/archive.ts';
import { Problem } from '../core/problem.ts';
import { DEFAULT_STACK } from '../lambdas/names.ts';
import {
  address,
  flag,
  json,
  type Kind,
  kind,
  PREFIX,
  readContext,
  SettingError,
  text,
  webhookAddress,
  whole,
  wrong,
} from './context.ts';
import { LARGE, MOST_DATASETS, memoryOf, sizedFor } from './functions.ts';
import { scheduleOf } from './schedule.ts';

export interface Settings {
  /** Name of the stack; bucket, table and tag have it too. */
  readonly name: string;
  /** CloudFormation refuses to remove the stack. */
  readonly protect: boolean;
  /** EventBridge Scheduler expression in UTC; null for no schedule. */
  readonly schedule: string | null;
  /** The same for looking at what changed; null for never. */
  readonly watch: string | null;
  /** CloudFront before the bucket; emulators support it only in part. */
  readonly cdn: boolean;
  /** Concurrent functions of the file comparison. */
  readonly concurrency: number;
  /** Datasets that the functions are sized for. */
  readonly sizedFor: number;
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
  /** What is chosen of the archive's own options; empty for the first of each. */
  readonly choices: Readonly<Record<string, string>>;
  /**
   * Mirrors of a day's sample that a second git reader also reads; null for the functions' default.
   */
  readonly secondReadings: number | null;
  /** Days for which the registry may be unreadable; null for the functions' own default. */
  readonly registryDays: number | null;
  /** Days that logs, run manifests and replaced versions of objects are kept. */
  readonly retentionDays: number;
  readonly domain: Domain | null;
  /** Where readers open the page; null for the address of CloudFront or the domain. */
  readonly siteUrl: string | null;
  /** Left half of the badges; null for the functions' own default. */
  readonly badgeLabel: string | null;
  /** Subscribed to what changed; null leaves that topic without a subscriber. */
  readonly changesEmail: string | null;
  /** Gets what changed as a signed POST; null for none. */
  readonly webhook: { readonly url: string; readonly secretParameter: string } | null;
  /** The least status that is reported as a fault; null for the functions' own default. */
  readonly notifyFrom: NotifyFrom | null;
  /** How often a message lists all that changed. */
  readonly digest: Digest;
  /** US dollars that the account may cost in a month; null for no budget. */
  readonly monthlyBudget: number | null;
  /** Three dollars a month at list price, more than everything else together. */
  readonly dashboard: boolean;
  /** X-Ray traces of the state machine and its functions. */
  readonly tracing: boolean;
  /** Environment of the functions for saved boards; null for no boards. */
  readonly boards: Readonly<Record<string, string>> | null;
}

export interface Domain {
  readonly name: string;
  /** ACM certificate in us-east-1, where CloudFront looks for it. */
  readonly certificateArn: string;
}

/** Daily, when Europe and America sleep or wake: `fetch-registry` is done before 06:10. */
const DEFAULT_SCHEDULE = 'cron(0 6 * * ? *)';

/** A month of it costs less than 0.30 USD (docs/cost.md). */
const DEFAULT_WATCH = 'rate(1 hour)';

/** CloudWatch Logs accepts only these (PutRetentionPolicy, `retentionInDays`). */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** A bucket's name has 63 characters at most, 29 of which account and region may need. */
const NAME = /^(?=.{1,32}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/;

/** With more, each would have less than one of a host's 32 requests in flight. */
const MOST_FUNCTIONS = 32;

const retentionDays = whole(1, RETENTION_DAYS.at(-1) as number).schema;

/** Everything that can be set, by its name without the prefix. */
const kindsOf = (archive: Archive) => ({
  name: text('up to 32 letters, digits and single hyphens, first a letter', NAME),
  protect: flag,
  schedule: kind('cron(…), rate(…) or off', z.string()),
  watch: kind('cron(…), rate(…) or off', z.string()),
  cdn: flag,
  concurrency: whole(1, MOST_FUNCTIONS),
  datasets: whole(1, MOST_DATASETS),
  memory: json(
    'a JSON object from function to MB, like {"check-s3-files": 2048}',
    z.partialRecord(z.enum(Object.keys(memoryOf(archive, LARGE))), z.int().min(128).max(10_240)),
  ),
  alarmEmail: kind('an e-mail address', z.email()),
  githubTokenParameter: text('a name like /mirrorwatch/github', /^(\/[\w.-]+)+$/),
  archive: addressesOf(archive),
  contactUrl: kind('an http(s) address', address),
  // As the command line's options of these names.
  mirrorAbsent: text('3 to 200 printable ASCII characters', /^(?=.*\S)[\x20-\x7e]{3,200}$/),
  checks: kind(
    `some of ${checkNames(archive).join(',')}`,
    z.string().refine((given) => given.split(',').every((it) => checkNames(archive).includes(it))),
  ),
  newDatasetDays: whole(0, 365),
  choices: choicesOf(archive),
  registryDays: whole(0, 365),
  secondReadings: whole(0, 1000),
  retentionDays: kind(
    `one of ${RETENTION_DAYS.join(', ')}`,
    retentionDays.refine((days) => RETENTION_DAYS.includes(days)),
  ),
  domainName: text('a host name like watch.example.org', z.regexes.domain),
  certificateArn: text(
    'an ACM certificate in us-east-1',
    /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
  ),
  siteUrl: kind('an http(s) address', address),
  badgeLabel: text('1 to 40 characters', LABEL),
  changesEmail: kind('an e-mail address', z.email()),
  webhookUrl: kind('an https address without a user name', webhookAddress),
  webhookSecretParameter: text('a name like /mirrorwatch/webhook', /^(\/[\w.-]+)+$/),
  notifyFrom: kind(`one of ${NOTIFY_FROM.join(', ')}`, z.enum(NOTIFY_FROM)),
  digest: kind(`one of ${DIGESTS.join(', ')}`, z.enum(DIGESTS)),
  // Dollars; AWS knows no budget of nothing, so 0 is none.
  monthlyBudget: whole(0, 100_000),
  dashboard: flag,
  tracing: flag,
  boards: json(
    'a JSON object of settings (docs/boards.md), like {"BOARD_EDIT": "open"}; {} for the usual ones',
    z.partialRecord(
      z.enum(BOARD_SETTINGS),
      z.union([z.string(), z.number(), z.boolean()]).transform(String),
    ),
  ),
});

/** Named like the command line's options: `registryUrl` is the address of the place `registry`. */
function addressesOf({ places }: Archive): Kind<Readonly<Record<string, string | undefined>>> {
  const keys = Object.keys(places).map((place) => `${place}Url`);
  return json(
    `a JSON object with ${keys.join(', ')}, each an http(s) address`,
    z.strictObject(Object.fromEntries(keys.map((key) => [key, address.optional()]))),
  );
}

/** The archive's own options (core/monitor/archive.ts). */
function choicesOf({ choices = {} }: Archive): Kind<Readonly<Record<string, string | undefined>>> {
  const told = Object.entries(choices).map(
    ([name, { values }]) => `${name} (${values.join(', ')})`,
  );
  return json(
    told.length === 0
      ? 'left out: this archive has no options of its own'
      : `a JSON object with ${told.join(' and ')}`,
    z.strictObject(
      Object.fromEntries(
        Object.entries(choices).map(([name, { values }]) => [name, z.enum(values).optional()]),
      ),
    ),
  );
}

/** The names that docs/deploy.md has to have. */
export const settingNames = (archive: Archive = ARCHIVES[0] as Archive): readonly string[] =>
  Object.keys(kindsOf(archive));

/**
 * @param context all of it, CDK's own keys as well
 * @throws SettingError for the first key or value that is not valid
 */
export function readSettings(
  context: Readonly<Record<string, unknown>>,
  archive: Archive = ARCHIVES[0] as Archive,
): Settings {
  const given = readContext(context, kindsOf(archive));
  const { schedule = archive.schedule ?? DEFAULT_SCHEDULE, cdn = true, datasets = LARGE } = given;
  // Who starts runs by hand wants no other ones.
  const isOff = schedule === 'off' || datasets > LARGE;
  const { watch = isOff ? 'off' : DEFAULT_WATCH } = given;
  if (watch !== 'off' && datasets > LARGE) {
    throw wrong(
      'watch',
      watch,
      `must be off for ${datasets} datasets: above ${LARGE} the registry takes longer to read than the function may`,
    );
  }
  const domain = domainOf(given);
  if (domain && !cdn) {
    throw wrong('cdn', false, 'must be true for domainName: CloudFront answers for it');
  }
  return {
    name: given.name ?? DEFAULT_STACK,
    protect: given.protect ?? true,
    schedule: scheduleOf('schedule', schedule),
    watch: scheduleOf('watch', watch),
    cdn,
    concurrency: given.concurrency ?? 8,
    sizedFor: sizedFor(datasets),
    memory: {
      ...memoryOf(archive, datasets),
      ...(given.memory as Readonly<Record<string, number>>),
    },
    alarmEmail: given.alarmEmail ?? null,
    githubTokenParameter: given.githubTokenParameter ?? null,
    addresses: Object.fromEntries(
      Object.entries(archive.places).map(([place, { url }]) => [
        place,
        given.archive?.[`${place}Url`] ?? url,
      ]),
    ),
    contactUrl: given.contactUrl ?? null,
    mirrorAbsent: given.mirrorAbsent ?? null,
    checks: given.checks ?? null,
    newDatasetDays: given.newDatasetDays ?? null,
    choices: Object.fromEntries(
      Object.entries(given.choices ?? {}).filter((one): one is [string, string] => !!one[1]),
    ),
    registryDays: given.registryDays ?? null,
    secondReadings: given.secondReadings ?? null,
    retentionDays: given.retentionDays ?? 30,
    domain,
    siteUrl: given.siteUrl?.replace(/\/+$/, '') ?? null,
    badgeLabel: given.badgeLabel ?? null,
    changesEmail: given.changesEmail ?? null,
    webhook: webhookOf(given),
    notifyFrom: given.notifyFrom ?? null,
    digest: given.digest ?? 'off',
    monthlyBudget: (given.monthlyBudget ?? 5) || null,
    dashboard: given.dashboard ?? false,
    tracing: given.tracing ?? false,
    boards: boardsOf(given.boards),
  };
}

/** The functions would refuse at every request what is refused here. */
function boardsOf(given: Readonly<Record<string, string>> | undefined): Settings['boards'] {
  if (given === undefined) return null;
  try {
    return readBoardSettings(given).on ? given : null;
  } catch (error) {
    if (error instanceof Problem) throw new SettingError(`${PREFIX}boards: ${error.message}`);
    throw error;
  }
}

function webhookOf({
  webhookUrl: url,
  webhookSecretParameter: secretParameter,
}: {
  readonly webhookUrl: string | undefined;
  readonly webhookSecretParameter: string | undefined;
}): Settings['webhook'] {
  if (url === undefined && secretParameter === undefined) return null;
  if (url === undefined)
    throw wrong('webhookSecretParameter', secretParameter, 'needs a webhookUrl');
  if (secretParameter === undefined) {
    throw wrong('webhookUrl', url, 'needs a webhookSecretParameter, which signs the messages');
  }
  return { url, secretParameter };
}

function domainOf({
  domainName,
  certificateArn,
}: {
  readonly domainName: string | undefined;
  readonly certificateArn: string | undefined;
}): Domain | null {
  if (domainName === undefined && certificateArn === undefined) return null;
  if (domainName === undefined) throw wrong('certificateArn', certificateArn, 'needs a domainName');
  if (certificateArn === undefined) {
    throw wrong('domainName', domainName, 'needs a certificateArn');
  }
  return { name: domainName, certificateArn };
}
