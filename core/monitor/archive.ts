// What an archive brings: everything the monitor knows of it is in this one value. archives/index.ts has the list.

import type { ArchiveDocuments } from '../documents/tree.ts';
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
  readonly documents: ArchiveDocuments;
  /** Raised with every change that can turn a verdict over the same evidence. */
  readonly rules: number;
}

/** @throws when the archive has no such check */
export function checkOf({ checks }: Pick<Archive, 'checks'>, id: string): CheckDefinition {
  const check = checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check is named ${JSON.stringify(id)}`);
  return check;
}
