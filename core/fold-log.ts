// Equal warnings said once, with how many more there were: an outage says the same of each of a thousand
// datasets, and hides what else there is to read.

import type { Log } from './monitor/context.ts';

export interface FoldOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Facts in which warnings may differ and are equal all the same. */
  readonly apart: readonly string[];
}

export interface FoldingLog {
  readonly log: Log;
  /** Says what is still folded. */
  flush(): void;
}

/** So many are said as they come. */
const SHOWN = 3;
/** Milliseconds after which it is said how many there were meanwhile. */
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
