// Problems of a deployment: what stands after a run, what the operator is told and when, and what the
// alarms get.

import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../core/documents/records.ts';
import type { RunInput } from '../../lambdas/contract.ts';
import { type Findings, mailOf, PROBLEMS, standingAfter } from '../../lambdas/problems.ts';
import { closeRun } from '../../lambdas/steps/close-run.ts';
import { watchSilenceStep } from '../../lambdas/steps/watch-silence.ts';
import { type MemoryRunStore, memoryRunStore } from '../support/memory-run-store.ts';
import { healthyArchive } from '../support/stage-context.ts';
import { testRun, testTools } from '../support/steps.ts';

interface Ends {
  readonly store: MemoryRunStore;
  readonly day?: number;
  readonly input?: RunInput;
  readonly outcome?: RunRecord['outcome'];
  /** The mail cannot be sent. */
  readonly mute?: boolean;
}

/** A run that ends and says this about problems. */
async function end(findings: Findings, ends: Ends) {
  const { store, day = 0, input = {}, outcome = 'published', mute = false } = ends;
  const tools = testTools(healthyArchive([]), { store, day });
  const run = testRun(input, day);
  const record: RunRecord = {
    runStart: run.start,
    finishedAt: tools.now().toISOString(),
    outcome,
    why: [],
    request: { datasets: null, maxDatasets: null, stages: [], archive: [] },
  };
  const tell = async () => {
    throw new Error('the topic is gone');
  };
  const deployment = mute ? { ...tools.deployment, tell } : tools.deployment;
  await closeRun({ ...tools, deployment }, run, record, findings);
  const { metrics, logged } = tools;
  const subjects = tools.deployment.mails.map(({ subject }) => subject);
  return { metrics: Object.fromEntries(metrics), subjects, logged, mails: tools.deployment.mails };
}

const standing = (store: MemoryRunStore, day: number) =>
  store.runs.get(testRun({}, day).start)?.health?.problems;

describe('a problem', () => {
  test('stands until a run says that it is over; one that did not look leaves it', () => {
    const before = { PublishHeld: 'held', TokenRefused: 'expired' };
    expect(standingAfter(before, {})).toEqual(before);
    expect(standingAfter(before, { PublishHeld: null })).toEqual({ TokenRefused: 'expired' });
    expect(standingAfter(before, { RunFailed: 'died' })).toEqual({ ...before, RunFailed: 'died' });
    expect(standingAfter(before, { PublishHeld: 'again' }).PublishHeld).toBe('again');
  });

  test('a problem that no version looks for any more is over', () => {
    expect(standingAfter({ Phlogiston: 'rises' }, {})).toEqual({});
  });

  test('is reported when it begins and when it ends, and not in between', async () => {
    const store = memoryRunStore();
    const said: (readonly [Findings, string[]])[] = [
      [{}, []],
      [{ TokenRefused: 'It expired.' }, ['Test: ALARM TokenRefused']],
      [{ TokenRefused: 'It expired.' }, []],
      [{}, []],
      [{ RegistryStale: 'Since Monday.' }, ['Test: ALARM RegistryStale']],
      [
        { TokenRefused: null, PublishHeld: '9 of 60.' },
        ['Test: ALARM PublishHeld; OK TokenRefused'],
      ],
      [{ PublishHeld: null, RegistryStale: null }, ['Test: OK PublishHeld, RegistryStale']],
      [{}, []],
    ];
    for (const [day, [findings, subjects]] of said.entries()) {
      expect((await end(findings, { store, day })).subjects, `day ${day}`).toEqual(subjects);
    }
  });

  test('is reported with its meaning, what was seen, where to read on, and what else is open', async () => {
    const store = memoryRunStore();
    await end({ TokenRefused: 'The reason: GitHub refuses it.' }, { store });
    const { mails } = await end({ PublishHeld: '9 of 60 datasets turned bad.' }, { store, day: 1 });
    expect(mails[0]?.text).toBe(
      `ALARM PublishHeld
${PROBLEMS.PublishHeld}
9 of 60 datasets turned bad.
What to do: docs/runbook.md, PublishHeld.

Still: TokenRefused.
`,
    );
  });

  test.each(Object.keys(PROBLEMS))('%s fits into the subject that SNS takes', (name) => {
    const { subject } = mailOf('A-Stack-Of-A-Rather-Long-Name', {}, { [name]: 'x' }) ?? {};
    expect(subject).toMatch(/^[\x20-\x7e]{10,100}$/);
    expect(subject).toContain(name);
  });

  test('all of them at once still do', () => {
    const all = Object.fromEntries(Object.keys(PROBLEMS).map((name) => [name, 'x']));
    expect(mailOf('Mirrorwatch', {}, all)?.subject.length).toBeLessThanOrEqual(100);
    expect(mailOf('Mirrorwatch', {}, all)?.text).toContain('SiteUnreachable');
  });

  test('a problem whose sentence contains foreign text is reported in one bounded line', async () => {
    const store = memoryRunStore();
    await end({ ReadersDisagree: `tag ${'v'.repeat(900)}\n\u202eSubject: x` }, { store });
    expect(standing(store, 0)?.ReadersDisagree).toMatch(/^tag v{496}…$/);
    await end({ ReadersDisagree: 'a\nb\u202ec' }, { store, day: 1 });
    expect(standing(store, 1)?.ReadersDisagree).toBe('a␊b⟨U+202E⟩c');
  });

  test('a problem that could not be mailed raises the alarm by its metric, and the run is recorded all the same', async () => {
    const store = memoryRunStore();
    await end({ TokenRefused: 'gone' }, { store });
    const { metrics, logged } = await end({ TokenRefused: null }, { store, day: 1, mute: true });
    expect(standing(store, 1)).toEqual({});
    expect(metrics.Problems).toBe(1);
    expect(logged.join()).toContain('the operator could not be notified');
  });
});

describe('what the alarms get', () => {
  test.each<[input: RunInput, outcome: RunRecord['outcome'], published: number | undefined]>([
    [{}, 'published', 1],
    [{ force: true, publishAnyway: true, acceptShrink: true }, 'published', 1],
    [{}, 'held', 0],
    [{}, 'failed', 0],
    [{ datasets: ['ds000001'] }, 'published', undefined],
    [{ unverified: true }, 'published', undefined],
    [{ unverified: false }, 'published', 1],
    [{ stages: ['summarize'], publishAnyway: true }, 'published', undefined],
    [{ tomorrow: true } as RunInput, 'published', undefined],
  ])('of a run of %j that is %s: Published %s', async (input, outcome, published) => {
    const store = memoryRunStore();
    const { metrics } = await end({}, { store, input, outcome });
    expect(metrics.Published).toBe(published);
    // A part sends nothing where nothing has changed: metrics cost by the hour.
    expect(metrics.Problems).toBe(published === undefined ? undefined : 0);
  });

  test('a run over a part sends the number of problems when it changes', async () => {
    const store = memoryRunStore();
    const input = { unverified: true };
    expect((await end({ PublishHeld: 'x' }, { store, input })).metrics).toEqual({ Problems: 1 });
    expect((await end({}, { store, input, day: 1 })).metrics).toEqual({});
    const over = { store, input, day: 2 };
    expect((await end({ PublishHeld: null }, over)).metrics).toEqual({ Problems: 0 });
  });

  test('the last published run over everything is remembered through others', async () => {
    const store = memoryRunStore();
    const silent = async (day: number) => {
      const tools = testTools(healthyArchive([]), { store, day });
      await watchSilenceStep(tools);
      return tools.metrics.get('HoursSincePublished');
    };
    expect(await silent(0)).toBeUndefined();
    await end({}, { store });
    await end({}, { store, day: 3, outcome: 'held' });
    await end({}, { store, day: 5, input: { datasets: ['ds000001'] } });
    expect(await silent(8)).toBeCloseTo(8 * 24, 1);
    await end({}, { store, day: 9 });
    expect(await silent(10)).toBeCloseTo(24, 1);
  });
});
