// The stack as CloudFormation will see it: what is public, what is kept, what is retried, and who
// is notified.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  DOI_URL,
  EXPORT_URL,
  MIRROR_URL,
  REGISTRY_URL,
} from '../../archives/openneuro/endpoints.ts';
import {
  addressVariable,
  ENVIRONMENT,
  METRICS_NAMESPACE,
  SERVICE_NAME,
} from '../../lambdas/names.ts';
import { ALARMS } from '../../lib/alarms/catalogue.ts';
import { ROOT, resourcesOf, templateOf } from './synthesize.ts';

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
  dashboard: 'false',
  tracing: 'true',
};
const BARE = { cdn: 'false', schedule: 'off' };
const only = (type: string, choices = {}) => {
  const [first, ...others] = resourcesOf(templateOf(choices), type);
  expect(others).toEqual([]);
  return first?.[1].Properties;
};
const functionsOf = (from = template) =>
  resourcesOf(from, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
const STAGES = /fetch-registry|check-|plan|summarize/;

test.each([
  ['newDatasetDays', 'MIRRORWATCH_NEW_DATASET_DAYS'],
  ['registryDays', 'MIRRORWATCH_REGISTRY_DAYS'],
])('%s are told to the functions where they are chosen, 0 as well', (choice, variable) => {
  const told = (choices: Readonly<Record<string, unknown>>) =>
    functionsOf(templateOf(choices))
      .filter(({ Description }) => /check-/.test(Description ?? ''))
      .map(({ Environment }) => Environment.Variables[variable]);
  expect(told(BARE)).toEqual(Array(5).fill(undefined));
  expect(told({ ...BARE, [choice]: '0' })).toEqual(Array(5).fill('0'));
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

  test('manifests and replaced versions go after the days of retention, documents never', () => {
    const { Rules } = only('AWS::S3::Bucket', CHOSEN).LifecycleConfiguration;
    expect(Rules).toMatchObject([
      { Prefix: 'runs/', ExpirationInDays: 90 },
      { NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ]);
    expect(Rules[1]).not.toHaveProperty('ExpirationInDays');
  });

  test('the table is on demand, recoverable, and survives the stack as the bucket does', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
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

  test('every answer has the security headers, the CSP to the letter', () => {
    const headers = only('AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig;
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
    const custom = headers.CustomHeadersConfig.Items.map((item: { Header: string }) => item.Header);
    expect(custom).toContain('permissions-policy');
  });

  test('it is compressed, over HTTP/3, and a missing document stays a 404', () => {
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

  test("objects' own Cache-Control decides, from nothing to a year", () => {
    const { CachePolicyConfig } = only('AWS::CloudFront::CachePolicy');
    expect(CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 60, MaxTTL: 31_536_000 });
    const { ParametersInCacheKeyAndForwardedToOrigin: forwarded } = CachePolicyConfig;
    expect(forwarded.QueryStringsConfig).toEqual({ QueryStringBehavior: 'none' });
    expect(forwarded).toMatchObject({
      EnableAcceptEncodingBrotli: true,
      EnableAcceptEncodingGzip: true,
    });
  });

  test('a domain of one’s own comes with its certificate and TLS 1.2', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution', CHOSEN);
    expect(DistributionConfig.Aliases).toEqual(['watch.example.org']);
    expect(DistributionConfig.ViewerCertificate).toMatchObject({
      AcmCertificateArn: CHOSEN.certificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
  });

  test('without a CDN nothing of CloudFront is left, and the site is published all the same', () => {
    const plain = templateOf(BARE);
    const types = Object.values(plain.toJSON().Resources as Record<string, { Type: string }>);
    expect(types.filter(({ Type }) => Type.startsWith('AWS::CloudFront'))).toEqual([]);
    plain.resourceCountIs('Custom::MirrorwatchSite', 1);
    expect(plain.toJSON().Outputs).not.toHaveProperty('SiteUrl');
  });
});

describe('pipeline', () => {
  test('eight stages and three functions beside them, each with a role and a log group of its own', () => {
    const all = functionsOf();
    expect(
      all.map(({ Description }) => /Mirrorwatch ([\w-]+)/.exec(Description)?.[1]).sort(),
    ).toEqual([
      'check-deprecated',
      'check-doi',
      'check-github',
      'check-s3-files',
      'check-s3-version',
      'fetch-registry',
      'plan',
      'publish-site',
      'record-end',
      'remove-versions',
      'summarize',
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
    expect(groups).toHaveLength(12);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(90);
  });

  test('the functions are told where everything is by the names that they read', () => {
    const known: readonly string[] = [
      ...Object.values(ENVIRONMENT),
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
        POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      });
    }
  });

  test('a function knows how many share the limits of a host with it', () => {
    const among = functionsOf(templateOf(CHOSEN))
      .filter(({ Description }) => /check-/.test(Description))
      .map(({ Environment }) => Environment.Variables.MIRRORWATCH_SHARDS_AT_ONCE);
    expect(among.sort()).toEqual(['1', '1', '1', '12', '2']);
  });

  test('it runs daily at 06:00 UTC, or when told, or only by hand', () => {
    expect(only('AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      State: 'ENABLED',
      Target: { Input: '{"scheduled":true}', DeadLetterConfig: { Arn: expect.anything() } },
    });
    expect(only('AWS::Scheduler::Schedule', CHOSEN)).toMatchObject({
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
    expect(versions).toHaveLength(8);
    expect(machine).not.toMatch(/\w+Function\w*","Arn"/);
    expect(only('Custom::MirrorwatchOldVersions').Versions).toHaveLength(8);
  });

  test('other functions of a deployment are other versions, the same ones are not', () => {
    const idsOf = (choices: Record<string, unknown>) =>
      resourcesOf(templateOf(choices), 'AWS::Lambda::Version').map(([id]) => id);
    expect(idsOf({ retentionDays: 90 })).toEqual(idsOf({}));
    const changed = idsOf({ memory: { plan: 1024 } }).filter((id) => !idsOf({}).includes(id));
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

describe('alarms', () => {
  test('each is sent to the topic, which the mail address subscribes to', () => {
    const mailed = templateOf(CHOSEN);
    const alarms = resourcesOf(mailed, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(ALARMS.length);
    const [topic] = resourcesOf(mailed, 'AWS::SNS::Topic');
    for (const [, { Properties }] of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: topic?.[0] }]);
    }
    mailed.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'watch@example.org',
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('CloudWatch may publish to the topic: a policy of its own takes the default away', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  test('no news for 26 hours is bad news', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Published',
      Period: 3600,
      EvaluationPeriods: 26,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test.each([
    ['a failed execution', 'ExecutionsFailed', 1, 'GreaterThanOrEqualToThreshold'],
    ['a held publish', 'PublishHeld', 1, 'GreaterThanOrEqualToThreshold'],
    ['a shrunk registry', 'RegistryShrank', 1, 'GreaterThanOrEqualToThreshold'],
    ['more than 5 % unverified', 'UnverifiedPercent', 5, 'GreaterThanThreshold'],
  ])('%s rings at once', (_, MetricName, Threshold, ComparisonOperator) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      Threshold,
      ComparisonOperator,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('the dashboard may be left out', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    templateOf(CHOSEN).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('runbook', () => {
  const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  /** Heading → its text, up to the next heading of the same rank. */
  const entries = new Map(
    runbook
      .split(/^### /m)
      .slice(1)
      .map((entry) => [entry.split('\n', 1)[0]?.trim() ?? '', entry.split(/^## /m)[0] ?? '']),
  );

  test.each(ALARMS.map(({ name }) => name))(
    '%s says what it means, where to look, what to do',
    (name) => {
      for (const part of ['**Description.**', '**Look here.**', '**Do this.**']) {
        const text = entries.get(name)?.split(part)[1] ?? '';
        expect(text.trim().length, `${name} ${part}`).toBeGreaterThan(40);
      }
    },
  );

  test('it has no entry for an alarm that is gone', () => {
    expect([...entries.keys()].filter((name) => /^[A-Z]\w+$/.test(name)).sort()).toEqual(
      ALARMS.map(({ name }) => name).sort(),
    );
  });

  test('an alarm names its entry', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmDescription).toMatch(/docs\/runbook\.md, \w+\.$/);
    }
  });
});
