// DataCite's answers about a DOI (docs/checks.md#doi).

import { expect, test } from 'vitest';
import { readDeprecation } from '../../../archives/openneuro/registry-deprecated.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../core/http.ts';
import { createDoiSource } from '../../../core/protocols/datacite.ts';
import { noTraffic } from '../../../core/traffic.ts';

const DOI = '10.18112/openneuro.ds000001.v1.0.0';
const URL = 'https://openneuro.org/datasets/ds000001/versions/1.0.0';

/** A client that passes on one answer, or its reader's error about it. */
function answering(status: number, body: string, asked: HttpRequest[] = []): HttpClient {
  return {
    async request(request) {
      asked.push(request);
      const answer: HttpAnswer = { kind: 'answer', status, headers: {}, body: Buffer.from(body) };
      return request.verify?.(answer) ?? answer;
    },
    traffic: noTraffic(),
    close: () => {},
  };
}

const record = (attributes: object) => JSON.stringify({ data: { attributes } });

test('DataCite is asked by the address of the DOI', async () => {
  const asked: HttpRequest[] = [];
  const http = answering(200, record({ doi: DOI, state: 'findable', url: URL }), asked);
  const answer = await createDoiSource(http, 'https://datacite.example/dois/').readDoi(
    DOI,
    'ds000001',
  );
  expect(answer).toEqual({ kind: 'seen', value: { state: 'findable', url: URL } });
  expect(asked[0]).toMatchObject({
    ...{ kind: 'doi', method: 'GET', about: 'ds000001' },
    url: `https://datacite.example/dois/${DOI}`,
  });
});

test.each([
  ['a DOI in other letters', 200, record({ doi: DOI.toUpperCase() }), 'seen'],
  ['no such DOI', 404, '{"errors":[{"status":"404"}]}', 'absent'],
  ['a 404 of somebody else', 404, '<html>not found</html>', 'malformed'],
  ['half an answer', 200, record({ doi: DOI }).slice(0, -1), 'malformed'],
  ['another DOI', 200, record({ doi: '10.18112/openneuro.ds000002.v1.0.0' }), 'malformed'],
  ['an answer without attributes', 200, '{"data":{}}', 'malformed'],
  ['an address that is none', 200, record({ doi: DOI, url: 7 }), 'malformed'],
  ['a refusal', 403, '{}', 'malformed'],
])('%s (%i)', async (_, status, body, expected) => {
  const answer = await createDoiSource(answering(status, body), 'https://x').readDoi(DOI, 'd');
  expect(answer.kind === 'failed' ? answer.reason : answer.kind).toBe(expected);
});

test('an address of any length is cut short', async () => {
  const http = answering(200, record({ doi: DOI, url: 'x'.repeat(10_000) }));
  const answer = await createDoiSource(http, 'https://x').readDoi(DOI, 'ds000001');
  expect(answer.kind === 'seen' && answer.value.url?.length).toBe(2048);
});

test.each([
  ['not deprecated', { data: { snapshot: { tag: '1.0.0', deprecated: null } } }, null],
  [
    'deprecated',
    { data: { snapshot: { tag: '1.0.0', deprecated: { reason: 'old' } } } },
    { reason: 'old' },
  ],
  [
    'deprecated without a word',
    { data: { snapshot: { tag: '1.0.0', deprecated: {} } } },
    { reason: null },
  ],
  ['no snapshot', { data: { snapshot: null } }, undefined],
  ['another snapshot', { data: { snapshot: { tag: '1.0.1', deprecated: null } } }, undefined],
  ['a snapshot that does not tell', { data: { snapshot: { tag: '1.0.0' } } }, undefined],
  [
    'an error beside it',
    { data: { snapshot: { tag: '1.0.0', deprecated: null } }, errors: [{ message: 'x' }] },
    undefined,
  ],
])('the registry says: %s', (_, result, expected) => {
  const answer = readDeprecation('1.0.0', result);
  if (expected === undefined) expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  else expect(answer).toEqual({ kind: 'seen', value: expected });
});
