// The state of the main page: the loaded documents, the view, and what follows from both. The view
// is stored only in the address; see view.ts.

import { computed, effect, signal } from '@preact/signals';
import type { CompactPart } from '../../core/documents/compact-read.ts';
import type { Row } from '../../core/documents/rows.ts';
import type { loadPart } from '../history/main-part.tsx';
import { loadArchives } from '../shared/archives.tsx';
import { load } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
import { namesIn, readPart, rememberList } from '../shared/summary.ts';
import {
  countChoices,
  countStatuses,
  countUnchecked,
  indexParts,
  select,
} from './index-of-rows.ts';
import { readView, type View, withoutFilters, writeView } from './view.ts';

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
export const view = signal<View>(readView(location.search));

const names = signal<ReadonlyMap<string, string>>(new Map());

export const index = computed(() =>
  indexParts(summary.value?.kind === 'loaded' ? summary.value.parts : []),
);
/** The text that a search looks through. */
const texts = computed(() =>
  index.value.ids.map((id) => `${id} ${names.value.get(id) ?? ''}`.toLowerCase()),
);
export const statusCounts = computed(() => countStatuses(index.value));
export const uncheckedCounts = computed(() => countUnchecked(index.value));
export const shown = computed(() => select(index.value, texts.value, view.value));
export const choiceCounts = computed(() => countChoices(index.value, texts.value, view.value));

export function rowAt(number: number): Row {
  const row = index.value.row(number);
  return { ...row, name: names.value.get(row.id) ?? null };
}

/** Changes the view: as a new step that Back undoes, or within the present step. */
export function show(next: View, step: 'new' | 'same' = 'new'): void {
  const address = location.pathname + writeView(next);
  if (address === location.pathname + location.search) {
    view.value = next;
    return;
  }
  if (step === 'new') history.pushState(null, '', address);
  else history.replaceState(history.state, '', address);
  view.value = next;
}

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

export function start(): void {
  addEventListener('popstate', () => {
    typing = false;
    view.value = readView(location.search);
  });
  effect(() => rememberList(writeView(view.value)));
  void loadAll();
}

async function loadHistory(): Promise<void> {
  const { loadPart } = await import('../history/main-part.tsx');
  historyPart.value = await loadPart();
}

async function loadAll(): Promise<void> {
  const [first, status] = await Promise.all([
    load('summary.json', readPart),
    load('status.json', readStatus),
    loadArchives(),
  ]);
  takeStatus(status);
  if (first.kind !== 'loaded') {
    summary.value = { kind: first.kind };
    return;
  }
  const { lastUpdated, total, more } = first.value;
  summary.value = { kind: 'loaded', lastUpdated, total, parts: [first.value], missingParts: 0 };

  void load('names.json', namesIn).then((loaded) => {
    if (loaded.kind === 'loaded') names.value = loaded.value;
  });
  // A summary that does not name its run is older than the history.
  if (first.value.run !== null) void loadHistory();
  if (more.length === 0) return;
  const others = await Promise.all(more.map((name) => load(name, readPart)));
  // A part of another publish does not fit the first part.
  const parts = others.flatMap((part) =>
    part.kind === 'loaded' && part.value.lastUpdated === lastUpdated ? [part.value] : [],
  );
  summary.value = {
    kind: 'loaded',
    lastUpdated,
    total,
    parts: [first.value, ...parts],
    missingParts: more.length - parts.length,
  };
}
