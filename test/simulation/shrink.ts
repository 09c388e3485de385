// Shrinks a failing story to what it takes to fail in the same way: fewer days, datasets, events,
// faults, troubles. Every cut that still fails is kept.

import { type Failure, simulate } from './simulate.ts';
import type { Step, Story } from './story.ts';

export interface Shrunk {
  readonly story: Story;
  readonly failure: Failure;
}

/** @param tries the maximum number of simulations */
export async function shrink(story: Story, failure: Failure, tries = 2000): Promise<Shrunk> {
  let best: Shrunk = { story: upTo(story, failure), failure };
  let left = tries;
  for (let cut = true; cut && left > 0; ) {
    cut = false;
    for (const steps of cuts(best.story.steps)) {
      if (left-- <= 0) break;
      const next = { ...best.story, steps };
      const failed = await simulate(next);
      if (failed?.rule !== failure.rule) continue;
      best = { story: upTo(next, failed), failure: failed };
      cut = true;
      // The other cuts belong to the previous story.
      break;
    }
  }
  return best;
}

const upTo = (story: Story, { step }: Failure): Story => ({
  ...story,
  steps: story.steps.filter(({ id }) => id <= step.id),
});

/** Smaller stories, the largest cuts first. */
function* cuts(steps: readonly Step[]): Generator<readonly Step[]> {
  for (let size = Math.floor(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length; at += size) yield withEvents(steps, at, at + size);
  }
  const ids = new Set(steps.flatMap(({ events }) => events.map(({ id }) => id)));
  for (const id of ids) yield steps.map((step) => withoutDataset(step, id));
  for (const [at, step] of steps.entries()) {
    for (const change of smaller(step)) {
      yield steps.map((other, place) => (place === at ? { ...step, ...change } : other));
    }
  }
}

/** Without the runs from `from` to `to`; once with the events in the archive meanwhile. */
function withEvents(steps: readonly Step[], from: number, to: number): readonly Step[] {
  const kept = [...steps.slice(0, from), ...steps.slice(to)];
  const events = steps.slice(from, to).flatMap((step) => step.events);
  const next = kept[from];
  if (next === undefined) return kept;
  return kept.map((step) =>
    step === next ? { ...step, events: [...events, ...step.events] } : step,
  );
}

function withoutDataset(step: Step, id: string): Step {
  return {
    ...step,
    events: step.events.filter((event) => event.id !== id),
    faults: step.faults.filter((fault) => !('dataset' in fault) || fault.dataset !== id),
    troubles: step.troubles
      .filter((trouble) => trouble.kind !== 'poison' || trouble.dataset !== id)
      .map((trouble) =>
        trouble.kind === 'overtaken'
          ? { ...trouble, events: trouble.events.filter((event) => event.id !== id) }
          : trouble,
      ),
  };
}

function* smaller(step: Step): Generator<Partial<Step>> {
  for (const one of step.troubles) yield { troubles: step.troubles.filter((it) => it !== one) };
  for (const [at, trouble] of step.troubles.entries()) {
    if (trouble.kind !== 'overtaken') continue;
    for (const event of trouble.events) {
      const events = trouble.events.filter((it) => it !== event);
      yield { troubles: step.troubles.with(at, { ...trouble, events }) };
    }
  }
  if (step.faults.length > 0) yield { faults: [] };
  for (const fault of step.faults) yield { faults: step.faults.filter((it) => it !== fault) };
  for (const event of step.events) yield { events: step.events.filter((it) => it !== event) };
  if (step.clock !== 0) yield { clock: 0 };
  if (step.jump !== 0) yield { jump: 0 };
  if (step.force) yield { force: false };
  for (const [at, event] of step.events.entries()) {
    if (event.kind !== 'appear' || event.snapshots < 2) continue;
    yield { events: step.events.with(at, { ...event, snapshots: event.snapshots - 1 }) };
  }
}
