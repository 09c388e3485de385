// The steps of a run on AWS, over a small in-memory archive: what each leaves behind, and what
// happens to a run in which something dies.

import { describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { CompactSummary } from '../../core/documents/compact.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { failed } from '../../core/failure.ts';
import { levelsOf } from '../../core/monitor/archive.ts';
import type { Run, RunInput, ShardRef, SummarizeResult } from '../../lambdas/contract.ts';
import { NO_EXECUTION } from '../../lambdas/lock.ts';
import { stateName } from '../../lambdas/names.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { recordEndStep } from '../../lambdas/steps/record-end.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { type MemoryRunStore, memoryRunStore } from '../support/memory-run-store.ts';
import { readRecord } from '../support/sessions.ts';
import type { TestContext } from '../support/stage-context.ts';
import { dataset, type FakeArchive, healthyArchive, page } from '../support/stage-context.ts';
import { beginning, measuring, testRun, testTools } from '../support/steps.ts';

const ids = Array.from({ length: 30 }, (_, i) => `ds${String(i).padStart(6, '0')}`);

interface Story {
  readonly input?: RunInput;
  readonly day?: number;
  readonly store?: MemoryRunStore;
  /** Shards of these stages die without an error. */
  readonly dying?: readonly string[];
  readonly newDatasetDays?: number;
  readonly sizedFor?: number;
}

/** A whole run as the state machine makes it, one function after another. */
async function runAll(archive: FakeArchive, story: Story = {}) {
  const { input = {}, day = 0, dying = [] } = story;
  const run = testRun(input, day);
  const tools = testTools(archive, { day, ...(story.store && { store: story.store }) });
  const at = {
    day,
    store: tools.store,
    ...(story.newDatasetDays !== undefined && { newDatasetDays: story.newDatasetDays }),
  };
  const begun = await fetchRegistryStep(tools, beginning(run));
  if (begun.outcome !== 'proceed') return { tools, run, begun, ended: undefined };
  const [stages = []] = levelsOf(openneuro);
  for (const { id } of stages) {
    if (dying.includes(id)) continue;
    for (const shard of begun.shards[stateName(id)] ?? []) {
      await checkStep(measuring(id, testTools(archive, at)), { run, shard });
    }
  }
  const { shards } = await planStep(testTools(archive, at), { run, level: 1 });
  if (!dying.includes('check-s3-files')) {
    for (const shard of shards.CheckS3Files ?? []) {
      await checkStep(measuring('check-s3-files', testTools(archive, at)), { run, shard });
    }
  }
  const last = { ...testTools(archive, at), sizedFor: story.sizedFor };
  const ended = await summarizeStep(last, run);
  return { tools: last, run, begun, ended };
}

const statusOf = (store: MemoryRunStore) => store.document<RunStatus>('status.json');
const summaryOf = (store: MemoryRunStore) => store.document<Summary>('all-datasets.json');
const outcome = (ended: SummarizeResult | undefined) => ended?.outcome;

test.each([
  { newDatasetDays: undefined, status: 'pending' },
  { newDatasetDays: 0, status: 'error' },
])('a closed export just published, with $newDatasetDays days: $status', async (choice) => {
  const archive = healthyArchive(['ds000001']);
  const publishDate = '2026-07-30T00:00:00.000Z';
  archive.readings = [[page([{ ...dataset('ds000001', ['1.0.0']), publishDate }])]];
  archive.descriptions.set('ds000001', 'denied');
  const { newDatasetDays, status } = choice;
  const { tools } = await runAll(archive, newDatasetDays === undefined ? {} : { newDatasetDays });
  expect(summaryOf(tools.store).datasets[0]?.status).toBe(status);
});

describe('a run', () => {
  test('checks every dataset in every stage, publishes, and gives the lock back', async () => {
    const { tools, ended, run } = await runAll(healthyArchive(ids));
    expect(outcome(ended)).toBe('published');
    expect(summaryOf(tools.store).datasets.map(({ status }) => status)).toEqual(
      ids.map(() => 'ok'),
    );
    expect(tools.store.holder(tools.now())).toBeNull();
    expect(statusOf(tools.store).archive).toEqual(tools.archive.about);
    const record = tools.store.runs.get(run.start);
    expect(record).toMatchObject({ outcome: 'published', totals: { datasets: 30, unverified: 0 } });
    expect(record?.totals?.checks.s3Files?.ok).toBe(30);
    // Reported by the registry, and one share of each check.
    expect(record?.totals?.traffic.refs?.requests).toBe(7);
    expect(record?.health).toEqual({ problems: {}, publishedAt: record?.finishedAt });
    expect(tools.deployment.mails).toEqual([]);
    expect(tools.metrics.get('Published')).toBe(1);
    expect(tools.metrics.get('Problems')).toBe(0);
    expect(tools.metrics.get('StatusOk')).toBe(30);
  });

  test('tells that the archive has outgrown the stack, until the stack is sized for it', async () => {
    const archive = healthyArchive(ids);
    const { tools, run } = await runAll(archive, { sizedFor: 29 });
    const { store, metrics, deployment } = tools;
    const problems = { ArchiveOutgrown: 'It has 30; the stack is sized for 29.' };
    expect(store.runs.get(run.start)?.health?.problems).toEqual(problems);
    expect(metrics.get('Problems')).toBe(1);
    expect(deployment.mails.map(({ subject }) => subject)).toEqual(['Test: ALARM ArchiveOutgrown']);
    const next = await runAll(archive, { sizedFor: 30, store, day: 1 });
    expect(store.runs.get(next.run.start)?.health?.problems).toEqual({});
  });

  test('finds the same on the next day and writes no document but those of the run', async () => {
    const { tools } = await runAll(healthyArchive(ids));
    const { store } = tools;
    store.writes.length = 0;
    await runAll(healthyArchive(ids), { store, day: 1 });
    const documents = store.writes.filter((path) => path.endsWith('.json'));
    expect(documents.filter((path) => path.startsWith('datasets/'))).toEqual([]);
    expect(documents).toContain('all-datasets.json');
  });

  test('records how many datasets were judged by other rules than the day before', async () => {
    const { tools, run } = await runAll(healthyArchive(ids));
    const { store } = tools;
    expect(store.runs.get(run.start)?.totals).not.toHaveProperty('rulesChanged');
    const published = store.document<CompactSummary>('summary.json');
    const verdicts = published.verdicts.map((verdict) => ({ ...verdict, rulesVersion: 1 }));
    await store.writeDocument('summary.json', { ...published, verdicts });
    const next = await runAll(healthyArchive(ids), { store, day: 1 });
    expect(store.runs.get(next.run.start)?.totals?.rulesChanged).toBe(30);
  });

  test('narrowed to a dataset and a stage asks for nothing else', async () => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    const asked = { ...archive.asked };
    const { begun, ended } = await runAll(archive, {
      input: { datasets: ['ds000003'], stages: ['check-s3-files', 'summarize'] },
      store: tools.store,
      day: 1,
    });
    expect(begun.shards).toEqual({
      ...{ CheckGithub: [], CheckS3Version: [] },
      ...{ CheckDoi: [], CheckDeprecated: [], CheckLeftovers: [] },
    });
    expect(outcome(ended)).toBe('published');
    expect(archive.asked.refs).toBe(asked.refs);
    expect(archive.asked.registry).toBe(asked.registry);
    expect(archive.asked.listing).toBe(asked.listing + 1);
    expect(summaryOf(tools.store).datasets).toHaveLength(30);
  });

  /** All that anybody could see of a run. */
  const written = ({ documents, records, runs, runFiles }: MemoryRunStore) =>
    structuredClone([documents, records, runs, runFiles]);

  test.each<[string, RunInput]>([
    ['the registry does not have', { datasets: ['ds000003', 'ds999999'] }],
    ['no stage has to look for', { datasets: ['ds999999'], stages: ['check-github', 'summarize'] }],
    ['is the only one, though skipped', { datasets: ['ds999999'], skipUnknown: true }],
  ])('of a dataset that %s is refused before it writes anything', async (_, input) => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    const before = written(tools.store);
    const { begun } = await runAll(archive, { input, store: tools.store, day: 1 });
    expect(begun).toMatchObject({ outcome: 'refused', why: 'not in the registry: ds999999' });
    expect(written(tools.store)).toEqual(before);
    expect(tools.store.holder(tools.now())).toBeNull();
  });

  test('while records are restored does nothing, though no execution has the lock', async () => {
    const archive = healthyArchive(ids);
    const run = testRun({}, 1);
    const tools = { ...testTools(archive, { day: 1 }), stillRuns: async () => false };
    const { start } = testRun({}, 0);
    await tools.store.holdLock({ name: `${NO_EXECUTION}${start}`, start }, tools.now());
    const { outcome } = await fetchRegistryStep(tools, beginning(run));
    expect(outcome).toBe('another-run');
    expect(archive.asked.registry).toBe(0);
  });

  test('a run of one dataset is refused with the reason if the registry cannot be read', async () => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    const before = written(tools.store);
    archive.readings = [[failed('timeout', 'no answer')]];
    const input = { datasets: ['ds999999'] };
    const { begun } = await runAll(archive, { input, store: tools.store, day: 1 });
    expect(begun).toMatchObject({ outcome: 'refused' });
    expect(begun.why).toMatch(
      /^not in the registry: ds999999 \(as of .*could not be read: timeout/,
    );
    expect(written(tools.store)).toEqual(before);
  });

  test('with skipUnknown leaves out what the registry does not have, and measures the rest', async () => {
    const datasets = ['ds999999', 'ds000003'];
    const input = { datasets, skipUnknown: true };
    const { begun, ended, tools } = await runAll(healthyArchive(ids), { input });
    expect(begun.outcome).toBe('proceed');
    expect(outcome(ended)).toBe('published');
    expect(summaryOf(tools.store).datasets.map(({ id }) => id)).toEqual(['ds000003']);
    const [run] = [...tools.store.runs.values()];
    expect(run?.request).toMatchObject({ datasets });
    expect(run?.request).not.toHaveProperty('strict');
  });

  test('a run that was not asked to summarize ends as checked', async () => {
    const { ended, tools } = await runAll(healthyArchive(ids), {
      input: { stages: ['fetch-registry', 'check-github'] },
    });
    expect(outcome(ended)).toBe('checked');
    expect(tools.store.documents.has('all-datasets.json')).toBe(false);
  });

  test('a run over a registry that shrank replaces nothing and says so in metric, status and record', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `ds${String(i).padStart(6, '0')}`);
    const { tools } = await runAll(healthyArchive(many));
    const shrunk = healthyArchive(many);
    shrunk.readings = [[page(many.slice(0, 40).map((id) => dataset(id, ['1.0.0'])))]];
    const story = { store: tools.store, day: 1 };
    const { begun, tools: second, run } = await runAll(shrunk, story);
    expect(begun.outcome).toBe('stopped');
    expect(begun.why).toContain('lost 20 of 60');
    expect(second.deployment.mails.map(({ subject }) => subject)).toEqual([
      'Test: ALARM RegistryShrank',
    ]);
    expect(second.metrics.get('Problems')).toBe(1);
    expect(summaryOf(tools.store).datasets).toHaveLength(60);
    expect(statusOf(tools.store).lastRun).toMatchObject({ outcome: 'failed', why: [begun.why] });
    expect(tools.store.runs.get(run.start)?.outcome).toBe('failed');
    const accepted = await runAll(shrunk, { ...story, day: 2, input: { acceptShrink: true } });
    expect(outcome(accepted.ended)).toBe('published');
    expect(summaryOf(tools.store).datasets).toHaveLength(40);
  });
});

describe('a function that dies', () => {
  test('leaves its datasets unverified with the reason, their verdicts as they were', async () => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    const { ended } = await runAll(archive, {
      store: tools.store,
      day: 1,
      input: { publishAnyway: true },
      dying: ['check-s3-files'],
    });
    expect(outcome(ended)).toBe('published');
    const [first] = summaryOf(tools.store).datasets;
    expect(first?.checks.s3Files).toBe('ok');
    expect(first?.unverified?.s3Files?.reason).toBe('internal');
    expect(first?.unverified?.github).toBeFalsy();
    expect(first?.lastChecked?.s3Files).toMatch(/^2026-08-01/);
    expect(first?.lastChecked?.github).toMatch(/^2026-08-02/);
  });

  test('makes publishing held when it takes more than 5 % with it; the site stays', async () => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    const before = tools.store.documents.get('all-datasets.json');
    const second = await runAll(archive, {
      store: tools.store,
      day: 1,
      dying: ['check-github'],
    });
    expect(outcome(second.ended)).toBe('held');
    expect(second.ended?.why).toContain('could not be measured');
    expect(tools.store.documents.get('all-datasets.json')).toBe(before);
    expect(statusOf(tools.store).lastRun.outcome).toBe('held');
    expect(second.tools.metrics.get('Published')).toBe(0);
    expect(second.tools.metrics.get('Problems')).toBe(4);
    const [mail] = second.tools.deployment.mails;
    expect(mail?.subject).toBe('Test: ALARM PublishHeld, ManyUnverified, ShardsLost, LowCoverage');
    expect(tools.store.holder(second.tools.now())).toBeNull();
  });

  test('is healed by a run of the unverified alone', async () => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    archive.refs.set('ds000007', failed('timeout', 'slow'));
    await runAll(archive, { store: tools.store, day: 1 });
    expect(summaryOf(tools.store).datasets[7]?.unverified?.github?.reason).toBe('timeout');
    archive.refs.set('ds000007', healthyArchive(['ds000007']).refs.get('ds000007') ?? 'absent');
    const asked = { ...archive.asked };
    await runAll(archive, { store: tools.store, day: 2, input: { unverified: true } });
    expect(archive.asked.refs).toBe(asked.refs + 1);
    expect(summaryOf(tools.store).datasets[7]?.unverified).toBeNull();
  });
});

describe('time that runs out', () => {
  test('keeps what was done; the next try measures only the rest', async () => {
    const archive = healthyArchive(ids);
    const run = testRun();
    const tools = testTools(archive);
    const { store } = tools;
    const { shards } = await fetchRegistryStep(tools, beginning(run));
    const shard = shards.CheckGithub?.[0] as ShardRef;

    const hurried = testTools(archive, { store });
    const { mirror } = hurried.archive.sources as TestContext;
    const { readRefs } = mirror;
    let read = 0;
    mirror.readRefs = async (...question) => {
      read += 1;
      if (read === 10) hurried.timeIsUp();
      if (read >= 10) throw new Error('abandoned');
      return readRefs(...question);
    };
    const cut = checkStep(measuring('check-github', hurried), { run, shard });
    await expect(cut).rejects.toMatchObject({ name: 'OutOfTime', message: /21 of 30/ });

    const asked = archive.asked.refs;
    const again = await checkStep(measuring('check-github', testTools(archive, { store })), {
      run,
      shard,
    });
    expect(again).toEqual({ ok: true, shard: shard.id, total: 30, done: 30, failed: 0 });
    expect(archive.asked.refs - asked).toBe(21);
  });

  test('time that runs out at every try leaves the rest unverified because of the time', async () => {
    const archive = healthyArchive(ids);
    const run = testRun({ publishAnyway: true });
    const tools = testTools(archive);
    const { store } = tools;
    const { shards } = await fetchRegistryStep(tools, beginning(run));
    for (const shard of shards.CheckGithub ?? []) {
      const hurried = testTools(archive, { store });
      hurried.timeIsUp();
      await expect(checkStep(measuring('check-github', hurried), { run, shard })).rejects.toThrow(
        '30 of 30',
      );
    }
    await summarizeStep(testTools(archive, { store }), run);
    const record = await readRecord(store, 'ds000000', 'github');
    expect(record).toMatchObject({ status: 'pending', lastAttempt: { reason: 'timeout' } });
  });
});

describe('a registry that cannot be read', () => {
  test.each([
    { days: 1, why: [] },
    { days: 4, why: [/^The registry could not be read since 2026-08-01 00:00 UTC/] },
  ])('for $days days: published, and reported', async ({ days, why }) => {
    const archive = healthyArchive(ids);
    const { tools } = await runAll(archive);
    archive.readings = [[failed('http-5xx', 'down')]];
    const { ended, run, tools: last } = await runAll(archive, { store: tools.store, day: days });
    expect(outcome(ended)).toBe('published');
    const { lastRun, registry } = statusOf(tools.store);
    expect(registry).toMatchObject({ lastAttempt: { reason: 'http-5xx' } });
    expect(registry?.readAt).toMatch(/^2026-08-01T00:00/);
    const sentences = why.map((pattern) => expect.stringMatching(pattern));
    expect(lastRun.why).toEqual(sentences);
    expect(tools.store.runs.get(run.start)?.why).toEqual(sentences);
    const seconds = last.metrics.get('RegistryAgeSeconds') ?? 0;
    expect(Math.round(seconds / 86_400)).toBe(days);
  });
});

describe('a clock that was ahead', () => {
  /** A whole run whose records then say that it began at another time. */
  async function ranAt(runStart: string) {
    const archive = healthyArchive(ids);
    const store = memoryRunStore(() => new Date('2026-08-02T00:10:00.000Z'));
    await runAll(archive, { store });
    for (const [key, record] of store.records) store.records.set(key, { ...record, runStart });
    const totalsOn = async (day: number) => {
      const { run } = await runAll(archive, { store, day });
      return store.runs.get(run.start)?.totals;
    };
    return totalsOn;
  }

  test('results that were discarded count as unverified, and the run says why', async () => {
    const totalsOn = await ranAt('2026-08-02T00:01:00.000Z');
    const totals = await totalsOn(1);
    expect(totals?.unverified).toBe(ids.length);
    expect(totals?.notes).toEqual([
      expect.stringMatching(/^30 measured already by a run that began later/),
    ]);
    const healed = await totalsOn(2);
    expect(healed?.unverified).toBe(0);
    expect(healed).not.toHaveProperty('notes');
  });

  test('records of the future are replaced, which is said once for all shares', async () => {
    const totalsOn = await ranAt('2026-08-31T00:00:00.000Z');
    const totals = await totalsOn(1);
    expect(totals?.unverified).toBe(0);
    expect(totals?.notes).toEqual([
      expect.stringMatching(/began in the future \(2026-08-31T00:00:00.000Z/),
    ]);
    expect(await totalsOn(2)).not.toHaveProperty('notes');
  });
});

describe('two executions', () => {
  test('the second ends at once and says who runs; it changes nothing', async () => {
    const archive = healthyArchive(ids);
    const first = testTools(archive);
    await fetchRegistryStep(first, beginning(testRun({}, 0)));
    first.store.writes.length = 0;
    const second = await fetchRegistryStep(
      testTools(archive, { store: first.store }),
      beginning(testRun({}, 1)),
    );
    expect(second.outcome).toBe('another-run');
    expect(second.why).toContain('execution-0');
    expect(first.store.writes).toEqual([]);
    expect([...first.store.runs.keys()]).toEqual([testRun({}, 0).start]);
  });

  test('a late child of an old run stops before it measures anything', async () => {
    const archive = healthyArchive(ids);
    const old: Run = testRun({}, 0);
    const { shards } = await fetchRegistryStep(testTools(archive), beginning(old));
    const { tools } = await runAll(archive, { day: 1 });
    const asked = archive.asked.refs;
    const late = checkStep(
      measuring('check-github', testTools(archive, { store: tools.store, day: 2 })),
      {
        run: old,
        shard: shards.CheckGithub?.[0] as ShardRef,
      },
    );
    await expect(late).rejects.toMatchObject({ name: 'Superseded' });
    expect(archive.asked.refs).toBe(asked);
  });

  test('a run that could not continue is recorded as failed and lets the next one begin', async () => {
    const archive = healthyArchive(ids);
    const tools = testTools(archive);
    const run = testRun();
    await fetchRegistryStep(tools, beginning(run));
    const end = {
      status: 'FAILED',
      at: run.start,
      error: 'States.TaskFailed',
      cause: null,
    } as const;
    await recordEndStep(tools, { run, end: { ...end, isRefused: false } });
    expect(statusOf(tools.store).lastRun).toMatchObject({
      outcome: 'failed',
      why: [expect.stringContaining('States.TaskFailed')],
    });
    expect(tools.deployment.mails.map(({ subject }) => subject)).toEqual(['Test: ALARM RunFailed']);
    const next = await runAll(archive, { store: tools.store, day: 1 });
    expect(outcome(next.ended)).toBe('published');
    expect(next.tools.deployment.mails.map(({ subject }) => subject)).toEqual([
      'Test: OK RunFailed',
    ]);
  });
});
