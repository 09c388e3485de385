// A story from its first day to its last.

import { validateTree } from '../support/documents.ts';
import { createModel, type View, Violation, viewOf } from './invariants.ts';
import { openPlace, type Ran, timeOf } from './runs.ts';
import type { Step, Story } from './story.ts';
import { createWorld } from './world.ts';

export interface Failure {
  /** The broken invariant, or `thrown` if the product threw. */
  readonly rule: string;
  readonly message: string;
  /** The step in which it was seen. */
  readonly step: Step;
}

/** Of runs that had trouble, one in so many: validating a tree takes as long as half a run. */
const TREES_VALIDATED = 3;

/** @returns null if every invariant held to the end */
export async function simulate(
  story: Story,
  tell: (step: Step, ran: Ran) => void = () => {},
): Promise<Failure | null> {
  const world = createWorld();
  const place = openPlace(story);
  const model = createModel(world);
  const valid = new WeakSet<Buffer>();
  let before = viewOf(place);
  for (const step of story.steps) {
    // Nothing in a run waits for the event loop, and only there does Node let go of what WeakRefs
    // (in AbortSignal.any) lead to: all that was ever read and written.
    await new Promise(setImmediate);
    for (const event of step.events) world.apply(event, step.id, timeOf(step));
    try {
      const ran = await place.run(step, world);
      tell(step, ran);
      const after = viewOf(place);
      model.check(step, ran, before, after);
      const isLast = step === story.steps.at(-1);
      // A first run that is cut off during publishing has not written a status yet.
      const isBegun = before.documents.has('status.json');
      const isChosen = ran.troubled && isBegun && step.id % TREES_VALIDATED === 0;
      if (isLast || isChosen) await treeIsValid(after, ran, valid);
      before = after;
    } catch (error) {
      const rule = error instanceof Violation ? error.rule : 'thrown';
      const text = error instanceof Error ? error.message : String(error);
      const stack = error instanceof Error && rule === 'thrown' ? error.stack : undefined;
      return { rule, message: stack ?? text, step };
    }
  }
  return null;
}

/** Files of runs: most of a tree after a month, and no other document is compared with them. */
const STANDS_ALONE = /^history\/runs\//;

/**
 * As `mirrorwatch validate` says.
 * @param valid documents that stand alone and were looked at before
 */
async function treeIsValid(
  { documents }: View,
  { troubled }: Ran,
  valid: WeakSet<Buffer>,
): Promise<void> {
  const tree = {
    async *list() {
      for (const [path, bytes] of documents) if (!valid.has(bytes)) yield path;
    },
    async read(path: string) {
      const bytes = documents.get(path);
      if (bytes !== undefined && STANDS_ALONE.test(path)) valid.add(bytes);
      return bytes?.toString();
    },
  };
  for await (const { path, field, message } of validateTree(tree)) {
    // A run that died had begun to remove it, or to write it anew.
    if (troubled && /^is of a withdrawn dataset/.test(message)) continue;
    throw new Violation('valid', `${path}: ${field}: ${message}`);
  }
}
