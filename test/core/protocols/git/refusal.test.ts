// What a mirror's refusal means: the table of docs/checks.md#unverified, row by row.

import { describe, expect, test } from 'vitest';
import type { HttpClient } from '../../../../core/http.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { meaningOfRefusal } from '../../../../core/protocols/git/refusal.ts';
import { canned, commit, FILE_OID, fetchAnswer, pack, pkt, tree } from './wire.ts';

const ABSENT = { kind: 'absent' };
const DENIED = { kind: 'denied' };
const THROTTLED = { kind: 'failed', reason: 'throttled' };
const TEXT = 'text/plain; charset=utf-8';

test.each([
  [404, TEXT, 'Not Found', ABSENT],
  [404, TEXT, 'Repository not found.\n', ABSENT],
  [401, TEXT, 'Repository not found.\n', ABSENT],
  [404, TEXT, ' Not Found!  \n', ABSENT],
  [404, TEXT, 'remote:  Repository not found.', ABSENT],
  [404, TEXT, 'remote:not found', ABSENT],
  [404, TEXT, 'Not found: see the proxy', null],
  [404, TEXT, 'errorNot Found', null],
  [404, TEXT, 'Try again later', null],
  [403, TEXT, 'ratelimit reached', THROTTLED],
  [404, TEXT, '404 page not found\n', null],
  [404, TEXT, '', null],
  [404, 'application/json', '{"error":"not found"}', null],
  [404, 'text/html', 'Not Found', null],
  [401, TEXT, '', null],
  [401, 'text/html', 'Repository not found.', null],
  [451, TEXT, 'Repository access blocked\n', { kind: 'disabled' }],
  [451, 'application/json', '{"message":"Repository access blocked"}', { kind: 'disabled' }],
  [451, TEXT, '', { kind: 'disabled' }],
  [451, 'text/html', '<h1>Unavailable here</h1>', null],
  [403, TEXT, 'Repository unavailable due to DMCA takedown.\n', { kind: 'disabled' }],
  [
    403,
    TEXT,
    'Access to this repository has been disabled by GitHub staff due to\nexcessive resource use.',
    { kind: 'disabled' },
  ],
  [403, TEXT, 'This repository has been disabled due to abuse.', { kind: 'disabled' }],
  [403, TEXT, 'Forbidden', DENIED],
  [403, TEXT, '', DENIED],
  [403, 'text/html', '<p>This repository was blocked by your proxy</p>', null],
  [403, TEXT, 'API rate limit exceeded', THROTTLED],
  [403, TEXT, 'You have exceeded a secondary rate limit.', THROTTLED],
  [403, TEXT, 'You have triggered an abuse detection mechanism.', THROTTLED],
  [403, TEXT, 'Access to this repository is blocked for now: try again later', THROTTLED],
  [400, TEXT, '', null],
  [200, 'text/html', '<p>hello', null],
])('%i (%s) "%s"', (status, type, text, expected) => {
  const body = Buffer.from(text);
  const meaning = meaningOfRefusal(
    { kind: 'answer', status, headers: { 'content-type': type }, body },
    { credentialsRefused: false },
  );
  if (expected === null) expect(meaning).toBeNull();
  else expect(meaning).toMatchObject(expected);
});

test.each([
  ['Repository not found.', { kind: 'absent' }],
  ['Authentication required', { kind: 'failed', reason: 'credentials-refused' }],
  ['', { kind: 'failed', reason: 'credentials-refused' }],
])('a 401 ("%s") from a host that has refused our credentials', (text, expected) => {
  const answer = { kind: 'answer', status: 401, headers: {}, body: Buffer.from(text) } as const;
  expect(meaningOfRefusal(answer, { credentialsRefused: true })).toMatchObject(expected);
});

test('a 404 that says nothing says nothing about our credentials either', () => {
  const answer = { kind: 'answer', status: 404, headers: {}, body: Buffer.from('') } as const;
  expect(meaningOfRefusal(answer, { credentialsRefused: true })).toBeNull();
});

test('what another archive says of an absence is an option of its mirror', async () => {
  const http = canned(() => ({ status: 404, type: TEXT, body: 'No such project here' }));
  const absent = createMirrorSource({ http, baseUrl: 'https://host', absentText: 'No such' });
  expect(await absent.readRefs('ds1')).toEqual(ABSENT);
  const plain = createMirrorSource({ http, baseUrl: 'https://host' });
  expect(await plain.readRefs('ds1')).toMatchObject({ kind: 'failed', reason: 'malformed' });
});

describe('the token', () => {
  const sent = `Basic ${Buffer.from('x-access-token:old').toString('base64')}`;
  const source = (http: HttpClient) =>
    createMirrorSource({ http, baseUrl: 'https://host/org//', token: 'old' });
  const REFS = Buffer.from(`${pkt(`${'a'.repeat(40)} refs/heads/main`)}0000`);

  test('is sent as GitHub wants it, and not any more when it was refused', async () => {
    const http = canned(({ headers }) =>
      headers?.authorization === undefined
        ? { body: REFS }
        : { status: 401, type: TEXT, body: 'Bad credentials' },
    );
    expect(await source(http).readRefs('ds1')).toMatchObject({ kind: 'seen' });
    expect(http.asked.map(({ headers }) => headers?.authorization)).toEqual([sent, undefined]);
    expect(http.asked[0]?.url).toBe('https://host/org/ds1.git/git-upload-pack');
  });

  test('a refused token is in the way of no tree', async () => {
    const leaf = tree(['100644', 'x', FILE_OID]);
    const head = commit(leaf.oid);
    const body = fetchAnswer(pack([head, leaf]), head.oid);
    const http = canned(({ headers }) =>
      headers?.authorization === undefined
        ? { body }
        : { status: 401, type: TEXT, body: 'Bad credentials' },
    );
    expect(await source(http).readTree('ds1', head.oid)).toMatchObject({ kind: 'seen' });
    expect(http.asked).toHaveLength(2);
  });

  test('does not turn a non-answer into an answer', async () => {
    const http = canned(() => ({ status: 400, type: TEXT, body: 'what?' }));
    const MALFORMED = { kind: 'failed', reason: 'malformed' };
    expect(await source(http).readTree('ds1', 'a'.repeat(40))).toMatchObject(MALFORMED);
    expect(await source(http).readRefs('ds1')).toMatchObject(MALFORMED);
  });
});

test.each<[string, number, Record<string, string>, string, string | undefined, object | null]>([
  ['GitHub', 401, { 'www-authenticate': 'Basic realm="GitHub"' }, '', undefined, ABSENT],
  ["git's own server", 404, { expires: 'Fri, 01 Jan 1980 00:00:00 GMT' }, '', undefined, ABSENT],
  ['a proxy', 401, { 'www-authenticate': 'Basic realm="proxy"' }, '', undefined, null],
  ['another host', 401, { 'www-authenticate': 'Basic realm="GitLab"' }, 'No.', undefined, null],
  ['it, as set', 401, { 'www-authenticate': 'Basic realm="GitLab"' }, 'No.', '"GitLab"', ABSENT],
  ['one set by its text', 404, {}, 'No such project here', 'No such project', ABSENT],
  ['another text', 404, {}, 'No such page', 'No such project', null],
  ['a realm without a question', 404, { 'www-authenticate': 'Basic realm="GitHub"' }, '', '', null],
  ['a date without an absence', 401, { expires: 'Fri, 01 Jan 1980 00:00:00 GMT' }, '', '', null],
  ['a page with that text', 404, { 'content-type': 'text/html' }, 'No such', 'No such', null],
])('an absence as %s reports it (%i)', (_, status, headers, text, absentText, expected) => {
  const answer = { kind: 'answer', status, headers, body: Buffer.from(text) } as const;
  const meaning = meaningOfRefusal(answer, { credentialsRefused: false, absentText });
  if (expected === null) expect(meaning).toBeNull();
  else expect(meaning).toMatchObject(expected);
});

test.each([401, 403, 404])(
  'a web page (%i) says nothing about the token either',
  async (status) => {
    const http = canned(() => ({ status, type: 'text/html', body: 'Access Denied' }));
    const refused: number[] = [];
    const source = createMirrorSource({
      http,
      baseUrl: 'https://host/org',
      token: 'good',
      onTokenRefused: (told) => refused.push(told),
    });
    expect(await source.readRefs('ds1')).toMatchObject({ kind: 'failed', reason: 'malformed' });
    expect(await source.readTree('ds1', 'a'.repeat(40))).toMatchObject({ reason: 'malformed' });
    expect(http.asked.filter(({ headers }) => headers?.authorization === undefined)).toEqual([]);
    expect(refused).toEqual([]);
  },
);

test('a limit named in a text says nothing about the token: the token stays, and nothing was measured', async () => {
  const http = canned(() => ({ status: 403, type: TEXT, body: 'a secondary rate limit' }));
  const refused: number[] = [];
  const source = createMirrorSource({
    http,
    baseUrl: 'https://host/org',
    token: 'good',
    onTokenRefused: (status) => refused.push(status),
  });
  expect(await source.readRefs('ds1')).toMatchObject(THROTTLED);
  expect(await source.readRefs('ds2')).toMatchObject(THROTTLED);
  expect(http.asked.filter(({ headers }) => headers?.authorization === undefined)).toEqual([]);
  expect(refused).toEqual([]);
});
