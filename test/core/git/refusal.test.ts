// What a mirror's refusal means: the table of docs/checks.md section 7, row by row.

import { expect, test } from 'vitest';
import { createMirrorSource } from '../../../core/git/mirror.ts';
import { meaningOfRefusal } from '../../../core/git/refusal.ts';
import { canned } from './wire.ts';

const ABSENT = { kind: 'absent' };
const DENIED = { kind: 'denied' };
const THROTTLED = { kind: 'failed', reason: 'throttled' };
const TEXT = 'text/plain; charset=utf-8';

test.each([
  [404, TEXT, 'Not Found', ABSENT],
  [404, TEXT, 'Repository not found.\n', ABSENT],
  [401, TEXT, 'Repository not found.\n', ABSENT],
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

test.each<[string, number, Record<string, string>, string, string | undefined, object | null]>([
  ['GitHub', 401, { 'www-authenticate': 'Basic realm="GitHub"' }, '', undefined, ABSENT],
  ["git's own server", 404, { expires: 'Fri, 01 Jan 1980 00:00:00 GMT' }, '', undefined, ABSENT],
  ['a proxy', 401, { 'www-authenticate': 'Basic realm="proxy"' }, '', undefined, null],
  ['another host', 401, { 'www-authenticate': 'Basic realm="GitLab"' }, 'No.', undefined, null],
  ['it, as set', 401, { 'www-authenticate': 'Basic realm="GitLab"' }, 'No.', '"GitLab"', ABSENT],
  ['one set by its text', 404, {}, 'No such project here', 'No such project', ABSENT],
  ['a page with that text', 404, { 'content-type': 'text/html' }, 'No such', 'No such', null],
])('an absence as %s tells it (%i)', (_, status, headers, text, absentText, expected) => {
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

test('a limit that a text tells of says nothing about the token: it stays, and nothing was measured', async () => {
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
