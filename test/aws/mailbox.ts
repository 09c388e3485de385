// An SQS queue that gets what a topic sends, as a person's mailbox would.

import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { clients } from './clients.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  /** Attributes of the message, for filter policies. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Mailbox {
  /** What came since the last look. */
  mails(): Promise<readonly Mail[]>;
}

/** Subscribes a new queue to a topic. */
export async function openMailbox(name: string, TopicArn: string): Promise<Mailbox> {
  const { sns, sqs } = clients();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const { QueueArn } = Attributes as { QueueArn: string };
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QueueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
    },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn }));
  return {
    async mails() {
      const all: Mail[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return all;
        for (const { Body = '', ReceiptHandle } of Messages) {
          const { Subject: subject, Message: text, MessageAttributes = {} } = JSON.parse(Body);
          const attributes = Object.entries(
            MessageAttributes as Record<string, { readonly Value: string }>,
          ).map(([key, { Value }]) => [key, Value]);
          all.push({ subject, text, attributes: Object.fromEntries(attributes) });
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}
