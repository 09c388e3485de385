// Who gets messages about what changed, on AWS: the topic of the changes, and a webhook whose secret is in SSM.

import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Notifier } from '../core/history/notify.ts';
import { receiverOf, webhookChannel } from '../core/history/webhook-channel.ts';

/** Long enough for the client's own retries when SSM throttles. */
const READ_WITHIN_MS = 20_000;

/** Subscribers can filter by `archive`, `kind` and `worst`. */
export function topicChannel(sns: Pick<SNSClient, 'send'>, topic: string): Notifier {
  return {
    name: 'topic',
    receiver: receiverOf(topic),
    async send({ subject, text, archive, kind, worst }) {
      const attributes = Object.entries({ archive, kind, worst });
      await sns.send(
        new PublishCommand({
          TopicArn: topic,
          Subject: subject,
          Message: text,
          MessageAttributes: Object.fromEntries(
            attributes.map(([name, StringValue]) => [
              name,
              { DataType: 'String' as const, StringValue },
            ]),
          ),
        }),
      );
      return 'sent';
    },
  };
}

/** Reads the secret when there is something to send. */
export function secretWebhook(
  ssm: Pick<SSMClient, 'send'>,
  url: string,
  parameter: string,
): Notifier {
  return {
    ...webhookChannel({ url, secret: '' }),
    async send(message) {
      const secret = await readSecret(ssm, parameter);
      return webhookChannel({ url, secret }).send(message);
    },
  };
}

async function readSecret(ssm: Pick<SSMClient, 'send'>, parameter: string): Promise<string> {
  let secret: string | undefined;
  try {
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: parameter, WithDecryption: true }),
      { abortSignal: AbortSignal.timeout(READ_WITHIN_MS) },
    );
    secret = Parameter?.Value?.trim();
  } catch (error) {
    const why = error instanceof Error ? error.name : String(error);
    throw new Error(`its secret ${parameter} cannot be read (${why})`, { cause: error });
  }
  if (!secret) throw new Error(`its secret ${parameter} is empty`);
  return secret;
}
