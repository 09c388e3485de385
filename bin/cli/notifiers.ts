// Who gets messages about what changed, after a run on one machine: a file, a webhook.

import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Notifier } from '../../core/history/notify.ts';
import { receiverOf, webhookChannel } from '../../core/history/webhook-channel.ts';
import { type RunOptions, SECRET_VARIABLE } from './options.ts';

/** @throws InvalidArgumentError in one sentence if the webhook has no secret */
export function notifiersOf(
  { notify, webhookUrl }: Pick<RunOptions, 'notify' | 'webhookUrl'>,
  env: NodeJS.ProcessEnv,
): Notifier[] {
  const notifiers: Notifier[] = [];
  if (notify !== undefined) notifiers.push(fileChannel(notify));
  if (webhookUrl !== undefined) {
    const secret = env[SECRET_VARIABLE]?.trim() ?? '';
    if (secret === '') {
      throw new InvalidArgumentError(
        `Set ${SECRET_VARIABLE} too: it signs the messages, so that the receiver knows whose they are.`,
      );
    }
    notifiers.push(webhookChannel({ url: webhookUrl, secret }));
  }
  return notifiers;
}

/** Appends each message as one line of JSON. */
function fileChannel(path: string): Notifier {
  return {
    name: 'file',
    receiver: receiverOf(resolve(path)),
    async send(message) {
      await appendFile(path, `${JSON.stringify(message)}\n`);
      return 'sent';
    },
  };
}
