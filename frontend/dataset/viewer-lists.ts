// The differences between two lists of files that the viewer shows; the loading code puts them here.

import { signal } from '@preact/signals';

export interface Listed {
  /** Missing in the export. */
  readonly added: readonly string[];
  /** Orphaned there. */
  readonly removed: readonly string[];
  /** Unchanged neighbours. */
  readonly context: readonly string[];
}

export const listed = signal<Listed>({ added: [], removed: [], context: [] });
