// What the contract suite needs from an archive: its local sources, and what is true of them.

import type { Status } from '../../core/documents/vocabulary.ts';

export interface World {
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Entry → check → status. */
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, Status>>>>;
  /** Checks of the archive as a whole. */
  readonly ofArchive: Readonly<Record<string, Status>>;
  /** Makes every source fail with a fault of its own, or answer again. */
  fail(down: boolean): void;
  /** Fixes some entries. @returns their ids, which are ok from then on */
  heal(): readonly string[];
  close(): Promise<void>;
}
