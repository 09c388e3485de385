// What the operator of the deployment hears: the metrics that functions really send against those that
// the alarms watch, and mails about problems that begin and end.
//
// The emulator keeps functions' logs, and makes no metrics of them as CloudWatch does (embedded metric
// format). The tests do that: what a function wrote is what its alarm gets.

import {
  type DescribeAlarmsCommandOutput,
  PutMetricDataCommand,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import {
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { beforeAll, expect, test } from 'vitest';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { ALARM_METRICS, METRICS_NAMESPACE } from '../../lambdas/names.ts';
import { guarded, launch } from '../e2e/support/browser.ts';
import { clients } from './clients.ts';
import { type Deployment, inCheckout } from './deployment.ts';
import { startFront } from './front.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

type Alarm = NonNullable<DescribeAlarmsCommandOutput['MetricAlarms']>[number];

interface Sent {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const HOUR_MS = 60 * 60 * 1000;
const REGISTRY = 'data/datasets-registry.json';

/**
 * @param deployed the deployment, after runs
 * @param since milliseconds since the epoch, before the first of them
 */
export function alarmTests(
  deployed: () => Deployment,
  sample: () => SampleServer,
  since: () => number,
): void {
  const { sqs, logs, cloudwatch } = clients();
  let mailbox: Mailbox;
  const mails = () => mailbox.mails();

  beforeAll(async () => {
    mailbox = await openMailbox('alarms', deployed().outputs.AlarmTopicArn);
  });

  const ofRuns = async () =>
    (await mails()).filter(({ subject }) => /^Mirrorwatch: /.test(subject));

  /** The metrics in the logs of all functions. */
  async function sentSince(time: number): Promise<Sent[]> {
    const sent: Sent[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {})) {
      for (const { logGroupName } of logGroups) {
        const asked = { logGroupName, startTime: time };
        for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, asked)) {
          sent.push(...events.flatMap(({ message = '' }) => metricsIn(message)));
        }
      }
    }
    return sent.filter(({ at }) => at >= time);
  }

  async function alarms(): Promise<Alarm[]> {
    const all: Alarm[] = [];
    for await (const page of paginateDescribeAlarms({ client: cloudwatch }, {})) {
      all.push(...(page.MetricAlarms ?? []));
    }
    return all.filter(({ AlarmName }) => AlarmName?.startsWith('Mirrorwatch-'));
  }
  const alarmNamed = async (name: string) =>
    (await alarms()).find(({ AlarmName }) => AlarmName?.includes(name));

  /** The newest value of RunHealth's metric, as CloudWatch gets it; a minute later for its period. */
  async function tellCloudWatch(sent: readonly Sent[], at: number): Promise<number | undefined> {
    const problems = sent.filter(({ name }) => name === ALARM_METRICS.problems).at(-1);
    if (problems === undefined) return undefined;
    const { namespace: Namespace, name: MetricName, dimensions, value: Value } = problems;
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const datum = { MetricName, Dimensions, Value, Timestamp: new Date(at) };
    await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [datum] }));
    return Value;
  }

  test('every metric that an alarm watches is sent, by name and dimensions, and no other', async () => {
    const sent = await sentSince(since());
    const key = (namespace: unknown, name: unknown, dimensions: object) =>
      JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
    const all = new Set(sent.map((one) => key(one.namespace, one.name, one.dimensions)));
    const watched = await alarms();
    expect(watched.length).toBeGreaterThan(1);
    const ours: string[] = [];
    for (const { AlarmName, Namespace, MetricName, Dimensions = [] } of watched) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      if (Namespace === 'AWS/SQS') {
        // SQS sends it for every queue that there is.
        const { QueueName } = dimensions as { QueueName: string };
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
        expect(QueueUrl, AlarmName).toContain(QueueName);
        expect(MetricName, AlarmName).toBe('ApproximateNumberOfMessagesVisible');
      } else {
        expect(Namespace, AlarmName).toBe(METRICS_NAMESPACE);
        expect([...all], AlarmName).toContain(key(Namespace, MetricName, dimensions));
        ours.push(key(Namespace, MetricName, dimensions));
      }
    }
    expect([...all].sort()).toEqual(ours.sort());
    expect(new Set(sent.map(({ dimensions }) => dimensions.service))).toEqual(
      new Set(['Mirrorwatch']),
    );
  });

  test('a registry that is down for 27 hours is told by mail, alarm, status and page, and so is its return', async () => {
    const deployment = deployed();
    expect((await deployment.run()).status).toBe('SUCCEEDED');
    await mails();
    const registry = JSON.parse(await deployment.read(REGISTRY));
    const lastChecked = new Date(Date.now() - 27 * HOUR_MS).toISOString();
    await deployment.s3.send(
      new PutObjectCommand({
        Bucket: deployment.outputs.BucketName,
        Key: REGISTRY,
        Body: JSON.stringify({ ...registry, lastChecked }),
        ContentType: 'application/json; charset=utf-8',
      }),
    );
    sample().setFaults([{ kind: 'registry', fault: 'html', rate: 1 }]);
    const down = Date.now();
    const execution = await deployment.run();
    sample().setFaults([]);
    expect(execution.status, execution.cause).toBe('SUCCEEDED');
    const [mail, ...others] = await ofRuns();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Mirrorwatch: ALARM RegistryStale');
    expect(mail?.text).toContain(`since ${lastChecked.slice(0, 16).replace('T', ' ')} UTC`);
    expect(mail?.text).toContain('docs/runbook.md, RegistryStale');

    const status = JSON.parse(await deployment.read('data/status.json'));
    expect(status.registry).toMatchObject({
      readAt: lastChecked,
      lastAttempt: { reason: 'malformed' },
    });
    const told = await inCheckout('node', ['bin/mirrorwatch.ts', 'status', '--last', '1']);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/^RegistryStale: The registry could not be read since/m);
    await bannerTells(deployment, lastChecked);

    const rings = await tellCloudWatch(await sentSince(down), Date.now() - 59_000);
    expect(rings).toBe(1);
    expect((await alarmNamed('RunHealth'))?.StateValue).toBe('ALARM');
    expect((await mails()).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^ALARM: "Mirrorwatch-AlarmsRunHealth/),
    ]);

    const back = Date.now();
    expect((await deployment.run()).status).toBe('SUCCEEDED');
    expect((await ofRuns()).map(({ subject }) => subject)).toEqual([
      'Mirrorwatch: OK RegistryStale',
    ]);
    expect(await tellCloudWatch(await sentSince(back), Date.now())).toBe(0);
    expect((await alarmNamed('RunHealth'))?.StateValue).toBe('OK');
    expect((await mails()).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^OK: "Mirrorwatch-AlarmsRunHealth/),
    ]);
    const well = await inCheckout('node', ['bin/mirrorwatch.ts', 'status', '--last', '1']);
    expect(well.code, well.stdout).toBe(0);
  });

  test('a page that is gone is noticed by the run that publishes, and told until it is back', async () => {
    const deployment = deployed();
    await mails();
    const Key = 'dataset.html';
    const place = { Bucket: deployment.outputs.BucketName, Key };
    const Body = await deployment.readBytes(Key);
    const [ContentType, CacheControl] = await deployment.headers(Key);
    const part = { stages: ['check-s3-version' as const, 'summarize' as const] };
    await deployment.s3.send(new DeleteObjectCommand(place));
    expect((await deployment.run(part)).status).toBe('SUCCEEDED');
    await deployment.s3.send(new PutObjectCommand({ ...place, Body, ContentType, CacheControl }));
    const [mail] = await ofRuns();
    expect(mail?.subject).toBe('Mirrorwatch: ALARM SiteUnreachable');
    expect(mail?.text).toMatch(/^dataset\.html\?id=ds\d+ is answered with 404\.$/m);
    expect((await deployment.run(part)).status).toBe('SUCCEEDED');
    expect((await ofRuns()).map(({ subject }) => subject)).toEqual([
      'Mirrorwatch: OK SiteUnreachable',
    ]);
  });
}

/** The page in a browser. */
async function bannerTells(deployment: Deployment, lastChecked: string): Promise<void> {
  const front = await startFront(deployment.s3, deployment.outputs.BucketName);
  const browser = await launch();
  try {
    const { page, wrongs } = await guarded(await browser.open());
    await page.goto(front.url);
    await page.locator('tbody tr .id').first().waitFor();
    expect(await page.locator('.banner').last().textContent()).toContain(
      `The registry could not be read since ${lastChecked.slice(0, 10)}`,
    );
    expect(wrongs).toEqual([]);
  } finally {
    await browser.close();
    await front.close();
  }
}

/** CloudWatch's embedded metric format: what it makes of a line of a log. */
function metricsIn(line: string): Sent[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const record = JSON.parse(line.slice(line.indexOf('{')));
  type Directive = {
    Namespace: string;
    Dimensions: string[][];
    Metrics: { Name: string }[];
  };
  return (record._aws.CloudWatchMetrics as Directive[]).flatMap((directive) =>
    directive.Metrics.flatMap(({ Name }) =>
      directive.Dimensions.flatMap((names) =>
        [record[Name]].flat().map((value) => ({
          namespace: directive.Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, record[name]])),
          value,
          at: record._aws.Timestamp,
        })),
      ),
    ),
  );
}
