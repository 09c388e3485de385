// A refused token, over real HTTP: every verdict equals that of a run without a token.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import {
  type SampleServer,
  startSampleArchive,
} from '../../../../archives/openneuro/sample/server.ts';
import { SUMMARY_PATH } from '../../../../core/documents/paths.ts';
import { memoryStore } from '../../../support/memory-store.ts';
import { serveRefusing } from '../../../support/refusing-front.ts';
import { runSample } from '../../../support/sample-run.ts';

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 12 }) });
});
afterAll(() => server.close());

const TOKEN = 'ghp_expired';
const HEADER = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;

/** The rows' verdicts on the mirrors. */
function verdicts(summary: Summary) {
  return summary.datasets.map(({ id, checks, findings, issueSubtypes, unverified }) => ({
    id,
    github: checks.github,
    annexRecord: checks.annexRecord,
    subtype: issueSubtypes?.github,
    findings,
    unverified: unverified?.github,
  }));
}

test.each([401, 403, 404])('HTTP %i, on a first run and on a later one', async (status) => {
  const without = memoryStore();
  await runSample(server, { store: without, day: 0, options: { publishAnyway: true } });
  const expected = verdicts(without.document<Summary>(SUMMARY_PATH));
  expect(expected.filter(({ github }) => github === 'ok').length).toBeGreaterThan(3);

  await using front = await serveRefusing(new URL(server.url).origin, status);
  const mirrorUrl = server.mirrorUrl.replace(new URL(server.url).origin, front.url);
  const store = memoryStore();
  for (const day of [0, 1]) {
    front.heard.length = 0;
    const refused: unknown[] = [];
    await runSample(
      {
        ...server,
        mirrorUrl,
        mirrorToken: TOKEN,
        onTokenRefused: (...about) => refused.push(about),
      },
      { store, day, options: { publishAnyway: true } },
    );
    expect(verdicts(store.document<Summary>(SUMMARY_PATH))).toEqual(expected);
    expect(refused).toEqual([['mirror', status]]);
    // Those in flight together, and none later.
    const sent = front.heard.filter((header) => header !== undefined);
    expect(new Set(sent)).toEqual(new Set([HEADER]));
    expect(sent.length).toBeLessThanOrEqual(16);
    expect(front.heard.lastIndexOf(HEADER)).toBeLessThan(32);
  }
});

test('the token goes to the mirrors and nowhere else', async () => {
  await using registry = await serveRefusing(new URL(server.url).origin, 401);
  const at = (url: string) => url.replace(new URL(server.url).origin, registry.url);
  await runSample(
    {
      registryUrl: at(server.registryUrl),
      exportUrl: at(server.exportUrl),
      doiUrl: at(server.doiUrl),
      mirrorUrl: server.mirrorUrl,
      mirrorToken: TOKEN,
    },
    { store: memoryStore(), day: 0 },
  );
  expect(registry.heard.length).toBeGreaterThan(10);
  expect(registry.heard.filter((header) => header !== undefined)).toEqual([]);
});

test('a registry that refuses its token is read without it', async () => {
  await using front = await serveRefusing(new URL(server.url).origin, 401);
  const registryUrl = server.registryUrl.replace(new URL(server.url).origin, front.url);
  const store = memoryStore();
  const refused: unknown[] = [];
  const { outcome } = await runSample(
    { ...server, registryUrl, token: 'old', onTokenRefused: (...about) => refused.push(about) },
    { store, day: 0 },
  );
  expect(outcome).toBe('published');
  expect(front.heard[0]).toBe('Bearer old');
  expect(refused).toEqual([['registry', 401]]);
});
