// A signed POST to an address that the operator set. It goes to public addresses only, and follows no
// redirect: the receiver decides neither where it goes nor what it reaches.

import { createHmac } from 'node:crypto';
import { lookup as resolve } from 'node:dns/promises';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Clock, systemClock } from './clock.ts';
import { isPublicAddress } from './public-address.ts';

/** The names of the headers, as receivers look for them. */
export const SIGNATURE = 'X-Mirrorwatch-Signature';
export const DELIVERY = 'X-Mirrorwatch-Delivery';

const WITHIN_MS = 10_000;
const TRIES = 3;
const PAUSE_MS = 2000;

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** Default: the real ones. */
export interface WebhookWorld {
  readonly clock?: Clock;
  readonly resolve?: (host: string) => Promise<readonly { address: string; family: number }[]>;
  readonly isAllowed?: (address: string) => boolean;
  /** Certificates to trust besides. */
  readonly ca?: string;
  readonly withinMs?: number;
}

/** Why a message was not taken. The address is not in the message: it may hold a secret. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  /** Whether another try may help. */
  readonly isPassing: boolean;
  constructor(message: string, isPassing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isPassing = isPassing;
  }
}

/** `sha256=` and the HMAC of the body, as receivers compute it. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/**
 * Sends a message, up to three times.
 * @param delivery the same for each try, so that a receiver can leave out what it has
 * @returns `gone` if the receiver wants no more of them (410)
 * @throws WebhookError
 */
export async function postWebhook(
  webhook: Webhook,
  body: string,
  delivery: string,
  world: WebhookWorld = {},
): Promise<'sent' | 'gone'> {
  const { clock = systemClock } = world;
  for (let tried = 1; ; tried += 1) {
    try {
      return await post(webhook, body, delivery, world);
    } catch (error) {
      if (!(error instanceof WebhookError) || !error.isPassing || tried === TRIES) throw error;
      await clock.sleep(PAUSE_MS * tried);
    }
  }
}

async function post(
  { url, secret }: Webhook,
  body: string,
  delivery: string,
  world: WebhookWorld,
): Promise<'sent' | 'gone'> {
  const { isAllowed = isPublicAddress, ca, withinMs = WITHIN_MS } = world;
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') throw new WebhookError('its address is not https', false);
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw notAllowed(literal);
  const status = await new Promise<number>((done, failed) => {
    const sent = request(
      url,
      {
        method: 'POST',
        // A connection that is kept might have been made to another address.
        agent: false,
        lookup: checkedLookup(world, isAllowed),
        signal: AbortSignal.timeout(withinMs),
        ...(ca !== undefined && { ca }),
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': 'mirrorwatch',
          [SIGNATURE]: signatureOf(secret, body),
          [DELIVERY]: delivery,
        },
      },
      (answer) => {
        // Nobody reads it, so it may be of any length.
        answer.destroy();
        done(answer.statusCode ?? 0);
      },
    );
    sent.on('error', (error) => {
      const { code, name } = error as NodeJS.ErrnoException;
      const isLate = name === 'AbortError' || name === 'TimeoutError';
      const why = isLate
        ? `no answer within ${withinMs / 1000} s`
        : `no connection (${code ?? name})`;
      failed(error instanceof WebhookError ? error : new WebhookError(why, true, { cause: error }));
    });
    sent.end(body);
  });
  if (status >= 200 && status < 300) return 'sent';
  if (status === 410) return 'gone';
  if (status >= 300 && status < 400) {
    throw new WebhookError(`it redirects (${status}), which is not followed`, false);
  }
  throw new WebhookError(`it answered ${status}`, status === 429 || status >= 500);
}

/** Resolves a name and connects to what was checked: a second answer may be another. */
function checkedLookup(
  { resolve: ask = (host) => resolve(host, { all: true }) }: WebhookWorld,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  return (hostname, { all }, callback) => {
    ask(hostname).then(
      (found) => {
        const refused = found.find(({ address }) => !isAllowed(address));
        const [first] = found;
        if (refused !== undefined) callback(notAllowed(refused.address), '', 0);
        else if (first === undefined)
          callback(new WebhookError('its name is unknown', true), '', 0);
        else if (all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

const notAllowed = (address: string) =>
  new WebhookError(`its address ${address} is not one of the public internet`, false);
