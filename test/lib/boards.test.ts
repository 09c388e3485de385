// Saved boards in the template: what bounds their bill, who reaches them, and what their functions may.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import { CAPS } from '../../lib/boards/caps.ts';
import { VIEWER_CODE } from '../../lib/boards/viewer.ts';
import { SettingError } from '../../lib/context.ts';
import { readSettings } from '../../lib/settings.ts';
import { ALARMS, boardLines } from '../../scripts/cost/boards.ts';
import { costReport } from '../../scripts/cost/report.ts';
import { inOneLine, prefixed, ROOT, resourcesOf, templateOf } from './synthesize.ts';

const CHOSEN = { boards: '{"BOARD_EDIT": "open", "BOARD_MAX_TOTAL_STORAGE_BYTES": 1000000}' };
const template = templateOf(CHOSEN);
const ofBoards = (type: string) =>
  resourcesOf(template, type).filter(([id]) => id.startsWith('Boards'));

test('a stack without the choice has no resource of boards', () => {
  const all = Object.keys(templateOf().toJSON().Resources);
  expect(all.filter((id) => id.startsWith('Boards'))).toEqual([]);
  expect(readSettings(prefixed({ boards: '{"BOARDS": "off"}' })).boards).toBeNull();
});

test.each([
  ['{"BOARD_EDIT": "all"}', /boards: BOARD_EDIT is either key or open/],
  ['{"BOARD_KEY": 1}', /takes a JSON object of settings/],
  ['{"BOARD_TARGET_UTILIZATION": 0.99}', /is more than BOARD_EVICTION_THRESHOLD/],
])('%s is refused', (boards, why) => {
  expect(() => readSettings(prefixed({ boards }))).toThrow(why);
  expect(() => readSettings(prefixed({ boards }))).toThrow(SettingError);
});

test('the table is capped, is backed up, and outlives the stack', () => {
  const [[, table] = [], ...others] = resourcesOf(template, 'AWS::DynamoDB::Table').filter(([id]) =>
    id.startsWith('Boards'),
  );
  expect(others).toEqual([]);
  const OnDemandThroughput = { MaxReadRequestUnits: 20, MaxWriteRequestUnits: 10 };
  expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(table?.Properties).toMatchObject({
    ...{ BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true, OnDemandThroughput },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'evictable',
        OnDemandThroughput: { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 5 },
        KeySchema: [{ AttributeName: 'ev' }, { AttributeName: 'lastAccess' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['size'] },
      },
    ],
  });
});

test('few requests are answered at once, and one function evicts', () => {
  const functions = ofBoards('AWS::Lambda::Function').map(([id, { Properties }]) => [
    id.replace(/Function.*/, ''),
    Properties.ReservedConcurrentExecutions,
    Properties.MemorySize,
    Properties.Timeout,
  ]);
  expect(functions.sort()).toEqual([
    ['BoardsEvict', 1, 256, 300],
    ['BoardsFront', CAPS.atOnce, 256, 6],
    ['BoardsMaintenance', undefined, 256, 6],
  ]);
  for (const [, { Properties }] of ofBoards('AWS::Lambda::Function')) {
    expect(Properties.Environment.Variables).toMatchObject({
      ...{ BOARD_EDIT: 'open', BOARD_MAX_TOTAL_STORAGE_BYTES: '1000000' },
    });
  }
});

test('only the front has an address, and only CloudFront may ask it', () => {
  const urls = ofBoards('AWS::Lambda::Url').map(([id, { Properties }]) => [
    id.replace(/Function.*/, ''),
    Properties.AuthType,
  ]);
  expect(urls).toEqual([['BoardsFront', 'AWS_IAM']]);
  const invokers = resourcesOf(template, 'AWS::Lambda::Permission').filter(([, { Properties }]) =>
    /<Boards/.test(inOneLine(Properties.FunctionName)),
  );
  const told = invokers.map(([, { Properties: one }]) => [
    inOneLine(one.FunctionName).replace(/Function.*/, ''),
    one.Principal,
    one.Action,
  ]);
  expect(told.sort()).toEqual([
    ['<BoardsEvict', 'events.amazonaws.com', 'lambda:InvokeFunction'],
    ['<BoardsFront', 'cloudfront.amazonaws.com', 'lambda:InvokeFunction'],
    ['<BoardsFront', 'cloudfront.amazonaws.com', 'lambda:InvokeFunctionUrl'],
  ]);
});

test('CloudFront signs what it passes on, and is let in as this distribution alone', () => {
  const [[, distribution] = []] = resourcesOf(template, 'AWS::CloudFront::Distribution');
  const { Origins, CacheBehaviors } = distribution?.Properties.DistributionConfig ?? {};
  const { TargetOriginId } = CacheBehaviors.find(
    ({ PathPattern }: { PathPattern: string }) => PathPattern === '/api/*',
  );
  const origin = Origins.find(({ Id }: { Id: string }) => Id === TargetOriginId);
  const control = origin.OriginAccessControlId['Fn::GetAtt'][0];
  const controls = new Map(resourcesOf(template, 'AWS::CloudFront::OriginAccessControl'));
  expect(controls.get(control)?.Properties.OriginAccessControlConfig).toMatchObject({
    ...{ OriginAccessControlOriginType: 'lambda', SigningBehavior: 'always' },
    SigningProtocol: 'sigv4',
  });
  const letIn = resourcesOf(template, 'AWS::Lambda::Permission').flatMap(
    ([, { Properties: one }]) =>
      one.Principal === 'cloudfront.amazonaws.com' && /<Boards/.test(inOneLine(one.FunctionName))
        ? [inOneLine(one.SourceArn)]
        : [],
  );
  const arn =
    'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<WebsiteDistribution>';
  expect(letIn).toEqual([arn, arn]);
});

test('CloudFront keeps no answer, and refuses maintenance before it passes anything on', () => {
  const [[, distribution] = []] = resourcesOf(template, 'AWS::CloudFront::Distribution');
  const { CacheBehaviors: all } = distribution?.Properties.DistributionConfig ?? {};
  expect(all.map(({ PathPattern }: { PathPattern: string }) => PathPattern)).toEqual([
    ...['data/*', CURVE_PATH, '/api/maintenance/*', '/api/*'],
  ]);
  const [, , maintenance, boards] = all;
  for (const one of [maintenance, boards]) {
    expect(one.AllowedMethods).toEqual(expect.arrayContaining(['POST', 'PUT', 'PATCH', 'DELETE']));
    // CachingDisabled, and AllViewerExceptHostHeader.
    expect(one.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    expect(one.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
    expect(one.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
  }
  expect(maintenance.TargetOriginId).not.toBe(boards.TargetOriginId);
});

test('the results say that there are boards, which the page goes by', () => {
  const linksOf = (of: typeof template) =>
    resourcesOf(of, 'AWS::CloudFront::ResponseHeadersPolicy').flatMap(([id, { Properties }]) =>
      Properties.ResponseHeadersPolicyConfig.CustomHeadersConfig.Items.filter(
        ({ Header }: { Header: string }) => Header === 'link',
      ).map(({ Value }: { Value: string }) => [/DataHeaders/.exec(id)?.[0], Value]),
    );
  expect(linksOf(template)).toEqual([['DataHeaders', '</api/openapi.json>; rel="service-desc"']]);
  expect(linksOf(templateOf())).toEqual([]);
});

describe('the function of CloudFront', () => {
  type Headers = Record<string, { value: string }>;
  const run = (uri: string, headers: Headers = {}) => {
    const context = createContext({
      event: { request: { uri, headers }, viewer: { ip: '192.0.2.7' } },
    });
    return new Script(`${VIEWER_CODE}\nhandler(event)`).runInContext(context);
  };

  test('refuses maintenance', () => {
    for (const uri of ['/api/maintenance', '/api/maintenance/boards/x/protect']) {
      expect(run(uri)).toMatchObject({ statusCode: 403 });
    }
  });

  test('passes on who asks and the key, whatever the visitor says of them', () => {
    const { headers } = run('/api/boards/x', {
      authorization: { value: 'Bearer k' },
      'x-mirrorwatch-address': { value: 'somebody else' },
      'if-match': { value: '"x"' },
    });
    expect(headers).toEqual({
      'x-mirrorwatch-address': { value: '192.0.2.7' },
      'x-mirrorwatch-authorization': { value: 'Bearer k' },
      'if-match': { value: '"x"' },
    });
    const plain = run('/api/boards', { 'x-mirrorwatch-authorization': { value: 'Bearer forged' } });
    expect(plain.headers).toEqual({ 'x-mirrorwatch-address': { value: '192.0.2.7' } });
  });

  test('fits into 10 KB', () => {
    expect(Buffer.byteLength(VIEWER_CODE)).toBeLessThan(10_240);
  });
});

test('each function may do what it needs and nothing else', () => {
  const table = '<BoardsTable.Arn>';
  const granted = new Map<string, string[]>();
  for (const [, { Properties }] of ofBoards('AWS::IAM::Policy')) {
    const name = inOneLine(Properties.Roles[0]).slice(1, -1);
    for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
      if ([Action].flat().includes('logs:PutLogEvents')) continue;
      const on = inOneLine(Resource);
      granted.set(name, [...(granted.get(name) ?? []), `${[Action].flat().join()} on ${on}`]);
    }
  }
  const query = `dynamodb:Query on ${table}/index/evictable`;
  const of = (...verbs: string[]) =>
    verbs
      .sort()
      .map((verb) => `dynamodb:${verb}`)
      .join();
  expect(Object.fromEntries(granted)).toEqual({
    BoardsEvictRole: [`${of('GetItem', 'UpdateItem', 'DeleteItem', 'Scan')} on ${table}`, query],
    BoardsFrontRole: [
      `${of('GetItem', 'UpdateItem', 'DeleteItem', 'PutItem')} on ${table}`,
      query,
      'lambda:InvokeFunction on <BoardsEvictFunction.Arn>',
    ],
    BoardsMaintenanceRole: [
      `${of('GetItem', 'UpdateItem', 'DeleteItem', 'PutItem', 'Scan')} on ${table}`,
    ],
  });
});

const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) =>
  /AlarmsBoards/.test(id) ? [Properties] : [],
);

test('two alarms watch them', () => {
  expect(alarms).toMatchObject([
    {
      ...{ MetricName: 'Url5xxCount', Statistic: 'Sum', Threshold: 1 },
      // For 15 minutes.
      ...{ Period: 300, EvaluationPeriods: 3 },
      AlarmDescription: expect.stringContaining('docs/runbook.md, BoardsThrottled.'),
    },
    {
      ...{ MetricName: 'BoardBytes', Threshold: 900_000 },
      AlarmDescription: expect.stringContaining('docs/runbook.md, BoardsFull.'),
    },
  ]);
});

describe('the bill', () => {
  test('docs/cost.md shows what the model prints', () => {
    const text = readFileSync(join(ROOT, 'docs/cost.md'), 'utf8');
    const [, shown] = /```\n\$ npm run cost -- --boards\n([\s\S]*?)\n```/.exec(text) ?? [];
    expect(costReport(['--boards'])).toBe(shown);
  });

  test('is bounded, but for what CloudFront takes for requests', () => {
    const lines = boardLines();
    expect(lines.filter(({ most }) => Number.isNaN(most)).map(({ what }) => what)).toEqual([
      'CloudFront: requests',
    ]);
    const ordinary = lines.reduce((sum, line) => sum + line.ordinary, 0);
    expect(ordinary).toBeLessThan(0.3);
    expect(alarms).toHaveLength(ALARMS);
  });
});
