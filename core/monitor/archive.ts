// What an archive brings: everything the monitor knows of it is in this one value. archives/index.ts has the list.

import type { Cause, Reason } from '../documents/catalogue.ts';
import type { CheckDefinition } from './check.ts';

export interface Archive {
  /** Prefix of paths and keys, `--archive`, dimension of metrics. */
  readonly id: string;
  readonly words: {
    /** For people: `OpenNeuro`. */
    readonly title: string;
    /** What an entry is called: `dataset`. */
    readonly entry: string;
  };
  /** In the order they are shown. */
  readonly checks: readonly CheckDefinition[];
  /** Likely causes of what the checks find, the ones that explain most first. */
  readonly causes: readonly Cause[];
  /** Why a check had nothing to look at. */
  readonly reasons: Readonly<Record<string, Reason>>;
  /** Raised with every change that can turn a verdict over the same evidence. */
  readonly rules: number;
}
