// H22 on AWS: the topic, the webhook's secret, and what a run says if nobody takes its messages.

import type { PublishCommand } from '@aws-sdk/client-sns';
import type { GetParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import type { Message } from '../../core/history/messages.ts';
import type { Notifier } from '../../core/history/notify.ts';
import { runPipeline } from '../../core/monitor/run.ts';
import { secretWebhook, topicChannel } from '../../lambdas/notifiers.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { healthyArchive, healthyRefs, stageContext } from '../support/stage-context.ts';
import { STAGES } from '../support/stages.ts';
import { testRun, testTools } from '../support/steps.ts';

const MESSAGE = {
  ...{ id: 'toy/2026-08-08T06:00:00.000Z', archive: 'toy', kind: 'changes', worst: 'error' },
  ...{ subject: 'Mirrorwatch Toys: 1 new fault', text: 'bear: copy missing\n' },
} as Message;

test('the topic gets subject, text, and attributes to filter by', async () => {
  const sent: PublishCommand[] = [];
  const sns = {
    send: async (command: PublishCommand) => {
      sent.push(command);
    },
  };
  const channel = topicChannel(sns as never, 'arn:aws:sns:eu-west-1:1:Changes');
  expect(await channel.send(MESSAGE)).toBe('sent');
  expect(sent.map(({ input }) => input)).toEqual([
    {
      TopicArn: 'arn:aws:sns:eu-west-1:1:Changes',
      Subject: MESSAGE.subject,
      Message: MESSAGE.text,
      MessageAttributes: {
        archive: { DataType: 'String', StringValue: 'toy' },
        kind: { DataType: 'String', StringValue: 'changes' },
        worst: { DataType: 'String', StringValue: 'error' },
      },
    },
  ]);
});

test('a webhook without its secret is not sent, and says which parameter', async () => {
  const asked: unknown[] = [];
  const ssmOf = (value: string | Error) => ({
    async send(command: GetParameterCommand) {
      asked.push(command.input);
      if (value instanceof Error) throw value;
      return { Parameter: { Value: value } };
    },
  });
  const url = 'https://hooks.example.org/';
  const missing = Object.assign(new Error('x'), { name: 'ParameterNotFound' });
  const send = (value: string | Error) =>
    secretWebhook(ssmOf(value) as never, url, '/mirrorwatch/webhook').send(MESSAGE);
  await expect(send(missing)).rejects.toThrow(
    'its secret /mirrorwatch/webhook cannot be read (ParameterNotFound)',
  );
  await expect(send(' ')).rejects.toThrow('its secret /mirrorwatch/webhook is empty');
  expect(asked[0]).toEqual({ Name: '/mirrorwatch/webhook', WithDecryption: true });
});

test('a run sends what changed; if no receiver takes it, that is a problem until one does', async () => {
  const archive = healthyArchive(['ds000001', 'ds000002']);
  const store = memoryRunStore();
  const sent: Message[] = [];
  let isDown = false;
  const notifier: Notifier = {
    ...{ name: 'webhook', receiver: 'a' },
    async send(message) {
      if (isDown) throw new Error('it answered 503');
      sent.push(message);
      return 'sent';
    },
  };
  const publish = async (day: number) => {
    const stages = STAGES.filter((stage) => stage !== 'summarize');
    const request = { datasets: null, maxDatasets: null, stages, archive: [] };
    await runPipeline(stageContext(archive, { store, day }), request);
    const tools = testTools(archive, { store, day });
    const deployment = { ...tools.deployment, notifiers: [notifier] };
    const told = { siteUrl: 'https://watch.example.org', badgeLabel: 'mirrors' };
    const run = testRun({ publishAnyway: true }, day);
    const { outcome } = await summarizeStep({ ...tools, deployment, told }, run);
    expect(outcome).toBe('published');
    return store.runs.get(run.start)?.health?.problems.ChangesUntold;
  };
  await publish(0);
  archive.refs.set('ds000002', healthyRefs([]));
  await publish(1);
  isDown = true;
  expect(await publish(2)).toBe('The webhook did not take a message: it answered 503.');
  expect(await publish(3)).toContain('503');
  isDown = false;
  expect(await publish(4)).toBeUndefined();
  expect(sent.map(({ id, subject }) => [id, subject])).toEqual([
    ['openneuro/2026-08-03T00:00:00.000Z', 'Mirrorwatch OpenNeuro: 1 new fault'],
  ]);
  expect(store.pages.get('feeds/openneuro.atom')).toContain('https://watch.example.org/');
  expect(store.document('badges/openneuro.json').label).toBe('OpenNeuro mirrors');
});
