// The seven recorded dandisets over HTTP: the verdicts that their README expects.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedWorld } from '../../../../archives/dandi/sample/recorded.ts';
import { type SampleServer, startSample } from '../../../../archives/dandi/sample/server.ts';
import { DANDISETS, needsRecorded, RECORDED } from '../support/recorded.ts';
import { findingsOf, type OpenedStore, openStore, runDandi } from '../support/run.ts';

const NOW = new Date('2026-11-01T12:00:00Z');

describe.skipIf(RECORDED === null)(`the recorded world${needsRecorded}`, () => {
  let server: SampleServer;
  let opened: OpenedStore;
  let found: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    const world = recordedWorld(RECORDED as string, DANDISETS, NOW);
    server = await startSample({ world });
    opened = await openStore(() => NOW);
    const result = await runDandi(server, { store: opened.store, now: NOW });
    expect(result).toMatchObject({ outcome: 'published', errors: [] });
    found = await findingsOf(opened);
  });
  afterAll(async () => {
    await server?.close();
    await opened?.close();
  });

  test.each(DANDISETS)('%s', (id) => {
    expect(found.get(id)).toEqual([]);
  });
});
