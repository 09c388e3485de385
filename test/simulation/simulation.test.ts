// A few archives through a month each; `node test/simulation/run.ts` runs thousands of them.

import { describe, expect, test } from 'vitest';
import { BREAK_NAMES } from './breaks.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';
import { type Step, type Story, storyOf } from './story.ts';
import { linesOf } from './story-text.ts';

const SEEDS = 20;
const DAYS = 30;

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'every invariant holds in the archive of seed %i',
  async (seed) => {
    const failure = await simulate(storyOf(seed, DAYS));
    expect(failure && `run ${failure.step.id}: ${failure.message}`).toBeNull();
  },
);

/** A day on which nothing is at fault but the archive. */
const calm = (id: number, events: Step['events']): Step => ({
  ...{ id, day: id, hour: 3, events, faults: [], troubles: [] },
  ...{ clock: 0, jump: 0, accept: true, force: false },
});

const ID = 'ds000001';
const appear = (id: string): Step['events'][number] => ({
  ...{ kind: 'appear', id, snapshots: 2, isNew: false },
});
const storyWith = (store: Story['store'], steps: readonly Step[]): Story => ({
  ...{ seed: 0, store, cloud: { staleReads: true, otherEtags: false }, steps },
});

describe.each(['folder', 'aws'] as const)('in the store %s', (store) => {
  test.each(BREAK_NAMES)(
    '%s is found on the day it happens, and healed on the next',
    async (by) => {
      const steps = [
        calm(0, [appear(ID), appear('ds000002')]),
        calm(1, [{ kind: 'break', id: ID, by }]),
        calm(2, [{ kind: 'heal', id: ID }]),
      ];
      expect(await simulate(storyWith(store, steps))).toBeNull();
    },
  );
});

test.each(['folder', 'aws'] as const)(
  'a dataset is withdrawn, dies while it is removed, and comes back as new: %s',
  async (store) => {
    const away = { kind: 'withdraw', id: ID, state: 'deleted' } as const;
    for (const write of [5, 40, 60, 80, 100]) {
      const steps = [
        calm(0, [appear(ID), appear('ds000002')]),
        calm(1, [away]),
        { ...calm(2, []), troubles: [{ kind: 'killed', write } as const] },
        calm(3, []),
        calm(4, [{ kind: 'return', id: ID }]),
      ];
      expect(await simulate(storyWith(store, steps)), `write ${write}`).toBeNull();
    }
  },
);

test('a verdict is not judged by the registry that a later run left, whose clock was behind', async () => {
  const late: Step = {
    ...calm(1, [{ kind: 'snapshot', id: ID }]),
    ...{ troubles: [{ kind: 'killed', write: 20 }], clock: -1470 },
  };
  expect(await simulate(storyWith('folder', [calm(0, [appear(ID)]), late]))).toBeNull();
});

test('evidence whose record was never written is judged by the registry of the day, and marked', async () => {
  const first: Step = {
    ...calm(0, [appear(ID)]),
    // Between the document and its record.
    troubles: [{ kind: 'killed', write: 36 }],
  };
  const next: Step = {
    ...calm(1, [{ kind: 'snapshot', id: ID }]),
    faults: [{ kind: 'question', question: 'description', dataset: ID, how: 'timeout' }],
  };
  expect(await simulate(storyWith('folder', [first, next, calm(2, [])]))).toBeNull();
});

test('a dataset that kills its functions costs its own verdicts, and is healed on the next day', async () => {
  const others = ['ds000002', 'ds000003', 'ds000004'];
  const story = storyWith('aws', [
    calm(0, [ID, ...others].map(appear)),
    ...[1, 2].map(
      (day): Step => ({ ...calm(day, []), troubles: [{ kind: 'poison', dataset: ID }] }),
    ),
    calm(3, []),
  ]);
  const outcomes: string[] = [];
  expect(await simulate(story, (_, ran) => outcomes.push(ran.outcome))).toBeNull();
  expect(outcomes).toEqual(['published', 'published', 'published', 'published']);
});

test('the same seed is the same story, run for run', async () => {
  const told = async () => {
    const lines: string[] = [];
    await simulate(storyOf(7, DAYS), (step, ran) => lines.push(...linesOf(step, ran)));
    return lines;
  };
  const first = await told();
  expect(first.length).toBeGreaterThan(DAYS);
  expect(await told()).toEqual(first);
});

test('a failing story is reduced to the days and datasets that it needs', async () => {
  const steps = storyOf(8, DAYS, 'folder').steps.map((step): Step => ({ ...step, troubles: [] }));
  // No document can be stored under this id: the run throws.
  const lie = { ...(steps[12] as Step), faults: [], events: [{ kind: 'appear', id: 'no id' }] };
  const story = storyWith('folder', steps.with(12, lie as unknown as Step));
  const failure = await simulate(story);
  expect(failure?.step.id).toBe(12);
  if (failure === null) return;
  const shortest = await shrink(story, failure);
  expect(shortest.story.steps.length).toBeLessThan(3);
  expect(shortest.story.steps.flatMap(({ faults }) => faults)).toEqual([]);
  expect(shortest.failure.rule).toBe(failure.rule);
}, 120_000);
