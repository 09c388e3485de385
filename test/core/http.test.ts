import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { failed } from '../../core/failure.ts';
import { createHttpClient, type HttpRequest, userAgent } from '../../core/http.ts';
import { fakeClock, manualClock, START, settled, until } from '../support/clock.ts';
import { selfSigned } from './http/certificate.ts';
import { serve, serveRaw } from './http/servers.ts';

const TEXT = 'sub-01/anat/sub-01_T1w.nii.gz\n'.repeat(100);

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { kind: 'description', method: 'GET', url, maxBytes: 10_000, ...more };
}

/** A client that waits for nothing and never jitters. */
function client(options: Parameters<typeof createHttpClient>[0] = {}) {
  return createHttpClient({ clock: fakeClock(), random: () => 0.5, ...options });
}

describe('a question and its answer', () => {
  test('a body comes whole, with its status and headers', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { ETag: '"abc"', 'X-Two': ['a', 'b'] }).end(TEXT);
    });
    const answer = await client().request(get(server.url));
    expect(answer).toMatchObject({
      kind: 'answer',
      status: 200,
      headers: { etag: '"abc"', 'x-two': 'a, b' },
      body: Buffer.from(TEXT),
    });
  });

  test('a POST carries its body, and every question says who asks', async () => {
    const server = await serve((request, response) => {
      const { method, headers, text } = request;
      response.end(JSON.stringify({ method, headers, text }));
    });
    const agent = userAgent('1.2.3', 'https://example.org/mirrorwatch');
    const answer = await client({ userAgent: agent }).request(
      get(server.url, { method: 'POST', body: 'wänt', headers: { 'Content-Type': 'text/x' } }),
    );
    const heard = JSON.parse(answer.kind === 'answer' ? answer.body.toString() : '');
    expect(heard).toMatchObject({
      method: 'POST',
      text: 'wänt',
      headers: {
        'user-agent': 'mirrorwatch/1.2.3 (+https://example.org/mirrorwatch)',
        'accept-encoding': 'identity',
        'content-type': 'text/x',
        'content-length': '5',
      },
    });
  });

  test.each([200, 204, 303, 304, 400, 401, 403, 404, 412])(
    'status %i is an answer, given once',
    async (status) => {
      const server = await serve((_request, response) => response.writeHead(status).end());
      expect(await client().request(get(server.url))).toMatchObject({ kind: 'answer', status });
      expect(server.asked).toBe(1);
    },
  );

  test.each([
    ['0', 'failed'],
    ['1', 'answer'],
  ])('a 403 with %s questions left of a limit is: %s', async (left, kind) => {
    const server = await serve((_request, response) => {
      response.writeHead(403, { 'X-RateLimit-Remaining': left }).end();
    });
    const answer = await client().request(get(server.url));
    expect(answer).toMatchObject({ kind, ...(kind === 'failed' && { reason: 'throttled' }) });
  });

  test('HEAD is answered without a body, whatever length it names', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': 50_000_000, 'Content-Encoding': 'gzip' }).end();
    });
    const answer = await client().request(get(server.url, { method: 'HEAD' }));
    expect(answer).toMatchObject({ kind: 'answer', status: 200, body: Buffer.alloc(0) });
  });

  test('questions one after another share a connection; close() ends it', async () => {
    const server = await serve((_request, response) => response.end(TEXT));
    const asker = client();
    for (let n = 0; n < 5; n += 1) await asker.request(get(server.url));
    expect([server.asked, server.sockets.size]).toEqual([5, 1]);
    const ended = [...server.sockets].map((s) => new Promise((done) => s.once('close', done)));
    asker.close();
    await Promise.all(ended);
    expect(await asker.request(get(server.url))).toMatchObject({ kind: 'answer' });
    expect(server.sockets.size).toBe(2);
  });

  test('traffic counts requests, retries and the bytes of the wire, by kind', async () => {
    const zipped = gzipSync(TEXT);
    const server = await serve((_request, response, nth) => {
      if (nth === 1) response.writeHead(500).end();
      else response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zipped);
    });
    const asker = client();
    await asker.request(get(server.url, { kind: 'listing' }));
    expect(asker.traffic.listing).toEqual({ requests: 2, retries: 1, bytes: zipped.length });
    expect(asker.traffic.refs).toEqual({ requests: 0, retries: 0, bytes: 0 });
  });
});

describe('compressed bodies', () => {
  test.each([
    { encoding: 'gzip', body: gzipSync(TEXT) },
    { encoding: 'GZIP', body: gzipSync(TEXT) },
    { encoding: 'deflate', body: deflateSync(TEXT) },
    { encoding: 'br', body: brotliCompressSync(TEXT) },
    { encoding: 'identity', body: Buffer.from(TEXT) },
  ])('$encoding is undone', async ({ encoding, body }) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(body);
    });
    expect(await client().request(get(server.url))).toMatchObject({ body: Buffer.from(TEXT) });
  });

  test.each([
    { what: 'cut gzip', encoding: 'gzip', body: gzipSync(TEXT).subarray(0, 40) },
    { what: 'cut deflate', encoding: 'deflate', body: deflateSync(TEXT).subarray(0, 40) },
    { what: 'cut brotli', encoding: 'br', body: brotliCompressSync(TEXT).subarray(0, 20) },
    { what: 'an empty gzip body', encoding: 'gzip', body: Buffer.alloc(0) },
  ])('$what is cut short', async ({ encoding, body }) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(body);
    });
    expect(await client().request(get(server.url))).toMatchObject({ reason: 'cut-short' });
  });

  test.each([
    { what: 'an invalid gzip', encoding: 'gzip', body: Buffer.from(TEXT) },
    { what: 'an unknown encoding', encoding: 'zstd', body: Buffer.from(TEXT) },
    { what: 'two encodings', encoding: 'gzip, gzip', body: gzipSync(gzipSync(TEXT)) },
    { what: 'a gzip bomb', encoding: 'gzip', body: gzipSync(Buffer.alloc(5_000_000)) },
    { what: 'a brotli bomb', encoding: 'br', body: brotliCompressSync(Buffer.alloc(5_000_000)) },
  ])('$what is malformed, and not requested again', async ({ encoding, body }) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(body);
    });
    expect(await client().request(get(server.url))).toMatchObject({ reason: 'malformed' });
    expect(server.asked).toBe(1);
  });
});

describe('the cap on a body', () => {
  test.each([
    { what: 'as long as allowed', length: 10_000, headers: {}, kind: 'answer' },
    { what: 'a byte longer, by chunks', length: 10_001, headers: {}, kind: 'failed' },
    {
      what: 'a byte longer, announced',
      length: 10_001,
      headers: { 'Content-Length': 10_001 },
      kind: 'failed',
    },
    {
      what: 'a byte longer, under "identity"',
      length: 10_001,
      headers: { 'Content-Encoding': 'identity' },
      kind: 'failed',
    },
  ])('$what is $kind', async ({ length, headers, kind }) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, headers);
      response.write('x');
      response.end('x'.repeat(length - 1));
    });
    const outcome = await client().request(get(server.url));
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === 'failed') expect(outcome.reason).toBe('malformed');
    expect(server.asked).toBe(1);
  });

  test('a body announced as too long is not even begun', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(10_001)));
    const asker = client();
    expect(await asker.request(get(server.url))).toMatchObject({ reason: 'malformed' });
    expect(asker.traffic.description.bytes).toBe(0);
  });

  test('an endless body is left as soon as it is too long', async () => {
    const server = await serve((_request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(1000)));
        response.once('drain', pour);
      };
      pour();
    });
    const asker = client();
    expect(await asker.request(get(server.url))).toMatchObject({ reason: 'malformed' });
    expect(asker.traffic.description.bytes).toBeLessThan(1_000_000);
  });
});

describe('asking again', () => {
  test.each([
    { status: 500, reason: 'http-5xx' },
    { status: 502, reason: 'http-5xx' },
    { status: 503, reason: 'http-5xx' },
    { status: 429, reason: 'throttled' },
    { status: 408, reason: 'timeout' },
  ])('$status to the end is $reason', async ({ status, reason }) => {
    // The error page is far over the cap, but the status counts.
    const server = await serve((_request, response) =>
      response.writeHead(status).end('x'.repeat(100_000)),
    );
    const asker = client({ retry: { tries: 3 } });
    expect(await asker.request(get(server.url))).toMatchObject({ kind: 'failed', reason });
    expect(server.asked).toBe(3);
  });

  test('a passing fault leaves no trace in the answer', async () => {
    const server = await serve((request, response, nth) => {
      if (nth === 1) request.socket.destroy();
      else if (nth === 2) response.writeHead(502).end();
      else response.end('well');
    });
    const clock = fakeClock();
    const answer = await client({ clock }).request(get(server.url));
    expect(answer).toMatchObject({ kind: 'answer', body: Buffer.from('well') });
    expect(clock.slept).toBe(250 + 500);
  });

  test('the budget for retries is shared by all questions of a run', async () => {
    const server = await serve((_request, response) => response.writeHead(500).end());
    const asker = client({ retry: { tries: 4, budget: 5 } });
    for (let n = 0; n < 4; n += 1) await asker.request(get(server.url));
    expect(asker.traffic.description).toMatchObject({ requests: 4 + 5, retries: 5 });
  });

  test('what the caller rejects is requested again, and then is the outcome', async () => {
    const server = await serve((_request, response, nth) => {
      response.end(nth < 3 ? '<half' : '<whole>');
    });
    const verify: HttpRequest['verify'] = ({ body }) =>
      body.toString().endsWith('>') ? undefined : failed('cut-short', 'no end marker');
    const healed = await client().request(get(server.url, { verify }));
    expect(healed).toMatchObject({ kind: 'answer', body: Buffer.from('<whole>') });
    const never: HttpRequest['verify'] = () => failed('malformed', 'never right');
    const outcome = await client({ retry: { tries: 2 } }).request(
      get(server.url, { verify: never }),
    );
    expect(outcome).toEqual(failed('malformed', 'never right'));
    expect(server.asked).toBe(3 + 2);
  });

  test('a refused connection is a failure', async () => {
    // No machine of today uses port 1 (tcpmux).
    expect(await client().request(get('http://127.0.0.1:1/'))).toMatchObject({
      kind: 'failed',
      reason: 'connection',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a host that throttles', () => {
  test.each([
    { status: 429, retryAfter: '20', pause: 20_000 },
    { status: 429, retryAfter: undefined, pause: 5000 },
    { status: 429, retryAfter: '99999999', pause: 120_000 },
    { status: 503, retryAfter: '20', pause: 20_000 },
    // GitHub's own wording.
    { status: 403, retryAfter: '20', pause: 20_000 },
  ])('$status with Retry-After $retryAfter pauses it whole for $pause ms', async (row) => {
    const server = await serve((_request, response, nth) => {
      const headers = row.retryAfter === undefined ? {} : { 'Retry-After': row.retryAfter };
      if (nth === 1) response.writeHead(row.status, headers).end();
      else response.end('well');
    });
    const clock = fakeClock();
    const start = clock.now();
    const starts: number[] = [];
    const pauses: unknown[] = [];
    const asker = client({
      clock,
      onPause: (host, milliseconds) => pauses.push([host, milliseconds]),
      limits: { '127.0.0.1': { inFlight: 1, perSecond: Number.POSITIVE_INFINITY } },
    });
    const verify = () => {
      starts.push(clock.now() - start);
      return undefined;
    };
    // The second request was never refused itself, but still waits.
    await Promise.all([1, 2].map(() => asker.request(get(server.url, { verify }))));
    expect(starts).toHaveLength(2);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(row.pause);
    expect(pauses).toEqual([[new URL(server.url).host, row.pause]]);
    expect(asker.traffic.description).toMatchObject({ requests: 3, retries: 1 });
  });

  test('503 without Retry-After pauses nobody, and no other host is paused', async () => {
    const unwell = await serve((_request, response) => response.writeHead(503).end());
    const busy = await serve((_request, response) =>
      response.writeHead(429, { 'Retry-After': '100' }).end(),
    );
    const well = await serve((_request, response) => response.end('well'));
    const clock = fakeClock();
    const asker = client({ clock, retry: { tries: 1 } });
    await asker.request(get(unwell.url));
    await asker.request(get(unwell.url));
    await asker.request(get(busy.url));
    await asker.request(get(well.url));
    expect(clock.slept).toBe(0);
    await asker.request(get(busy.url));
    expect(clock.slept).toBe(100_000);
  });

  test('no more questions are in flight than the host is good for', async () => {
    let inFlight = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const server = await serve((_request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      waiting.push(() => {
        inFlight -= 1;
        response.end();
      });
      // Answers only when the limit of concurrent requests is reached, and not passed.
      if (waiting.length === 3) for (const answer of waiting.splice(0)) answer();
    });
    const { host } = new URL(server.url);
    const asker = client({ limits: { [host]: { inFlight: 3, perSecond: 1000 } } });
    await Promise.all(Array.from({ length: 12 }, () => asker.request(get(server.url))));
    expect([server.asked, most]).toEqual([12, 3]);
  });
});

describe('redirects', () => {
  test.each([301, 302, 307, 308])('%i on the same host keeps method and body', async (status) => {
    const server = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(status, { Location: '/b?c=d' }).end('moved');
      else response.end(`${request.method} ${request.url} ${request.text}`);
    });
    const answer = await client().request(
      get(`${server.url}/a`, { method: 'POST', body: 'question' }),
    );
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('POST /b?c=d question') });
  });

  test('another host is never asked, and is named', async () => {
    const other = await serve((_request, response) => response.end('stolen'));
    const server = await serve((_request, response) =>
      response.writeHead(302, { Location: `${other.url}/secret?token=1` }).end(),
    );
    const outcome = await client().request(get(server.url, { headers: { authorization: 'x' } }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'malformed',
      detail: expect.stringContaining(`another host, ${other.url}`),
    });
    expect([server.asked, other.asked]).toEqual([1, 0]);
  });

  test.each([
    { what: 'another scheme', location: (url: string) => url.replace('http:', 'https:'), asked: 1 },
    { what: 'no place at all', location: () => undefined, asked: 1 },
    { what: 'nonsense', location: () => 'http://[', asked: 1 },
    { what: 'itself, for ever', location: () => '/again', asked: 4 },
  ])('a redirect to $what is malformed', async ({ location, asked }) => {
    const server = await serve((_request, response) => {
      const to = location(server.url);
      response.writeHead(301, to === undefined ? {} : { Location: to }).end();
    });
    const outcome = await client().request(get(server.url));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'malformed' });
    expect(server.asked).toBe(asked);
  });
});

describe('too slow', () => {
  const once = { retry: { tries: 1 } };

  test.each([
    { phase: 'firstByte', says: 'no answer', url: (raw: string) => raw },
    // TLS to a server that never completes the handshake: connected, but unusable.
    { phase: 'connect', says: 'no connection', url: (raw: string) => raw.replace('http', 'https') },
  ])('a server that keeps silent is a timeout ($phase)', async ({ phase, says, url }) => {
    const server = await serveRaw(() => {});
    const clock = manualClock();
    const asker = client({ clock, timeouts: { [phase]: 31 }, retry: { tries: 2 } });
    const outcome = asker.request(get(url(server.url)));
    for (let nth = 1; nth <= 2; nth += 1) {
      await until(() => server.asked === nth && clock.timers.includes(31));
      await clock.advance(30);
      expect(asker.waiting()).toHaveLength(1);
      await clock.advance(1);
      if (nth === 1) await clock.advance(250);
    }
    expect(await outcome).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: expect.stringContaining(`${says} in 31 ms`),
    });
    expect(clock.timers).toEqual([]);
  });

  test('a connection that stands already has the time of an answer, not that of a connection', async () => {
    const server = await serve((_request, response, nth) => {
      if (nth === 1) response.end();
    });
    const clock = manualClock();
    const asker = client({ clock, timeouts: { connect: 20, firstByte: 60 }, ...once });
    await asker.request(get(server.url));
    const outcome = asker.request(get(server.url));
    await until(() => server.asked === 2 && clock.timers.includes(60));
    await clock.advance(60);
    expect(await outcome).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('no answer in 60 ms'),
    });
    expect(server.sockets.size).toBe(1);
  });

  /** A server whose body comes in pieces, as the test says. */
  async function dripping() {
    let answer: ServerResponse | undefined;
    const server = await serve((_request, response) => {
      answer = response;
      response.write('.');
    });
    return { url: server.url, drip: () => answer?.write('.'), end: () => answer?.end('.') };
  }

  test('a slow body that keeps coming is no timeout', async () => {
    const server = await dripping();
    const clock = manualClock();
    const asker = client({ clock, timeouts: { idle: 180 }, ...once });
    const outcome = asker.request(get(server.url));
    for (let come = 1; come <= 11; come += 1) {
      await until(() => asker.traffic.description.bytes === come);
      await clock.advance(179);
      if (come < 11) server.drip();
    }
    server.end();
    expect(await outcome).toMatchObject({ body: Buffer.from('.'.repeat(12)) });
    expect(clock.timers).toEqual([]);
  });

  test('a body that stops is a timeout', async () => {
    const server = await dripping();
    const clock = manualClock();
    const asker = client({ clock, timeouts: { idle: 30 }, ...once });
    const outcome = asker.request(get(server.url));
    await until(() => asker.traffic.description.bytes === 1);
    await clock.advance(30);
    expect(await outcome).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('no more of the body in 30 ms'),
    });
  });

  test('a body that drips for ever is a timeout', async () => {
    const server = await dripping();
    const clock = manualClock();
    const asker = client({ clock, timeouts: { idle: 1000, total: 80 }, ...once });
    const outcome = asker.request(get(server.url));
    for (let come = 1; come <= 10; come += 1) {
      await until(() => asker.traffic.description.bytes === come);
      await clock.advance(8);
      if (come < 10) server.drip();
    }
    expect(await outcome).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('not finished in 80 ms'),
    });
  });
});

describe('abandoned requests', () => {
  const reason = new Error('Ctrl-C');
  const oneAtATime = { '127.0.0.1': { inFlight: 1, perSecond: 1000 } };

  test('reject with the reason, end their connection and free their place', async () => {
    const given = new AbortController();
    const server = await serve((_request, response, nth) => {
      if (nth === 1) given.abort(reason);
      else response.end('next');
    });
    const asker = client({ limits: oneAtATime });
    const first = asker.request(get(server.url, { signal: given.signal }));
    const second = asker.request(get(server.url));
    await expect(first).rejects.toBe(reason);
    expect(await second).toMatchObject({ kind: 'answer', body: Buffer.from('next') });
    expect(server.sockets.size).toBe(2);
  });

  test('inside a body too', async () => {
    const given = new AbortController();
    const server = await serve((_request, response) => {
      response.write('half');
      setImmediate(() => given.abort(reason));
    });
    const asked = client().request(get(server.url, { signal: given.signal }));
    await expect(asked).rejects.toBe(reason);
  });

  test('while they wait to be asked again', async () => {
    const given = new AbortController();
    const server = await serve((_request, response) => response.writeHead(500).end());
    const clock = fakeClock();
    const asker = client({
      clock: {
        ...clock,
        sleep: () => {
          given.abort(reason);
          return Promise.reject(given.signal.reason);
        },
      },
    });
    await expect(asker.request(get(server.url, { signal: given.signal }))).rejects.toBe(reason);
    expect(server.asked).toBe(1);
  });

  test('before they are asked at all', async () => {
    const server = await serve((_request, response) => response.end());
    const asked = client().request(get(server.url, { signal: AbortSignal.abort(reason) }));
    await expect(asked).rejects.toBe(reason);
    await settled();
    expect(server.asked).toBe(0);
  });
});

test.each(['refused', 'cut', 'garbage'])('no detail shows a secret (%s)', async (how) => {
  const server = await serveRaw((socket) => {
    if (how === 'refused') socket.end('HTTP/1.1 500 No\r\nX-S: hush\r\nContent-Length: 0\r\n\r\n');
    else if (how === 'cut') socket.end('HTTP/1.1 200 OK\r\nX-S: hush\r\nContent-Length: 9\r\n\r\n');
    else socket.end('hush hush');
  });
  const { host } = new URL(server.url);
  const outcome = await client({ retry: { tries: 1 } }).request(
    get(`http://me:hush@${host}/path?key=hush`, { headers: { authorization: 'Bearer hush' } }),
  );
  expect(outcome).toMatchObject({ detail: expect.stringContaining(`GET ${host}/path: `) });
  expect(JSON.stringify(outcome)).not.toContain('hush');
});

describe('TLS', () => {
  test('many requests share one connection with a trusted certificate', async () => {
    const tls = selfSigned();
    const server = await serve((_request, response) => response.end(TEXT), tls);
    const asker = client({ ca: tls.cert });
    for (let n = 0; n < 3; n += 1) {
      expect(await asker.request(get(server.url))).toMatchObject({ body: Buffer.from(TEXT) });
    }
    expect(server.sockets.size).toBe(1);
  });

  test.each([
    { what: 'nobody vouches for', options: () => ({}) },
    { what: 'is of somebody else', options: () => ({ ca: selfSigned().cert }) },
  ])('a certificate that $what is no connection, and nothing is asked', async ({ options }) => {
    const server = await serve((_request, response) => response.end('trust me'), selfSigned());
    const asker = client({ ...options(), retry: { tries: 1 } });
    const outcome = await asker.request(get(server.url));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection' });
    expect(server.asked).toBe(0);
  });
});

describe('a host that keeps throttling', () => {
  const refuse = (status: number, retryAfter = '60') =>
    serve((_request, response) => response.writeHead(status, { 'Retry-After': retryAfter }).end());

  test.each([
    { status: 429, reason: 'throttled' },
    { status: 403, reason: 'throttled' },
    { status: 503, reason: 'http-5xx' },
  ])(
    '$status is left alone: all that is wanted of it fails at once',
    async ({ status, reason }) => {
      const server = await refuse(status);
      const clock = fakeClock();
      const told: string[] = [];
      const asker = client({ clock, onLeftAlone: (_host, why) => told.push(why) });
      const { host } = new URL(server.url);
      const outcomes = await Promise.all(
        Array.from({ length: 300 }, () => asker.request(get(server.url))),
      );
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'failed', reason });
      expect(outcomes.at(-1)).toMatchObject({
        detail: `${host} is left alone for the rest of the run: it refused 5 times in a row`,
      });
      expect(told).toHaveLength(1);
      // Rounds of the maximum number in flight, with a minute between.
      expect(server.asked).toBeLessThanOrEqual(5 * 32);
      const asked = server.asked;
      const { slept } = clock;
      expect(await asker.request(get(server.url))).toMatchObject({ kind: 'failed', reason });
      expect([server.asked, clock.slept]).toEqual([asked, slept]);
    },
  );

  test('requests that wait for its pause wait no longer, and other hosts are asked', async () => {
    const busy = await refuse(429, '100');
    const well = await serve((_request, response) => response.end('well'));
    const clock = manualClock();
    const { host } = new URL(busy.url);
    const asker = createHttpClient({
      clock,
      random: () => 0,
      limits: { [host]: { inFlight: 1, perSecond: Number.POSITIVE_INFINITY } },
    });
    const waiting = Array.from({ length: 20 }, () => asker.request(get(busy.url)));
    let over = 0;
    for (const one of waiting) void one.then(() => over++);
    for (let pauses = 1; pauses < 5; pauses += 1) {
      await until(() => busy.asked === pauses);
      await until(() => clock.sleeping > 0);
      expect(over).toBeLessThan(2);
      await clock.advance(100_000);
    }
    const outcomes = await Promise.all(waiting);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['failed']));
    // Four pauses of less than two minutes: well within a function's 15.
    expect([busy.asked, clock.now() - START]).toEqual([5, 400_000]);
    expect(await asker.request(get(well.url))).toMatchObject({ kind: 'answer' });
  });

  test('one that answers in between is not: what it answered does not matter', async () => {
    const server = await serve((_request, response, nth) => {
      if (nth % 5 === 0) response.writeHead([200, 404, 500][(nth / 5) % 3] as number).end();
      else response.writeHead(429).end();
    });
    const asker = client({ retry: { tries: 1 } });
    for (let n = 0; n < 100; n += 1) await asker.request(get(server.url));
    expect(server.asked).toBe(100);
  });

  test('questions that are refused together are refused once', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve((_request, response, nth) => {
      if (nth > 30) response.end('well');
      else waiting.push(() => response.writeHead(429, { 'Retry-After': '1' }).end());
      if (waiting.length === 30) for (const answer of waiting.splice(0)) answer();
    });
    const outcomes = await Promise.all(
      Array.from(
        { length: 30 },
        (
          (asker) => () =>
            asker.request(get(server.url))
        )(client()),
      ),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['answer']));
  });

  test('a refusal that only the caller can read counts as well', async () => {
    const server = await serve((_request, response) => response.writeHead(403).end('rate limit'));
    const verify = () => failed('throttled', 'HTTP 403 with a word about limits');
    const clock = fakeClock();
    const asker = client({ clock, retry: { tries: 1 } });
    for (let n = 0; n < 50; n += 1) await asker.request(get(server.url, { verify }));
    expect(server.asked).toBe(5);
    expect(clock.slept).toBeGreaterThanOrEqual(4 * 5000);
  });
});

test('pending requests are listed, the longest first, until they are answered', async () => {
  const answers: (() => void)[] = [];
  const server = await serve((_request, response, nth) => {
    if (nth === 1) response.writeHead(429, { 'Retry-After': '7' }).end();
    else answers.push(() => response.end('well'));
  });
  const { host } = new URL(server.url);
  const clock = manualClock();
  const asker = createHttpClient({ clock, random: () => 0 });
  const first = asker.request(get(server.url, { about: 'ds000001' }));
  await until(() => clock.sleeping > 0);
  const asked = { kind: 'description', host, about: 'ds000001', since: START };
  expect(asker.waiting()).toEqual([{ ...asked, paused: true }]);
  await clock.advance(7000);
  const second = asker.request(get(server.url));
  await until(() => answers.length === 2);
  expect(asker.waiting()).toEqual([
    { ...asked, paused: false },
    { kind: 'description', host, about: null, since: START + 7000, paused: false },
  ]);
  for (const answer of answers) answer();
  await Promise.all([first, second]);
  expect(asker.waiting()).toEqual([]);
});
