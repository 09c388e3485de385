// The state of the main page: the loaded documents, the view, and what follows from both. The view
// is stored only in the address; see view.ts. loading.ts loads the documents.

import { computed, effect, signal } from '@preact/signals';
import type { CompactPart } from '../../core/documents/compact-read.ts';
import type { Row } from '../../core/documents/rows.ts';
import type { BoardsPart } from '../boards/port.ts';
import type { loadPart } from '../history/main-part.tsx';
import { rememberList } from '../shared/summary.ts';
import {
  countChoices,
  countStatuses,
  countUnchecked,
  indexParts,
  select,
} from './index-of-rows.ts';
import { NO_BOARD, type Opened } from './opened.ts';
import { boardIn, COLUMN_NAMES, readView, type View, withoutFilters, writeView } from './view.ts';

/** What there is to show; null until the first answer arrives. */
export type Summary =
  | { readonly kind: 'absent' | 'broken' | 'failed' }
  | {
      readonly kind: 'loaded';
      readonly lastUpdated: string;
      /** Datasets in all parts, loaded or not. */
      readonly total: number;
      /** Parts that could not be loaded: the shown data is incomplete. */
      readonly missingParts: number;
      readonly parts: readonly CompactPart[];
    };

export const summary = signal<Summary | null>(null);
/** The history's part of the page; null until it is loaded, after the list. */
export const historyPart = signal<Awaited<ReturnType<typeof loadPart>>>(null);
/** Saving and showing boards; null until it is loaded, after the list, where there are boards. */
export const boardsPart = signal<BoardsPart | null>(null);

export const opened = signal<Opened>({ ...NO_BOARD, query: boardIn(location.search) });
export const view = signal<View>(readView(location.search));
/** Null while they could not be loaded. */
export const names = signal<ReadonlyMap<string, string> | null>(new Map());

export const index = computed(() =>
  indexParts(summary.value?.kind === 'loaded' ? summary.value.parts : []),
);
/** The text that a search looks through. */
const texts = computed(() =>
  index.value.ids.map((id) => `${id} ${names.value?.get(id) ?? ''}`.toLowerCase()),
);
export const statusCounts = computed(() => countStatuses(index.value));
export const uncheckedCounts = computed(() => countUnchecked(index.value));
export const found = (of: View): Uint32Array => select(index.value, texts.value, of);
export const shown = computed(() =>
  select(index.value, texts.value, view.value, opened.value.pinned),
);
export const choiceCounts = computed(() => countChoices(index.value, texts.value, view.value));

export function rowAt(number: number): Row {
  const row = index.value.row(number);
  return { ...row, name: names.value?.get(row.id) ?? null };
}

const queryOf = (next: View): string => writeView(next, opened.value.view, opened.value.query);

/** Changes the view: as a new step that Back undoes, or within the present step. */
export function show(next: View, step: 'new' | 'same' = 'new'): void {
  const address = location.pathname + queryOf(next);
  if (address === location.pathname + location.search) {
    view.value = next;
    return;
  }
  if (step === 'new') history.pushState(null, '', address);
  else history.replaceState(history.state, '', address);
  view.value = next;
}

export const boardPort = {
  ...{ opened, NO_BOARD, view, index, shown, rowAt, found, show },
  ...{ readView, writeView, COLUMN_NAMES },
};

export const clearFilters = (): void => show(withoutFilters(view.value));

let typing = false;
/** A search as it is typed: one step for Back, for any number of letters. */
export function search(query: string): void {
  show({ ...view.value, query }, typing ? 'same' : 'new');
  typing = true;
}
export function endTyping(): void {
  typing = false;
}

/** Its words are loaded after the list. */
async function entitle(of: View, many: number): Promise<void> {
  const { titleOf } = await import('./title.ts');
  document.title = titleOf(of, many);
}

export function followAddress(): void {
  addEventListener('popstate', () => {
    typing = false;
    const query = boardIn(location.search);
    if (query !== opened.value.query) opened.value = { ...NO_BOARD, query };
    view.value = readView(location.search, opened.value.view);
  });
  effect(() => rememberList(queryOf(view.value)));
  effect(() => {
    if (summary.value?.kind === 'loaded') void entitle(view.value, shown.value.length);
  });
}
