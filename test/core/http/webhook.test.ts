// H22: the webhook, over real TLS.

import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../../../core/http/clock.ts';
import { isPublicAddress } from '../../../core/http/public-address.ts';
import { postWebhook, signatureOf, type WebhookWorld } from '../../../core/http/webhook.ts';
import { sleeplessClock } from '../../support/clock.ts';
import { selfSigned } from './certificate.ts';

const { key, cert } = selfSigned();
const BODY = JSON.stringify({ schemaVersion: 1, name: 'Ünïcode' });
const SECRET = 'It is a secret to everybody';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** Answers with these statuses, one after the other; null never answers. */
async function receiver(statuses: readonly (number | null)[]) {
  const asked: Asked[] = [];
  server = createServer({ key, cert }, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    asked.push({ headers: request.headers, body, path: request.url ?? '' });
    const status = statuses[asked.length - 1];
    if (status === null) return;
    response.writeHead(status ?? 500, { location: '/elsewhere' }).end('x'.repeat(100_000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { asked, url: `https://127.0.0.1:${port}/hook?key=1`, port };
}

const world: WebhookWorld = { ca: cert, clock: sleeplessClock(), isAllowed: () => true };
const post = (url: string, more: WebhookWorld = {}) =>
  postWebhook({ url, secret: SECRET }, BODY, 'toy/2026-08-08T06:00:00.000Z', { ...world, ...more });

test('a message is signed, and has an id', async () => {
  const { asked, url } = await receiver([204]);
  expect(await post(url)).toBe('sent');
  expect(asked).toHaveLength(1);
  const [{ headers, body, path } = {} as Asked] = asked;
  expect([path, body]).toEqual(['/hook?key=1', BODY]);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['x-mirrorwatch-signature']).toBe(signatureOf(SECRET, BODY));
  expect(headers['x-mirrorwatch-delivery']).toBe('toy/2026-08-08T06:00:00.000Z');
});

test('the signature is that of the known vectors', () => {
  // RFC 4231, test case 2; GitHub's documentation of its own webhooks.
  expect(signatureOf('Jefe', 'what do ya want for nothing?')).toBe(
    'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(signatureOf("It's a Secret to Everybody", 'Hello, World!')).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  );
});

test('a receiver that is busy is asked three times, always with the same id', async () => {
  const { asked, url } = await receiver([503, 429, 200]);
  expect(await post(url)).toBe('sent');
  expect(new Set(asked.map(({ headers }) => headers['x-mirrorwatch-delivery'])).size).toBe(1);
  expect(asked).toHaveLength(3);
});

test('then it is given up', async () => {
  const { asked, url } = await receiver([500, 502, 503, 200]);
  await expect(post(url)).rejects.toThrow('it answered 503');
  expect(asked).toHaveLength(3);
});

test.each([400, 401, 404])('%d is not asked again', async (status) => {
  const { asked, url } = await receiver([status, 200]);
  await expect(post(url)).rejects.toThrow(`it answered ${status}`);
  expect(asked).toHaveLength(1);
});

test('410 wants no more', async () => {
  const { url } = await receiver([410]);
  expect(await post(url)).toBe('gone');
});

test.each([301, 302, 307, 308])('a redirect (%d) is not followed', async (status) => {
  const { asked, url } = await receiver([status, 200]);
  await expect(post(url)).rejects.toThrow('it redirects');
  expect(asked).toHaveLength(1);
});

test('an answer that does not come is waited for no longer than the limit', async () => {
  const { asked, url } = await receiver([null, null, null]);
  await expect(post(url, { withinMs: 150 })).rejects.toThrow('no answer within 0.15 s');
  expect(asked).toHaveLength(3);
});

test('the pauses between tries are those of the clock', async () => {
  const { url } = await receiver([500, 500, 500]);
  const slept: number[] = [];
  const clock: Clock = {
    ...sleeplessClock(),
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
    },
  };
  await expect(post(url, { clock })).rejects.toThrow();
  expect(slept).toEqual([2000, 4000]);
});

test('a certificate that nobody trusts is refused', async () => {
  const { asked, url } = await receiver([200]);
  const { ca: _, ...untrusting } = world;
  await expect(postWebhook({ url, secret: SECRET }, BODY, 'id', untrusting)).rejects.toThrow(
    'no connection',
  );
  expect(asked).toEqual([]);
});

test.each([
  'https://127.0.0.1:PORT/',
  'https://[::1]:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://0x7f.1:PORT/',
  'https://2130706433:PORT/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/',
  'https://10.0.0.1/',
  'https://localhost:PORT/',
])('%s is not asked', async (template) => {
  const { asked, port } = await receiver([200]);
  const url = template.replace('PORT', `${port}`);
  const { isAllowed: _, ...real } = world;
  await expect(postWebhook({ url, secret: SECRET }, BODY, 'id', real)).rejects.toThrow(
    'is not one of the public internet',
  );
  expect(asked).toEqual([]);
});

test('a name that leads inside is refused, also if only one of its addresses does', async () => {
  const { asked, port } = await receiver([200]);
  const { isAllowed: _, ...real } = world;
  const resolve = async () => [
    { address: '93.184.216.34', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ];
  const url = `https://hooks.example.org:${port}/`;
  await expect(
    postWebhook({ url, secret: SECRET }, BODY, 'id', { ...real, resolve }),
  ).rejects.toThrow('its address 169.254.169.254 is not one of the public internet');
  expect(asked).toEqual([]);
});

test('the address that was checked is the one that is connected to', async () => {
  const { port } = await receiver([200]);
  let connections = 0;
  server?.on('connection', () => {
    connections += 1;
  });
  let questions = 0;
  const resolve = async () => {
    questions += 1;
    return [{ address: '127.0.0.1', family: 4 }];
  };
  // No DNS has this name, and the certificate is for another one: TLS ends it.
  const url = `https://hooks.invalid:${port}/`;
  await expect(post(url, { resolve })).rejects.toThrow('no connection');
  expect([questions, connections]).toEqual([3, 3]);
});

test('plain http is refused', async () => {
  await expect(post('http://hooks.example.org/')).rejects.toThrow('not https');
});

test.each([
  ['8.8.8.8', true],
  ['1.1.1.1', true],
  ['2606:4700::1111', true],
  ...[
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...[
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      'fe80::1',
      'fd00:ec2::254',
    ],
    ...['fc00::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', 'hooks.example.org', ''],
  ].map((address) => [address, false] as const),
] as const)('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});
