import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../../core/http.ts';
import { fakeClock } from '../../support/clock.ts';
import { serveRaw } from './servers.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const BODY = 'half of the keys of an export, and then the other half';
const ZIPPED = gzipSync(BODY.repeat(20));
const CUT_ZIP = ZIPPED.subarray(0, ZIPPED.length - 12);

interface Cut {
  readonly how: string;
  readonly speak: (socket: Socket) => void;
}

const CUTS: readonly Cut[] = [
  {
    how: 'fewer bytes than Content-Length says',
    speak: (socket) => socket.end(`${OK}Content-Length: 100\r\n\r\n${BODY}`),
  },
  {
    how: 'chunks without the last one',
    speak: (socket) => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`),
  },
  {
    how: 'a chunk broken off inside',
    speak: (socket) => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n40\r\nhello`),
  },
  {
    how: 'a reset inside the body',
    speak: (socket) => {
      socket.write(`${OK}Content-Length: 100\r\n\r\n${BODY}`, () => socket.resetAndDestroy());
    },
  },
  {
    how: 'a half-close right after the headers',
    speak: (socket) => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n`),
  },
  {
    how: 'a gzip stream cut, with the right Content-Length for what is left',
    speak: (socket) => {
      const head = `${OK}Content-Encoding: gzip\r\nContent-Length: ${CUT_ZIP.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head), CUT_ZIP]));
    },
  },
  {
    how: 'nothing at all after a Content-Length',
    speak: (socket) => socket.end(`${OK}Content-Length: 100\r\n\r\n`),
  },
  {
    how: 'no length and no chunks: the end of the connection proves nothing',
    speak: (socket) => socket.end(`${OK}Connection: close\r\n\r\n${BODY}`),
  },
];

test.each(CUTS)('a body cut by $how is a failed measurement', async ({ speak }) => {
  const server = await serveRaw(speak);
  const client = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
  const outcome = await client.request({
    kind: 'listing',
    method: 'GET',
    url: server.url,
    maxBytes: 10_000,
  });
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'cut-short' });
  expect(server.asked).toBe(2);
});

test.each(CUTS)('cut once by $how, the next try heals it', async ({ speak }) => {
  let nth = 0;
  const server = await serveRaw((socket) => {
    nth += 1;
    if (nth === 1) speak(socket);
    else socket.end(`${OK}Content-Length: ${BODY.length}\r\n\r\n${BODY}`);
  });
  const client = createHttpClient({ clock: fakeClock() });
  const outcome = await client.request({
    kind: 'listing',
    method: 'GET',
    url: server.url,
    maxBytes: 10_000,
  });
  expect(outcome).toMatchObject({ kind: 'answer', body: Buffer.from(BODY) });
  expect(client.traffic.listing).toMatchObject({ requests: 2, retries: 1 });
});

test.each([
  { what: 'no byte', speak: (s: Socket) => s.end(), reason: 'connection' },
  { what: 'a reset', speak: (s: Socket) => s.resetAndDestroy(), reason: 'connection' },
  { what: 'half the headers', speak: (s: Socket) => s.end(`${OK}Content-`), reason: 'connection' },
  { what: 'no HTTP', speak: (s: Socket) => s.end('220 ftp ready\r\n\r\n'), reason: 'malformed' },
  {
    what: 'a length that is not a number',
    speak: (s: Socket) => s.end(`${OK}Content-Length: many\r\n\r\n`),
    reason: 'malformed',
  },
  {
    what: 'two lengths',
    speak: (s: Socket) => s.end(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    reason: 'malformed',
  },
  {
    what: 'a chunk whose size is not a number',
    speak: (s: Socket) => s.end(`${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello`),
    reason: 'malformed',
  },
  {
    what: 'more headers than anyone needs',
    speak: (s: Socket) => s.end(`${OK}X-Big: ${'x'.repeat(100_000)}\r\n\r\n`),
    reason: 'malformed',
  },
  {
    what: 'a switch to another protocol',
    speak: (s: Socket) =>
      s.end('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    reason: 'connection',
  },
])('an answer of $what is $reason', async ({ speak, reason }) => {
  const server = await serveRaw(speak);
  const client = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
  const outcome = await client.request({
    kind: 'refs',
    method: 'GET',
    url: server.url,
    maxBytes: 10_000,
  });
  expect(outcome).toMatchObject({ kind: 'failed', reason });
});
