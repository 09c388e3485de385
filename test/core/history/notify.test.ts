// H21, H22: what is sent, to whom, and how often.

import { expect, test } from 'vitest';
import type { Sent } from '../../../core/history/documents.ts';
import type { Message } from '../../../core/history/messages.ts';
import { type Notifier, notify } from '../../../core/history/notify.ts';
import { SENT_PATH } from '../../../core/history/paths.ts';
import type { Digest } from '../../../core/history/settings.ts';
import type { MemoryStore } from '../../support/memory-store.ts';
import { publishedRun } from '../../support/published-run.ts';
import {
  dataset,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  page,
} from '../../support/stage-context.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003'];
const SITE = 'https://watch.example.org';

/** A channel that takes everything, unless the test says what it does. */
function channel(name = 'test', receiver = 'a') {
  const sent: Message[] = [];
  const answers: ('gone' | Error)[] = [];
  const notifier: Notifier = {
    ...{ name, receiver },
    async send(message) {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      sent.push(message);
      return answer ?? 'sent';
    },
  };
  return { notifier, sent, answers };
}

interface Told {
  readonly archive: FakeArchive;
  readonly store?: MemoryStore | undefined;
  readonly day: number;
  readonly notifiers: readonly Notifier[];
  readonly digest?: Digest;
}

async function publish({ archive, store, day, notifiers, digest }: Told) {
  const options = { siteUrl: SITE };
  const { context } = await publishedRun(archive, { ...(store && { store }), day, options });
  const problems = await notify(context, notifiers, digest);
  return { store: context.store, problems };
}

/** Days 0 to `last`; on day 1 the mirror of a dataset loses its tag, on day `mended` it has it again. */
async function story(
  notifiers: readonly Notifier[],
  { last = 3, mended = 99, digest = 'off' as Digest, ids = IDS } = {},
) {
  const archive = healthyArchive(ids);
  let store: MemoryStore | undefined;
  const problems: (readonly string[])[] = [];
  for (let day = 0; day <= last; day += 1) {
    if (day === 1) archive.refs.set('ds000002', healthyRefs([]));
    if (day === mended) archive.refs.set('ds000002', healthyRefs(['1.0.0']));
    const told = await publish({ archive, store, day, notifiers, digest });
    store = told.store;
    problems.push(told.problems);
  }
  return { archive, store: store as MemoryStore, problems };
}

test('a fault and its end are one message each, with all that a receiver needs', async () => {
  const { notifier, sent } = channel();
  await story([notifier], { last: 4, mended: 3 });
  expect(sent.map(({ id, subject }) => [id, subject])).toEqual([
    ['openneuro/2026-08-03T00:00:00.000Z', 'Mirrorwatch OpenNeuro: 1 new fault'],
    ['openneuro/2026-08-04T00:00:00.000Z', 'Mirrorwatch OpenNeuro: 1 fixed'],
  ]);
  const [fault] = sent;
  expect(fault).toMatchObject({
    ...{ schemaVersion: 1, archive: 'openneuro', kind: 'changes', worst: 'error', more: 0 },
    summary: { faults: 1, mended: 0, worse: 0 },
    datasets: [
      {
        ...{ id: 'ds000002', kind: 'fault', check: 'github', from: 'ok', to: 'error:tag-missing' },
        since: expect.stringMatching(/^2026-08-02T/),
        url: `${SITE}/dataset.html?id=ds000002`,
        mend: 'Push the tag of the latest snapshot.',
      },
    ],
  });
  expect(fault?.text).toContain('ds000002: latest tag missing');
  expect(fault?.text).toContain(`${SITE}/changes.html?from=2026-08-03&to=2026-08-03`);
});

test('the same run sends nothing twice', async () => {
  const { notifier, sent } = channel();
  const { archive, store } = await story([notifier], { last: 2 });
  expect(sent).toHaveLength(1);
  await publish({ archive, store, day: 2, notifiers: [notifier] });
  expect(sent).toHaveLength(1);
});

test('what could not be sent is sent after a later run, with the same id', async () => {
  const { notifier, sent, answers } = channel();
  answers.push(new Error('it answered 503'));
  const { problems } = await story([notifier], { last: 3 });
  expect(problems).toEqual([[], [], ['The test did not take a message: it answered 503.'], []]);
  expect(sent.map(({ id }) => id)).toEqual(['openneuro/2026-08-03T00:00:00.000Z']);
});

test('what could not be sent for several runs is not lost', async () => {
  const { notifier, sent, answers } = channel();
  answers.push(new Error('no connection'), new Error('no connection'));
  await story([notifier], { last: 4, mended: 3 });
  expect(sent.map(({ id }) => id)).toEqual([
    'openneuro/2026-08-03T00:00:00.000Z',
    'openneuro/2026-08-04T00:00:00.000Z',
  ]);
});

test('a process that dies after it sent sends again, with the same id', async () => {
  const { notifier, sent } = channel();
  const archive = healthyArchive(IDS);
  const { store } = await publish({ archive, day: 0, notifiers: [notifier] });
  archive.refs.set('ds000002', healthyRefs([]));
  await publish({ archive, store, day: 1, notifiers: [notifier] });
  const before = store.documents.get(SENT_PATH) as string;
  await publish({ archive, store, day: 2, notifiers: [notifier] });
  store.documents.set(SENT_PATH, before);
  await publish({ archive, store, day: 3, notifiers: [notifier] });
  expect(sent.map(({ id }) => id)).toEqual(Array(2).fill('openneuro/2026-08-03T00:00:00.000Z'));
  expect(JSON.stringify(sent[0])).toBe(JSON.stringify(sent[1]));
});

test('one channel that fails does not keep others from their messages', async () => {
  const broken = channel('broken');
  const other = channel('other');
  broken.answers.push(new Error('no connection'));
  await story([broken.notifier, other.notifier], { last: 2 });
  expect([broken.sent.length, other.sent.length]).toEqual([0, 1]);
});

test('a receiver that wants no more gets no more, until there is another one', async () => {
  const { notifier, sent, answers } = channel();
  answers.push('gone');
  const { archive, store, problems } = await story([notifier], { last: 4, mended: 3 });
  expect(sent).toHaveLength(1);
  expect(problems.slice(2).flat()).toEqual([
    'The test wants no more messages (410).',
    ...Array(2).fill('The test wants no more messages (410): remove it, or set another one.'),
  ]);
  expect(store.document<Sent>(SENT_PATH).channels.test?.isGone).toBe(true);
  const next = channel('test', 'another');
  archive.refs.set('ds000001', healthyRefs([]));
  await publish({ archive, store, day: 5, notifiers: [next.notifier] });
  const { problems: none } = await publish({ archive, store, day: 6, notifiers: [next.notifier] });
  expect([none, next.sent.length]).toEqual([[], 1]);
});

test('a receiver that comes later is not told what was before', async () => {
  const { archive, store } = await story([], { last: 4 });
  const { notifier, sent } = channel();
  await publish({ archive, store, day: 5, notifiers: [notifier] });
  expect(sent).toEqual([]);
});

test('a thousand datasets at once are one message', async () => {
  const ids = Array.from({ length: 1000 }, (_, at) => `ds00${1000 + at}`);
  const { notifier, sent } = channel();
  const archive = healthyArchive(ids);
  let { store } = await publish({ archive, day: 0, notifiers: [notifier] });
  for (const id of ids) archive.refs.set(id, healthyRefs([]));
  for (const day of [1, 2]) {
    ({ store } = await publish({ archive, store, day, notifiers: [notifier] }));
  }
  expect(sent).toHaveLength(1);
  const [message] = sent as [Message];
  expect(message.subject).toBe('Mirrorwatch OpenNeuro: 1,000 datasets at once');
  expect(message.summary.faults).toBe(1000);
  expect([message.datasets.length, message.more]).toEqual([100, 900]);
  expect(message.text).toContain('1,000 datasets: latest tag missing.');
  expect(message.text.length).toBeLessThan(3000);
  expect(message.text).not.toContain('ds001000');
  const feed = store.pages.get('feeds/openneuro.atom') ?? '';
  expect(feed.match(/<entry>/g)).toHaveLength(1);
  expect(feed).toContain('<title>1,000 datasets changed</title>');
}, 60_000);

test.each([
  ['daily', ['2026-08-03T00:00:00.000Z', '2026-08-05T00:00:00.000Z']],
  ['weekly', ['2026-08-08T00:00:00.000Z']],
] as const)('a %s digest has all changes, and is not sent without any', async (digest, runs) => {
  const { notifier, sent } = channel();
  const archive = healthyArchive(IDS);
  let store: MemoryStore | undefined;
  for (let day = 0; day <= 8; day += 1) {
    if (day === 2) archive.readings = [[page(IDS.map((id) => dataset(id, ['1.0.0', '1.0.1'])))]];
    if (day === 4) archive.readings = [[page(IDS.map((id) => dataset(id, ['1.0.0'])))]];
    const young = { archive, store, day, notifiers: [notifier], digest };
    ({ store } = await publish(young));
  }
  const digests = sent.filter(({ kind }) => kind === 'digest');
  expect(digests.map(({ run }) => run)).toEqual(expect.arrayContaining([...runs]));
  expect(digests[0]?.text).toMatch(/^All changes since \d August 2026: .*3 new snapshots/m);
  expect(digests[0]?.text).toMatch(
    /\n\n2026-08-03\n(?:.*\n)* {2}New snapshots\n {4}ds000001 {2}1\.0\.0 → 1\.0\.1\n/,
  );
  expect(digests[0]?.subject).toMatch(/^Mirrorwatch OpenNeuro digest: /);
  expect(digests[0]?.id).toMatch(/\/digest$/);
});
