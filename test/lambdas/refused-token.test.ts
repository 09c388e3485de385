// A run on AWS with a token that GitHub refuses, over real HTTP: on a first day and on a later one.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../archives/openneuro/archive.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { HttpClient } from '../../core/http.ts';
import { tokenRefused } from '../../lambdas/github-token.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { serveRefusing } from '../support/refusing-front.ts';
import { sleeplessClient } from '../support/sample-run.ts';
import { healthyArchive } from '../support/stage-context.ts';
import { beginning, measuring, type TestTools, testRun, testTools } from '../support/steps.ts';

const TOKEN = 'ghp_expired';

let server: SampleServer;
let http: HttpClient;
beforeAll(async () => {
  http = sleeplessClient();
  server = await startSampleArchive({ archive: generateArchive({ datasets: 8 }) });
});
afterAll(async () => {
  http.close();
  await server.close();
});

test('every mirror is checked, and each function that asks reports to the alarm once', async () => {
  await using front = await serveRefusing(new URL(server.url).origin, 401);
  const addresses = {
    registryUrl: server.registryUrl,
    mirrorUrl: server.mirrorUrl.replace(new URL(server.url).origin, front.url),
    exportUrl: server.exportUrl,
    doiUrl: server.doiUrl,
  };
  const store = memoryRunStore();
  for (const day of [0, 1]) {
    front.heard.length = 0;
    const run = testRun({ publishAnyway: true }, day);
    /** As a function makes them for an invocation (lambdas/context.ts). */
    const invocation = (token?: string): TestTools & { told: unknown[] } => {
      const tools = testTools(healthyArchive([]), { store, day });
      const told: string[] = [];
      const onUnusable = (reason: string) => told.push(reason);
      const onTokenRefused = tokenRefused({ log: tools.log, onUnusable });
      const sources = openArchive({ http, ...addresses, mirrorToken: token, onTokenRefused });
      const tokenFault = () => told.at(-1) ?? null;
      return {
        ...tools,
        ...(token && { tokenFault }),
        told,
        archive: { ...tools.archive, sources },
      };
    };

    const begun = await fetchRegistryStep(invocation(), beginning(run));
    for (const shard of begun.shards.CheckGithub ?? []) {
      const tools = invocation(TOKEN);
      const result = await checkStep(measuring('check-github', tools), { run, shard });
      expect(result).toMatchObject({ ok: true, failed: 0 });
      expect(tools.told).toEqual(['GitHub refuses it']);
      expect(tools.logged.filter((line) => line.includes('the GitHub token'))).toEqual([
        'error the GitHub token does not work; continuing without it',
      ]);
      expect(tools.logged.join()).not.toContain(TOKEN);
    }
    for (const shard of begun.shards.CheckS3Version ?? []) {
      await checkStep(measuring('check-s3-version', invocation()), { run, shard });
    }
    const plan = await planStep(invocation(), { run, level: 1 });
    for (const shard of plan.shards.CheckS3Files ?? []) {
      await checkStep(measuring('check-s3-files', invocation(TOKEN)), { run, shard });
    }
    const ended = await summarizeStep(invocation(), run);
    expect(ended.outcome).toBe('published');

    expect(front.heard.filter((header) => header !== undefined).length).toBeGreaterThan(0);
    const problems = store.runs.get(run.start)?.health?.problems;
    expect(problems?.TokenRefused).toBe('The reason: GitHub refuses it.');
    const rows = store.document<Summary>('all-datasets.json').datasets;
    expect(rows.filter(({ unverified }) => unverified?.github)).toEqual([]);
    // Those that the sample does not have.
    const missing = rows.filter(({ findings, issueSubtypes }) =>
      [issueSubtypes?.github, ...findings].includes('repo-not-found'),
    );
    const absent = await Promise.all(
      missing.map(
        async ({ id }) => (await fetch(`${server.mirrorUrl}/${id}.git/info/refs`)).status,
      ),
    );
    expect(absent).toEqual(missing.map(() => 401));
    expect(rows.filter(({ checks }) => checks.github === 'ok').length).toBeGreaterThan(3);
  }
});
