// Permissions: every role of the template against the list written here. A new permission fails
// until someone writes it down, and a pattern needs a reason beside it.

import { describe, expect, test } from 'vitest';
import type { Archive } from '../../core/monitor/archive.ts';
import { permissionsOf } from '../../lib/pipeline/permissions.ts';
import { toy } from '../contract/toy/index.ts';
import { inOneLine, resourcesOf, templateOf } from './synthesize.ts';

interface Allowed {
  readonly actions: readonly string[];
  readonly on: readonly string[];
  /** Why a resource is a pattern. */
  readonly why?: string;
  /** Denied, even if something else allows it. */
  readonly never?: true;
  /** Pattern of the keys' partition. */
  readonly keys?: string;
}

const BUCKET = '<ResultsBucket.Arn>';
const TABLE = '<ResultsTable.Arn>';
const ANY_DATASET = 'the archive decides which datasets and snapshots there are';
const ANY_RUN = 'runs are named by their start';

const ownLogs = (name: string): Allowed => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  on: [`<${name}Logs.Arn>`],
});
const readsOf = (...keys: string[]): Allowed => ({
  actions: ['s3:GetObject'],
  on: keys.map((key) => `${BUCKET}/${key}`),
  why: `${ANY_DATASET}; ${ANY_RUN}; trees are kept by commit`,
});
const writesOf = (why: string, ...keys: string[]): Allowed => ({
  actions: ['s3:PutObject'],
  on: keys.map((key) => `${BUCKET}/${key}`),
  why,
});
/** The publisher lists; for the others it tells an absent key from a denied one. */
const lists: Allowed = { actions: ['s3:ListBucket'], on: [BUCKET] };
const tableOf = (keys: string | null, ...verbs: string[]): Allowed => ({
  actions: verbs.map((verb) => `dynamodb:${verb}`),
  on: [TABLE],
  ...(keys !== null && { keys }),
});
/** Functions that end a run tell the operator. */
const tells: Allowed = { actions: ['sns:Publish'], on: ['<AlarmsTopic>'] };
/** The one that publishes tells what changed. */
const tellsChanges: Allowed = { actions: ['sns:Publish'], on: ['<ChangesTopic>'] };
const LOCK = tableOf('LOCK', 'GetItem', 'UpdateItem');
const HOSTS = tableOf('HOST', 'Query', 'UpdateItem');
const recordsOf = (...verbs: string[]) => tableOf('CHECK#*', ...verbs);
const RUN_RECORDS = tableOf('RUN', 'PutItem', 'Query');

const EXECUTION =
  'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<PipelineRun.Name>';

const FUNCTIONS = [
  '<PipelineCheckDeprecatedFunction.Arn>',
  '<PipelineCheckDoiFunction.Arn>',
  '<PipelineCheckGithubFunction.Arn>',
  '<PipelineCheckLeftoversFunction.Arn>',
  '<PipelineCheckS3FilesFunction.Arn>',
  '<PipelineCheckS3VersionFunction.Arn>',
  '<PipelineFetchRegistryFunction.Arn>',
  '<PipelinePlanFunction.Arn>',
  '<PipelineSummarizeFunction.Arn>',
];
const UNDELIVERED = '<PipelineUndelivered.Arn>';

const EXPECTED: Readonly<Record<string, readonly Allowed[]>> = {
  PipelineFetchRegistryRole: [
    ownLogs('PipelineFetchRegistry'),
    readsOf('data/*', 'runs/2*'),
    writesOf(
      `${ANY_DATASET}; ${ANY_RUN}`,
      'data/datasets-registry.json',
      'data/datasets/*/metadata.json',
      'data/datasets/*/snapshots.json',
      'data/status.json',
      'data/summary.html',
      'runs/2*',
    ),
    lists,
    tells,
    LOCK,
    HOSTS,
    RUN_RECORDS,
    recordsOf('Query'),
    {
      actions: ['states:DescribeExecution'],
      on: [`${EXECUTION}:*`],
      why: 'Step Functions makes up the names of executions, and one of them has the lock',
    },
  ],
  PipelineCheckGithubRole: [
    ownLogs('PipelineCheckGithub'),
    readsOf('data/*', 'runs/2*'),
    writesOf(`${ANY_DATASET}; ${ANY_RUN}`, 'data/datasets/*/github.json', 'runs/2*'),
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelineCheckS3VersionRole: [
    ownLogs('PipelineCheckS3Version'),
    readsOf('data/*', 'runs/2*'),
    writesOf(`${ANY_DATASET}; ${ANY_RUN}`, 'data/datasets/*/s3-version.json', 'runs/2*'),
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelineCheckDoiRole: [
    ownLogs('PipelineCheckDoi'),
    readsOf('data/*', 'runs/2*'),
    writesOf(`${ANY_DATASET}; ${ANY_RUN}`, 'data/datasets/*/doi.json', 'runs/2*'),
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelineCheckDeprecatedRole: [
    ownLogs('PipelineCheckDeprecated'),
    readsOf('data/*', 'runs/2*'),
    writesOf(`${ANY_DATASET}; ${ANY_RUN}`, 'data/datasets/*/deprecated.json', 'runs/2*'),
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelineCheckLeftoversRole: [
    ownLogs('PipelineCheckLeftovers'),
    readsOf('data/*', 'runs/2*'),
    writesOf(ANY_RUN, 'data/leftovers.json', 'runs/2*'),
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelinePlanRole: [
    ownLogs('PipelinePlan'),
    readsOf('runs/2*'),
    writesOf(ANY_RUN, 'runs/2*'),
    lists,
    LOCK,
    tableOf('HOST', 'Query'),
    recordsOf('Query'),
  ],
  PipelineCheckS3FilesRole: [
    ownLogs('PipelineCheckS3Files'),
    readsOf('data/*', 'runs/2*', 'trees/*'),
    writesOf(
      `${ANY_DATASET}; ${ANY_RUN}; trees are kept by commit`,
      'data/datasets/*/annex-record.json',
      'data/datasets/*/causes.json',
      'data/datasets/*/files.json',
      'data/datasets/*/s3-access.json',
      'data/datasets/*/s3-content.json',
      'data/datasets/*/s3-diff.json',
      'runs/2*',
      'trees/*',
    ),
    {
      actions: ['s3:DeleteObject'],
      on: [`${BUCKET}/data/datasets/*/s3-diff.json`],
      why: `${ANY_DATASET}; there is none where nothing was compared`,
    },
    lists,
    LOCK,
    HOSTS,
    recordsOf('PutItem', 'Query'),
  ],
  PipelineSummarizeRole: [
    ownLogs('PipelineSummarize'),
    readsOf('data/*', 'runs/2*'),
    writesOf(
      `what is published, and the documents of checks whose function died: ${ANY_DATASET}`,
      'data/all-datasets.json',
      'data/archives.json',
      'data/badges/openneuro.json',
      'data/badges/openneuro.svg',
      'data/datasets/*/annex-record.json',
      'data/datasets/*/badge.json',
      'data/datasets/*/badge.svg',
      'data/datasets/*/deprecated.json',
      'data/datasets/*/doi.json',
      'data/datasets/*/feed.atom',
      'data/datasets/*/github.json',
      'data/datasets/*/history.json',
      'data/datasets/*/s3-access.json',
      'data/datasets/*/s3-content.json',
      'data/datasets/*/s3-diff.json',
      'data/datasets/*/s3-version.json',
      'data/history/changes/*.json',
      'data/history/counts/*.json',
      'data/history/index.json',
      'data/history/notices.json',
      'data/history/runs/*',
      'data/history/sent.json',
      'data/history/series.json',
      'data/history/sync.json',
      'data/index.json',
      'data/leftovers.json',
      'data/feeds/openneuro.atom',
      'data/names.json',
      'data/schema/*.schema.json',
      'data/status.json',
      'data/summary*.json',
      'data/summary.html',
      'data/timestamps/*.json',
    ),
    {
      actions: ['s3:DeleteObject'],
      on: [`${BUCKET}/data/datasets/*`],
      why: `${ANY_DATASET}; of a withdrawn one nothing stays`,
    },
    lists,
    tells,
    tellsChanges,
    LOCK,
    HOSTS,
    RUN_RECORDS,
    recordsOf('DeleteItem', 'PutItem', 'Query'),
    tableOf(null, 'Scan'),
  ],
  PipelineWatchRole: [
    ownLogs('PipelineWatch'),
    readsOf('data/*', 'runs/marks.json'),
    writesOf('one key', 'runs/marks.json'),
    lists,
    HOSTS,
    { actions: ['states:StartExecution'], on: ['<PipelineRun>'] },
    { actions: ['sqs:SendMessage'], on: [UNDELIVERED] },
  ],
  PipelineWatchSchedulerRole: [
    { actions: ['lambda:InvokeFunction'], on: ['<PipelineWatchFunction.Arn>'] },
    { actions: ['sqs:SendMessage'], on: [UNDELIVERED] },
  ],
  PipelineRunRole: [
    {
      actions: ['lambda:InvokeFunction'],
      on: FUNCTIONS.map((arn) => `${arn}:*`),
      why: 'a run calls the versions of functions that it began with',
    },
    {
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      on: ['*'],
      why: 'log deliveries are settings of the account and have no ARN',
    },
    { actions: ['states:StartExecution'], on: ['<PipelineRun>'] },
    {
      actions: ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'],
      on: [`${EXECUTION}/*`, `${EXECUTION}:*`],
      why: 'Step Functions makes up the names of the executions that a map starts',
    },
  ],
  PipelineRecordEndRole: [
    ownLogs('PipelineRecordEnd'),
    readsOf('data/*'),
    writesOf('one key each', 'data/status.json', 'data/summary.html'),
    lists,
    tells,
    LOCK,
    tableOf('HOST', 'Query'),
    tableOf('CHECK#openneuro', 'Query'),
    RUN_RECORDS,
    { actions: ['sqs:SendMessage'], on: [UNDELIVERED] },
  ],
  PipelineOldVersionsRemoverRole: [
    ownLogs('PipelineOldVersionsRemover'),
    { actions: ['lambda:ListVersionsByFunction'], on: FUNCTIONS },
    {
      actions: ['lambda:DeleteFunction'],
      on: FUNCTIONS.map((arn) => `${arn}:*`),
      why: 'versions, by their numbers; without one it would be the function',
    },
  ],
  SchedulerRole: [
    { actions: ['states:StartExecution'], on: ['<PipelineRun>'] },
    { actions: ['sqs:SendMessage'], on: [UNDELIVERED] },
  ],
  WebsiteCurveRole: [
    ownLogs('WebsiteCurve'),
    {
      actions: ['s3:GetObject'],
      on: ['archives.json', 'history/*', 'datasets/*/history.json'].map(
        (path) => `${BUCKET}/data/${path}`,
      ),
      why: `a file of every month; ${ANY_DATASET}`,
    },
    lists,
  ],
  WebsitePublisherRole: [
    ownLogs('WebsitePublisher'),
    writesOf(
      "the site's own folders: hashes in the names of files",
      '404.html',
      'assets/*',
      'dataset.html',
      'index.html',
      'plain.css',
    ),
    lists,
    {
      actions: ['s3:DeleteObject'],
      on: [`${BUCKET}/*`],
      why: 'files of earlier builds have names that this one does not know',
    },
    {
      actions: ['s3:DeleteObject'],
      on: ['data/*', 'trees/*', 'runs/*'].map((key) => `${BUCKET}/${key}`),
      why: 'results are in the same bucket',
      never: true,
    },
  ],
};

const pairs = (allowed: readonly Allowed[]): string[] =>
  allowed
    .flatMap(({ actions, on, never, keys }) =>
      actions.flatMap((a) =>
        on.map((r) => `${never ? 'never ' : ''}${a} on ${r}${keys ? ` of ${keys}` : ''}`),
      ),
    )
    .sort();

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Role → `action on resource`, from the template. */
function grantedIn(template: ReturnType<typeof templateOf>): Map<string, string[]> {
  const granted = new Map<string, string[]>();
  for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Policy')) {
    for (const role of Properties.Roles.map(inOneLine)) {
      // The scheduler's role has a hash in the middle of its name.
      const name = role.slice(1, -1).replace(/^SchedulerRole.*/, 'SchedulerRole');
      const statements: Allowed[] = Properties.PolicyDocument.Statement.map((one: Statement) => {
        const keys = one.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
        return {
          actions: [one.Action].flat(),
          on: [one.Resource].flat().map(inOneLine),
          ...(one.Effect === 'Deny' && { never: true }),
          ...(keys && { keys: keys.join() }),
        };
      });
      granted.set(name, [...(granted.get(name) ?? []), ...pairs(statements)].sort());
    }
  }
  return granted;
}

describe('permissions', () => {
  const granted = grantedIn(templateOf());

  test('every role of the stack is on the list', () => {
    expect([...granted.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
    expect(resourcesOf(templateOf(), 'AWS::IAM::Role')).toHaveLength(Object.keys(EXPECTED).length);
  });

  test.each(Object.entries(EXPECTED))('%s may do what is listed and nothing else', (role, list) => {
    expect(granted.get(role)).toEqual(pairs(list));
  });

  test('every pattern has a reason, and none is an action', () => {
    for (const { actions, on, why } of Object.values(EXPECTED).flat()) {
      expect(actions.join()).not.toContain('*');
      if (on.some((resource) => resource.includes('*'))) expect(why).toMatch(/\w{4}/);
    }
  });

  test('no role has a managed policy, and each trusts one service, for this account', () => {
    for (const [, { Properties }] of resourcesOf(templateOf(), 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      const [trust, ...others] = Properties.AssumeRolePolicyDocument.Statement;
      expect(others).toEqual([]);
      expect(trust.Principal.Service).toMatch(/^(lambda|states|scheduler)\.amazonaws\.com$/);
      expect(trust.Condition.StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    }
  });

  test('where runs are too rare to count, a function reads the records and nothing else', () => {
    const rare = grantedIn(templateOf({ schedule: 'rate(7 days)' }));
    expect(rare.get('PipelineWatchSilenceRole')).toEqual(
      pairs([ownLogs('PipelineWatchSilence'), tableOf('HOST', 'Query'), tableOf('RUN', 'Query')]),
    );
  });

  test('the canary reads the files of the site without CloudFront, and no other function does', () => {
    const plain = grantedIn(templateOf({ cdn: 'false' }));
    const site = ['assets/*', 'dataset.html', 'index.html'];
    const readers = [...plain].filter(([, list]) =>
      site.every((key) => list.includes(`s3:GetObject on ${BUCKET}/${key}`)),
    );
    expect(readers.map(([role]) => role)).toEqual(['PipelineSummarizeRole']);
    expect(granted.get('PipelineSummarizeRole')?.join()).not.toContain('index.html');
  });

  test('only the function that publishes may read the secret of a webhook', () => {
    const webhookSecretParameter = '/mirrorwatch/webhook';
    const granted = grantedIn(
      templateOf({ webhookUrl: 'https://hooks.example.org/in', webhookSecretParameter }),
    );
    const readers = [...granted].filter(([, list]) => list.join().includes('ssm:'));
    expect(readers.map(([role]) => role)).toEqual(['PipelineSummarizeRole']);
    expect(readers[0]?.[1].join()).toContain(`:parameter${webhookSecretParameter}`);
  });

  test('the parameter of a GitHub token may be read only where GitHub is asked', () => {
    const granted = grantedIn(templateOf({ githubTokenParameter: '/mirrorwatch/github' }));
    const readers = Object.fromEntries(
      [...granted].flatMap(([role, list]) => {
        const own = list.filter((pair) => pair.startsWith('ssm:'));
        return own.length > 0 ? [[role, own]] : [];
      }),
    );
    const parameter =
      'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/mirrorwatch/github';
    const read = [`ssm:GetParameter on ${parameter}`];
    expect(readers).toEqual({
      PipelineCheckGithubRole: read,
      PipelineCheckS3FilesRole: read,
      PipelineWatchRole: read,
    });
  });
});

test('a check of the whole archive may write its document beside the list, and no other', () => {
  const { write } = permissionsOf(toy as Archive, 'check-list');
  expect(write).toEqual(['data/toy/list.json', 'runs/toy/*']);
});
