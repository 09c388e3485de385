// The webhook as a channel of notify.ts.

import { hash } from 'node:crypto';
import { postWebhook, type Webhook, type WebhookWorld } from '../http/webhook.ts';
import type { Notifier } from './notify.ts';

/** Names a receiver without telling its address, which may hold a secret. */
export const receiverOf = (address: string): string => hash('sha256', address).slice(0, 16);

export function webhookChannel(webhook: Webhook, world?: WebhookWorld): Notifier {
  return {
    name: 'webhook',
    receiver: receiverOf(webhook.url),
    send: (message) => postWebhook(webhook, JSON.stringify(message), message.id, world),
  };
}
