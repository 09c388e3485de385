// What an archive brings: everything the monitor knows of it is in this one value. archives/index.ts has the list.

import type { Cause, Reason } from '../documents/catalogue.ts';
import type { AboutArchive } from '../documents/documents.ts';
import type { Row, SummaryLayout } from '../documents/rows.ts';
import type { CheckDefinition } from './check.ts';

/** What the page calls of an archive too (archives/<id>/page.ts): it imports nothing heavy. */
export interface ArchivePage {
  /** For `sort`: negative when `a` is the older. */
  compareVersions(a: string, b: string): number;
  /** Where a person can look; null where there is no such place. */
  link(to: string, about: AboutArchive | null, id: string, at?: string | null): string | null;
  /** Where the page leads from an entry: what `link` is asked for, and how it is called. */
  readonly lookups: readonly {
    readonly to: string;
    label(about: AboutArchive | null): string;
    /** The place is of the latest version. */
    readonly atVersion?: true;
  }[];
  /** A row as all-datasets.json has it, where that is not as core/documents/rows.ts has it. */
  viewOf?(row: Row, checks: readonly CheckDefinition[]): object;
}

export interface Archive extends ArchivePage {
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
  /** Of all-datasets.json, where it is not that of core/documents/rows.ts. */
  readonly summary?: SummaryLayout;
  /** Raised with every change that can turn a verdict over the same evidence. */
  readonly rules: number;
}
