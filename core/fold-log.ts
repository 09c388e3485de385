// Folds equal warnings into one, with their number: an outage gives the same warning for each of a thousand
// datasets, and hides the others.

import type { Log } from './monitor/context.ts';

export interface FoldOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Facts that are ignored when warnings are compared. */
  readonly apart: readonly string[];
}

export interface FoldingLog {
  readonly log: Log;
  /** Says what is still folded. */
  flush(): void;
}

/** The first ones are logged one by one. */
const SHOWN = 3;
/** Milliseconds after which the number of folded warnings is logged. */
const SAY_EVERY = 30_000;

interface Fold {
  readonly event: string;
  /** What the folded ones have in common. */
  readonly facts: Readonly<Record<string, unknown>>;
  seen: number;
  folded: number;
  since: number;
}

/** Warnings alone: an error is never folded, and what is less is not said where it is too much. */
export function foldingLog(log: Log, { now, apart }: FoldOptions): FoldingLog {
  const folds = new Map<string, Fold>();
  const say = (fold: Fold): void => {
    if (fold.folded > 0) {
      const more = fold.folded;
      log('warn', `… ${more} more like this`, { like: fold.event, ...fold.facts, more });
    }
    fold.folded = 0;
    fold.since = now();
  };
  return {
    log(level, event, facts = {}) {
      for (const fold of folds.values()) if (now() - fold.since >= SAY_EVERY) say(fold);
      if (level !== 'warn') return log(level, event, facts);
      const common = Object.fromEntries(
        Object.entries(facts).filter(([name]) => !apart.includes(name)),
      );
      const key = JSON.stringify([event, common]);
      const fold = folds.get(key) ?? { event, facts: common, seen: 0, folded: 0, since: now() };
      folds.set(key, fold);
      fold.seen += 1;
      if (fold.seen <= SHOWN) log(level, event, facts);
      else fold.folded += 1;
    },
    flush() {
      for (const fold of folds.values()) say(fold);
    },
  };
}
