// What the open board says of the list (../boards/).

import { SORT_KEYS, type SortKey, type View, WHOLE_VIEW } from './view.ts';

export interface Opened {
  /** Its part of the address; empty if no saved board is open. */
  readonly query: string;
  /** Its view, from which the address tells only what differs. */
  readonly view: View;
  /** Ids of datasets that come first, found by the view or not. */
  readonly pinned: ReadonlySet<string>;
  readonly columns: readonly SortKey[];
}

export const NO_BOARD: Opened = {
  query: '',
  view: WHOLE_VIEW,
  pinned: new Set(),
  columns: SORT_KEYS,
};
