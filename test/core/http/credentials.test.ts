// Credentials that a server refuses: the answer without them counts, and later requests omit them.

import { expect, test } from 'vitest';
import { withCredentials } from '../../../core/http/credentials.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../core/http.ts';
import { noTraffic } from '../../../core/traffic.ts';

/** @param statuses of a request with credentials, and of one without */
function asking(statuses: { readonly with: number; readonly without: number }) {
  const sent: (string | undefined)[] = [];
  const refusals: number[] = [];
  const http: HttpClient = {
    traffic: noTraffic(),
    close() {},
    async request({ headers }: HttpRequest): Promise<HttpAnswer> {
      sent.push(headers?.authorization);
      const status = headers?.authorization === undefined ? statuses.without : statuses.with;
      return { kind: 'answer', status, headers: {}, body: Buffer.alloc(0) };
    },
  };
  const client = withCredentials(http, {
    token: ' secret\n',
    authorization: (token) => `Bearer ${token}`,
    onRefused: (status) => refusals.push(status),
  });
  const ask = async () => {
    const question = { kind: 'refs', method: 'GET', url: 'http://a/b', maxBytes: 1 } as const;
    const answer = await client.request(question);
    return answer.kind === 'answer' ? answer.status : answer.reason;
  };
  return { client, ask, sent, refusals };
}

const WITH = 'Bearer secret';

test.each([
  // with, without, what counts, asked in two questions, given up by
  [200, 200, 200, [WITH, WITH], []],
  [401, 200, 200, [WITH, undefined, undefined], [401]],
  [403, 200, 200, [WITH, undefined, undefined], [403]],
  [404, 200, 200, [WITH, undefined, undefined], [404]],
  // 401 is about the credentials, whatever others get.
  [401, 404, 404, [WITH, undefined, undefined], [401]],
  // These are about the requested resource: the credentials stay.
  [404, 401, 401, [WITH, undefined, WITH, undefined], []],
  [404, 404, 404, [WITH, undefined, WITH, undefined], []],
  [403, 403, 403, [WITH, undefined, WITH, undefined], []],
  [451, 451, 451, [WITH, WITH], []],
])('%i with credentials and %i without is %i', async (with_, without, counts, sent, refusals) => {
  const asked = asking({ with: with_, without });
  expect([await asked.ask(), await asked.ask()]).toEqual([counts, counts]);
  expect(asked.sent).toEqual(sent);
  expect(asked.refusals).toEqual(refusals);
  expect(asked.client.refused).toBe(refusals.length > 0);
});

test('requests in flight together are refused, and that is reported once', async () => {
  const asked = asking({ with: 401, without: 200 });
  expect(await Promise.all([asked.ask(), asked.ask(), asked.ask()])).toEqual([200, 200, 200]);
  expect(asked.refusals).toEqual([401]);
});

test.each(['a b', 'a\nb', 'é', '\0'])(
  'an invalid token (%j) is reported without its text',
  (token) => {
    const { client } = asking({ with: 200, without: 200 });
    const make = () => withCredentials(client, { token, authorization: (it) => it });
    expect(make).toThrow(/^not a token$/);
  },
);
