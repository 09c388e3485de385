// The difference lists that the viewer shows; the loading code writes them here.

import { signal } from '@preact/signals';

export interface Listed {
  /** Missing in the export. */
  readonly added: readonly string[];
  /** Extra in the export. */
  readonly removed: readonly string[];
  /** Unchanged neighbours. */
  readonly context: readonly string[];
}

export const listed = signal<Listed>({ added: [], removed: [], context: [] });
