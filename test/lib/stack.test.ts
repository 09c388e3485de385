// The stack as CloudFormation will see it: what is public, what is kept, what is retried, and who
// is notified.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  DOI_URL,
  EXPORT_URL,
  MIRROR_URL,
  REGISTRY_URL,
} from '../../archives/openneuro/endpoints.ts';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import { addressVariable, ENVIRONMENT, METRICS_NAMESPACE } from '../../lambdas/names.ts';
import { PROBLEMS } from '../../lambdas/problems.ts';
import { inOneLine, ROOT, resourcesOf, stackOf, templateOf } from './synthesize.ts';

const template = templateOf();
/** Every non-default choice that can be combined. */
const CHOSEN = {
  schedule: 'rate(6 hours)',
  concurrency: '12',
  retentionDays: '90',
  alarmEmail: 'watch@example.org',
  githubTokenParameter: '/mirrorwatch/github',
  contactUrl: 'https://example.org',
  mirrorAbsent: 'realm="GitLab"',
  checks: 's3Content,s3Access,annexRecord',
  newDatasetDays: '14',
  secondReadings: '5',
  registryDays: '7',
  domainName: 'watch.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/abc',
  monthlyBudget: '20',
  dashboard: 'true',
  tracing: 'true',
  siteUrl: 'https://watch.example.org/mirrors',
  badgeLabel: 'mirrors',
  webhookUrl: 'https://hooks.example.org/in',
  webhookSecretParameter: '/mirrorwatch/webhook',
  notifyFrom: 'error',
  digest: 'weekly',
};
const BARE = { cdn: 'false', schedule: 'off', monthlyBudget: '0' };
const only = (type: string, choices = {}) => {
  const [first, ...others] = resourcesOf(templateOf(choices), type);
  expect(others).toEqual([]);
  return first?.[1].Properties;
};
/** The cache policy of a behaviour. */
const policyOf = ({ CachePolicyId }: { readonly CachePolicyId: { readonly Ref: string } }) =>
  resourcesOf(template, 'AWS::CloudFront::CachePolicy').find(
    ([id]) => id === CachePolicyId.Ref,
  )?.[1].Properties;
const functionsOf = (from = template) =>
  resourcesOf(from, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
const STAGES = /fetch-registry|check-|plan|summarize|Mirrorwatch watch/;
const runs = (choices = {}) => ({ ...choices, watch: 'off' });

test.each([
  [{ schedule: 'off' }, {}],
  [{}, { run: '24', watch: '1' }],
  [{ schedule: 'rate(7 days)', watch: 'off' }, { run: '168' }],
  [
    { schedule: 'cron(0 6 ? * MON-FRI *)', watch: 'rate(30 minutes)' },
    { run: '72', watch: '0.5' },
  ],
])(
  'with %j the function that publishes knows the hours between runs and looks',
  (choices, told) => {
    const [summarize] = functionsOf(templateOf({ cdn: 'false', ...choices })).filter(
      ({ Description }) => /summarize/.test(Description ?? ''),
    );
    const { MIRRORWATCH_RUN_EVERY_HOURS: run, MIRRORWATCH_WATCH_EVERY_HOURS: watch } =
      summarize.Environment.Variables;
    expect({ run, watch }).toEqual(told);
  },
);

test.each([
  ['newDatasetDays', 'MIRRORWATCH_NEW_DATASET_DAYS'],
  ['registryDays', 'MIRRORWATCH_REGISTRY_DAYS'],
])('%s reach the functions where they are set, 0 included', (choice, variable) => {
  const told = (choices: Readonly<Record<string, unknown>>) =>
    functionsOf(templateOf(choices))
      .filter(({ Description }) => /check-/.test(Description ?? ''))
      .map(({ Environment }) => Environment.Variables[variable]);
  expect(told(BARE)).toEqual(Array(6).fill(undefined));
  expect(told({ ...BARE, [choice]: '0' })).toEqual(Array(6).fill('0'));
});

describe('results', () => {
  test('the bucket is private, encrypted, versioned, and takes TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 's3:*',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('manifests go after a week, replaced versions after the days of retention, trees when nobody reads them, documents never', () => {
    const { Rules } = only('AWS::S3::Bucket', CHOSEN).LifecycleConfiguration;
    expect(Rules).toMatchObject([
      { Prefix: 'runs/', ExpirationInDays: 7 },
      { Prefix: 'trees/', ExpirationInDays: 90 },
      { NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ]);
    expect(Rules[2]).not.toHaveProperty('ExpirationInDays');
  });

  test('the table is on demand, recoverable, and survives the stack as the bucket does', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });
});

describe('several stacks', () => {
  const env = { account: '123456789012', region: 'eu-central-1' };
  /** Names that somebody gave, those of CDK for CloudFront as well. */
  const namesOf = (value: unknown): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, inner]) =>
          /^(Bucket|Table|Function|Role|Topic|Queue|Dashboard|Alarm|Rule|StateMachine)?Name$/.test(
            key,
          ) && typeof inner === 'string'
            ? [inner]
            : namesOf(inner),
        );
  const named = (name: string) => {
    const { stack } = stackOf({ name }, env);
    const { Resources } = Template.fromStack(stack).toJSON() as {
      Resources: Record<string, { Properties: object }>;
    };
    // Names inside an alarm's dimensions and a table's keys are no names of resources.
    const properties = Object.values(Resources).map(({ Properties }) => {
      const { Dimensions: _, ...others } = Properties as Record<string, unknown>;
      return others;
    });
    return { stack, names: namesOf(properties) };
  };

  test('share no name, and each has its own name as a tag', () => {
    const [one, other] = [named('Watch-one'), named('Watch-other')];
    expect(one.names).toContain('watch-one-123456789012-eu-central-1');
    expect(one.names).toContain('Watch-one-records');
    expect(one.names.filter((name) => other.names.includes(name))).toEqual([]);
    expect(one.stack.stackName).toBe('Watch-one');
    expect(one.stack.tags.tagValues()).toEqual({ mirrorwatch: 'Watch-one' });
  });

  test('the longest name fits into that of a bucket', () => {
    const { stack } = stackOf({ name: 'a'.repeat(32) }, { ...env, region: 'ap-southeast-1' });
    const [bucket] = resourcesOf(Template.fromStack(stack), 'AWS::S3::Bucket');
    const name: string = bucket?.[1].Properties.BucketName;
    expect(name).toMatch(/^a{32}-123456789012-ap-southeast-1$/);
    expect(name.length).toBeLessThanOrEqual(63);
  });

  test('is protected, unless somebody wants to remove it', () => {
    expect(stackOf().stack.terminationProtection).toBe(true);
    expect(stackOf({ protect: 'false' }).stack.terminationProtection).toBe(false);
  });
});

describe('website', () => {
  test('CloudFront alone reads the bucket, and neither manifests nor trees', () => {
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
    const allowed = only('AWS::S3::BucketPolicy').PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );
    expect(allowed).toMatchObject([
      {
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      },
    ]);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action: 's3:GetObject',
            Resource: [
              { 'Fn::Join': ['', [Match.anyValue(), '/runs/*']] },
              { 'Fn::Join': ['', [Match.anyValue(), '/trees/*']] },
            ],
          }),
        ]),
      },
    });
  });

  test.each([
    ['the page', 'same-origin', undefined],
    ['the results', 'cross-origin', { Items: ['*'] }],
  ])('every answer of %s has the security headers, the CSP to the letter', (of, who, origins) => {
    const policies = resourcesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy');
    expect(policies).toHaveLength(2);
    const headers = policies
      .map(([, { Properties }]) => Properties.ResponseHeadersPolicyConfig)
      .find(({ Comment }) => Comment.endsWith(of));
    expect(headers.CorsConfig?.AccessControlAllowOrigins).toEqual(origins);
    expect(headers.SecurityHeadersConfig).toMatchObject({
      ContentSecurityPolicy: {
        ContentSecurityPolicy:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        Override: true,
      },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
    });
    expect(headers.CustomHeadersConfig.Items).toMatchObject([
      { Header: 'permissions-policy', Override: true },
      { Header: 'cross-origin-opener-policy', Value: 'same-origin', Override: true },
      { Header: 'cross-origin-resource-policy', Value: who, Override: true },
    ]);
  });

  test('the results have a behaviour of their own, which no function answers for', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution');
    const { DefaultCacheBehavior: page, CacheBehaviors } = DistributionConfig;
    const [data, curve, ...others] = CacheBehaviors;
    expect(others).toEqual([]);
    expect(curve.PathPattern).toBe(CURVE_PATH);
    expect(data).toMatchObject({ PathPattern: 'data/*', AllowedMethods: ['GET', 'HEAD'] });
    expect(data.ResponseHeadersPolicyId).not.toEqual(page.ResponseHeadersPolicyId);
    expect(data).not.toHaveProperty('FunctionAssociations');
    expect(page.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
  });

  test('the website is compressed, over HTTP/3, and a missing document stays a 404', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution');
    expect(DistributionConfig).toMatchObject({
      HttpVersion: 'http2and3',
      DefaultRootObject: 'index.html',
      DefaultCacheBehavior: {
        AllowedMethods: ['GET', 'HEAD'],
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
      },
    });
    expect(DistributionConfig).not.toHaveProperty('CustomErrorResponses');
  });

  test('curves are asked of their function by CloudFront alone, and cached by their parameters', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution');
    const [data, curve] = DistributionConfig.CacheBehaviors;
    expect(curve.ResponseHeadersPolicyId).toEqual(data.ResponseHeadersPolicyId);
    expect(curve).toMatchObject({ AllowedMethods: ['GET', 'HEAD'] });
    const origin = DistributionConfig.Origins.find(
      ({ Id }: { Id: string }) => Id === curve.TargetOriginId,
    );
    expect(origin).toHaveProperty('OriginAccessControlId');
    expect(only('AWS::Lambda::Url')).toMatchObject({ AuthType: 'AWS_IAM' });
    const invokers = resourcesOf(template, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'cloudfront.amazonaws.com',
    );
    expect(invokers.map(([, { Properties }]) => Properties.Action).sort()).toEqual([
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
    ]);
    for (const [, { Properties }] of invokers) {
      expect(inOneLine(Properties.SourceArn)).toMatch(/distribution\/<WebsiteDistribution/);
    }
    const { CachePolicyConfig } = policyOf(curve);
    expect(CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 86_400 });
    const { QueryStringsConfig } = CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin;
    expect(QueryStringsConfig).toEqual({
      QueryStringBehavior: 'whitelist',
      QueryStrings: [
        ...['series', 'channel_name', 'begin', 'begin_time', 'end', 'end_time'],
        ...['bins', 'num_bins', 'useEventsIfBinCountTooLarge', 'removeEmptyBins'],
      ],
    });
  });

  test("objects' own Cache-Control decides, from nothing to a year", () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution');
    const { CachePolicyConfig } = policyOf(DistributionConfig.DefaultCacheBehavior);
    expect(CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 60, MaxTTL: 31_536_000 });
    const { ParametersInCacheKeyAndForwardedToOrigin: forwarded } = CachePolicyConfig;
    expect(forwarded.QueryStringsConfig).toEqual({ QueryStringBehavior: 'none' });
    expect(forwarded).toMatchObject({
      EnableAcceptEncodingBrotli: true,
      EnableAcceptEncodingGzip: true,
    });
  });

  test('a custom domain uses its certificate and TLS 1.2', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution', CHOSEN);
    expect(DistributionConfig.Aliases).toEqual(['watch.example.org']);
    expect(DistributionConfig.ViewerCertificate).toMatchObject({
      AcmCertificateArn: CHOSEN.certificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
  });

  test('a stack without a CDN has nothing of CloudFront, and the site is published all the same', () => {
    const plain = templateOf(BARE);
    const types = Object.values(plain.toJSON().Resources as Record<string, { Type: string }>);
    expect(types.filter(({ Type }) => Type.startsWith('AWS::CloudFront'))).toEqual([]);
    plain.resourceCountIs('Custom::MirrorwatchSite', 1);
    expect(plain.toJSON().Outputs).not.toHaveProperty('SiteUrl');
  });
});

describe('pipeline', () => {
  test('nine stages and five functions beside them, each with a role and a log group of its own', () => {
    const all = functionsOf();
    expect(
      all.map(({ Description }) => /Mirrorwatch ([\w-]+)/.exec(Description)?.[1]).sort(),
    ).toEqual([
      'check-deprecated',
      'check-doi',
      'check-github',
      'check-leftovers',
      'check-s3-files',
      'check-s3-version',
      'curve',
      'fetch-registry',
      'plan',
      'publish-site',
      'record-end',
      'remove-versions',
      'summarize',
      'watch',
    ]);
    const differ = (pick: (one: (typeof all)[number]) => unknown) =>
      expect(new Set(all.map((one) => JSON.stringify(pick(one)))).size).toBe(all.length);
    differ(({ Role }) => Role);
    differ(({ LoggingConfig }) => LoggingConfig.LogGroup);
    for (const { Runtime, Architectures, MemorySize, Timeout } of all) {
      expect([Runtime, Architectures]).toEqual(['nodejs24.x', ['arm64']]);
      expect(MemorySize).toBeGreaterThanOrEqual(256);
      expect(Timeout).toBeLessThanOrEqual(900);
    }
  });

  test('every log group forgets after the days of retention', () => {
    const groups = resourcesOf(templateOf(CHOSEN), 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(15);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(90);
  });

  test('the functions get every place by the names that they read', () => {
    // OpenNeuro has no choices of its own.
    const { choices, ...names } = ENVIRONMENT;
    const known: readonly string[] = [
      ...Object.values(names),
      ...['registry', 'mirror', 'export', 'doi'].map(addressVariable),
    ];
    const stages = functionsOf(templateOf(CHOSEN)).filter(({ Description }) =>
      STAGES.test(Description),
    );
    const set = new Set(stages.flatMap((one) => Object.keys(one.Environment.Variables)));
    expect([...set].filter((name) => name.startsWith('MIRRORWATCH_')).sort()).toEqual(
      [...known].sort(),
    );
    for (const { Environment } of stages) {
      expect(Environment.Variables).toMatchObject({
        MIRRORWATCH_REGISTRY_URL: REGISTRY_URL,
        MIRRORWATCH_MIRROR_URL: MIRROR_URL,
        MIRRORWATCH_EXPORT_URL: EXPORT_URL,
        MIRRORWATCH_DOI_URL: DOI_URL,
        POWERTOOLS_SERVICE_NAME: 'Mirrorwatch',
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      });
    }
  });

  test('the function that publishes knows for how many datasets the stack is sized', () => {
    const sizes = (choices = {}) =>
      functionsOf(templateOf(choices)).flatMap(({ Description, Environment }) => {
        const size = Environment?.Variables[ENVIRONMENT.datasets];
        return size === undefined ? [] : [[Description.split(' ')[1], size]];
      });
    expect(sizes()).toEqual([['summarize:', '50000']]);
    expect(sizes({ datasets: 60_000 })).toEqual([['summarize:', '100000']]);
  });

  test('a function knows how many share the limits of a host with it', () => {
    const among = functionsOf(templateOf(CHOSEN))
      .filter(({ Description }) => /check-/.test(Description))
      .map(({ Environment }) => Environment.Variables.MIRRORWATCH_SHARDS_AT_ONCE);
    expect(among.sort()).toEqual(['1', '1', '1', '1', '12', '2']);
  });

  test('the pipeline runs daily at 06:00 UTC, or as scheduled, or only by hand', () => {
    expect(only('AWS::Scheduler::Schedule', runs())).toMatchObject({
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      State: 'ENABLED',
      Target: { Input: '{"scheduled":true}', DeadLetterConfig: { Arn: expect.anything() } },
    });
    expect(only('AWS::Scheduler::Schedule', runs(CHOSEN))).toMatchObject({
      ScheduleExpression: 'rate(6 hours)',
    });
    templateOf(BARE).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('a run calls versions that outlive the next deployment, and a failed one leaves none', () => {
    const versions = resourcesOf(templateOf(), 'AWS::Lambda::Version');
    const machine = JSON.stringify(only('AWS::StepFunctions::StateMachine'));
    for (const [id, version] of versions) {
      expect(machine).toContain(`"Ref":"${id}"`);
      expect(version).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
    expect(versions).toHaveLength(9);
    expect(machine).not.toMatch(/\w+Function\w*","Arn"/);
    expect(only('Custom::MirrorwatchOldVersions').Versions).toHaveLength(9);
  });

  test('other functions of a deployment are other versions, the same ones are not', () => {
    const idsOf = (choices: Record<string, unknown>) =>
      resourcesOf(templateOf(choices), 'AWS::Lambda::Version').map(([id]) => id);
    expect(idsOf({ retentionDays: 90 })).toEqual(idsOf({}));
    const changed = idsOf({ memory: { plan: 2048 } }).filter((id) => !idsOf({}).includes(id));
    expect(changed).toEqual([expect.stringMatching(/^PipelinePlan/)]);
  });

  test('an end that is not a success starts the function that records it', () => {
    const machine = { Ref: expect.stringMatching(/^PipelineRun/) };
    expect(only('AWS::Events::Rule')).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      Targets: [{ DeadLetterConfig: { Arn: expect.anything() } }],
    });
    const [recordEnd] = functionsOf().filter(({ Description }) => /record-end/.test(Description));
    expect(recordEnd?.DeadLetterConfig).toEqual({ TargetArn: expect.anything() });
    expect(only('AWS::SQS::Queue')).toMatchObject({ SqsManagedSseEnabled: true });
  });

  test.each([
    [{}, ['rate(1 hour)']],
    [{ watch: 'rate(2 hours)' }, ['rate(2 hours)']],
    [{ watch: 'off' }, []],
    // Who starts runs by hand wants no others, unless they say so.
    [{ schedule: 'off' }, []],
    [{ schedule: 'off', watch: 'rate(1 hour)' }, ['rate(1 hour)']],
  ])('with %j it looks at what changed: %j', (choices, expected) => {
    const looks = resourcesOf(templateOf(choices), 'AWS::Scheduler::Schedule').filter(([name]) =>
      name.includes('Watch'),
    );
    expect(looks.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(expected);
    expect(
      functionsOf(templateOf(choices)).some(({ Description }) =>
        /Mirrorwatch watch/.test(Description),
      ),
    ).toBe(expected.length > 0);
  });

  test('a look that fails twice, or does not begin, is reported', () => {
    const toQueue = { 'Fn::GetAtt': [expect.stringMatching(/^PipelineUndelivered/), 'Arn'] };
    const [watch] = functionsOf().filter(({ Description }) => /watch:/.test(Description));
    expect(watch?.DeadLetterConfig).toEqual({ TargetArn: toQueue });
    for (const [, { Properties }] of resourcesOf(templateOf(), 'AWS::Scheduler::Schedule')) {
      expect(Properties.Target).toMatchObject({ DeadLetterConfig: { Arn: toQueue } });
    }
  });

  test('the state machine is a standard one that logs everything but data', () => {
    expect(only('AWS::StepFunctions::StateMachine')).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: false },
    });
    expect(only('AWS::StepFunctions::StateMachine', CHOSEN)).toMatchObject({
      TracingConfiguration: { Enabled: true },
    });
  });
});

/** Alarms by name. */
function alarmsOf(choices = {}) {
  const alarms = resourcesOf(templateOf(choices), 'AWS::CloudWatch::Alarm');
  return new Map(
    alarms.map(([id, { Properties }]) => [
      /^Alarms([A-Za-z]+?)[0-9A-F]{8}$/.exec(id)?.[1],
      Properties,
    ]),
  );
}

describe('alarms', () => {
  test('there are few, each sends to the topic when it rings and when it ends', () => {
    const alarms = alarmsOf(CHOSEN);
    expect([...alarms.keys()].sort()).toEqual(['NotPublished', 'RunHealth', 'Undelivered']);
    const mailed = templateOf(CHOSEN);
    const topic = resourcesOf(mailed, 'AWS::SNS::Topic').find(([id]) => id.startsWith('Alarms'));
    for (const { AlarmActions, OKActions } of alarms.values()) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic?.[0] }], [{ Ref: topic?.[0] }]]);
    }
    mailed.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'watch@example.org',
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('our metrics carry the name of the stack', () => {
    const own = [...alarmsOf().values()].filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    expect(own.length).toBeGreaterThan(1);
    for (const { Dimensions } of own) {
      expect(Dimensions).toEqual([{ Name: 'service', Value: 'Mirrorwatch' }]);
    }
  });

  test.each(['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'])(
    '%s may publish to the topic: a policy of its own takes the default away',
    (Service) => {
      template.hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Allow',
              Action: 'sns:Publish',
              Principal: { Service },
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            }),
          ]),
        },
      });
    },
  );

  test.each([
    { schedule: undefined, hours: 26 },
    { schedule: 'rate(1 hour)', hours: 3 },
    { schedule: 'cron(15 * * * ? *)', hours: 3 },
    { schedule: 'rate(1 minute)', hours: 3 },
    { schedule: 'rate(6 hours)', hours: 8 },
    { schedule: 'cron(0 6 ? * MON-FRI *)', hours: 74 },
    { schedule: 'rate(6 days)', hours: 146 },
  ])('with the schedule $schedule, no news for $hours hours is bad news', ({ schedule, hours }) => {
    const choices = schedule === undefined ? {} : { schedule };
    expect(alarmsOf(choices).get('NotPublished')).toMatchObject({
      MetricName: 'Published',
      Period: 3600,
      EvaluationPeriods: hours,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(watchers(choices)).toBe(0);
  });

  test.each([
    { schedule: 'cron(0 6 ? * MON *)', hours: 170 },
    { schedule: 'rate(7 days)', hours: 170 },
    { schedule: 'cron(0 6 1 * ? *)', hours: 31 * 24 + 2 },
  ])('with the schedule $schedule, a function counts the $hours hours', (choice) => {
    const { schedule, hours } = choice;
    expect(alarmsOf({ schedule }).get('NotPublished')).toMatchObject({
      MetricName: 'HoursSincePublished',
      Period: 86_400,
      EvaluationPeriods: 1,
      Threshold: hours,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(watchers({ schedule })).toBe(1);
    templateOf({ schedule }).hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(12 hours)',
    });
  });

  test('nobody expects a run of a stack without a schedule', () => {
    expect([...alarmsOf(BARE).keys()].sort()).toEqual(['RunHealth', 'Undelivered']);
  });

  test("every alarm's range is one that CloudWatch takes", () => {
    for (const schedule of [
      'rate(1 hour)',
      'rate(166 hours)',
      'rate(167 hours)',
      'rate(60 days)',
    ]) {
      for (const { Period, EvaluationPeriods } of alarmsOf({ schedule }).values()) {
        expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3600 ? 86_400 : 604_800);
      }
    }
  });

  test('what a run says about its problems holds until the next one speaks', () => {
    expect(alarmsOf().get('RunHealth')).toMatchObject({
      MetricName: 'Problems',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'ignore',
    });
  });

  test('a scheduled start or an end of a run that did not arrive is reported', () => {
    const [queue] = resourcesOf(template, 'AWS::SQS::Queue');
    expect(alarmsOf().get('Undelivered')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue?.[0], 'QueueName'] } }],
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('a month that costs too much, or will, is reported; 0 is no budget', () => {
    const budget = (choices = {}) => only('AWS::Budgets::Budget', choices);
    expect(budget().Budget).toMatchObject({
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 5, Unit: 'USD' },
    });
    expect(budget(CHOSEN).Budget.BudgetLimit.Amount).toBe(20);
    const topic = resourcesOf(template, 'AWS::SNS::Topic').find(([id]) => id.startsWith('Alarms'));
    const told = budget().NotificationsWithSubscribers;
    expect(told).toMatchObject([
      { Notification: { NotificationType: 'ACTUAL', Threshold: 100 } },
      { Notification: { NotificationType: 'FORECASTED', Threshold: 100 } },
    ]);
    for (const { Subscribers } of told) {
      expect(Subscribers).toEqual([{ SubscriptionType: 'SNS', Address: { Ref: topic?.[0] } }]);
    }
    templateOf(BARE).resourceCountIs('AWS::Budgets::Budget', 0);
  });

  test('there is a dashboard on request, and only then are its metrics sent', () => {
    const sends = (choices = {}) =>
      functionsOf(templateOf(choices)).filter(
        ({ Environment }) => Environment?.Variables[ENVIRONMENT.dashboard] === 'true',
      ).length;
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(sends()).toBe(0);
    templateOf(CHOSEN).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    expect(sends(CHOSEN)).toBe(1);
  });
});

const watchers = (choices = {}) =>
  functionsOf(templateOf(choices)).filter(({ Description }) => /watch-silence/.test(Description))
    .length;

describe('runbook', () => {
  const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  /** Heading → its text, up to the next heading of the same rank. */
  const entries = new Map(
    runbook
      .split(/^### /m)
      .slice(1)
      .map((entry) => [entry.split('\n', 1)[0]?.trim() ?? '', entry.split(/^## /m)[0] ?? '']),
  );
  const alarms = [...alarmsOf({ boards: '{}' }).keys()].map((name) => name ?? '');

  test.each([...alarms, ...Object.keys(PROBLEMS)])(
    '%s says what it means, where to look, what to do',
    (name) => {
      for (const part of ['**Description.**', '**Look here.**', '**Do this.**']) {
        const text = entries.get(name)?.split(part)[1] ?? '';
        expect(text.trim().length, `${name} ${part}`).toBeGreaterThan(40);
      }
    },
  );

  test('the runbook has no entry for an alarm or a problem that is gone', () => {
    expect([...entries.keys()].filter((name) => /^[A-Z]\w+$/.test(name)).sort()).toEqual(
      ['Budget', ...alarms, ...Object.keys(PROBLEMS)].sort(),
    );
  });

  test('an alarm names its entry', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmDescription).toMatch(/docs\/runbook\.md, \w+\.$/);
    }
  });
});
