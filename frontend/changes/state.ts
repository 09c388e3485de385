// The state of the page of changes: the view, and the months that it needs. The newest months are
// loaded first, and no more of them than the page shows.

import { effect, signal } from '@preact/signals';
import { type Change, type ChangeKind, changesOf } from '../../core/history/classify.ts';
import { dayOf, monthOf } from '../../core/history/paths.ts';
import { type Index, loadChanges, loadIndex } from '../history/documents.ts';
import { loadArchives } from '../shared/archives.tsx';
import { load } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
import { namesIn } from '../shared/summary.ts';
import { isShown, PAGE_SIZE, readView, type View, writeView } from './view.ts';

export type Shown =
  | { readonly kind: 'waiting' }
  /** There is no history, or it could not be loaded or read. */
  | { readonly kind: 'absent' | 'broken' | 'failed' }
  | {
      readonly kind: 'loaded';
      /** One page, newest first. */
      readonly changes: readonly Change[];
      /** How many changes of a kind a day has, on all pages. */
      readonly countOf: (day: string, kind: ChangeKind) => number;
      /** Whether there are older ones. */
      readonly isMore: boolean;
    };

export const view = signal<View>(readView(location.search));
export const shown = signal<Shown>({ kind: 'waiting' });
export const index = signal<Index | null>(null);
export const names = signal<ReadonlyMap<string, string>>(new Map());

export function show(next: View): void {
  history.pushState(null, '', location.pathname + writeView(next));
  view.value = next;
}

export function start(): void {
  addEventListener('popstate', () => {
    view.value = readView(location.search);
  });
  void loadArchives();
  void load('status.json', readStatus).then(takeStatus);
  void load('names.json', namesIn).then((loaded) => {
    if (loaded.kind === 'loaded') names.value = loaded.value;
  });
  void loadIndex().then((loaded) => {
    if (loaded.kind !== 'loaded') {
      shown.value = { kind: loaded.kind };
      return;
    }
    index.value = loaded.value;
    effect(() => void showPage(view.value));
  });
}

async function showPage(wanted: View): Promise<void> {
  const changes = await changesIn(wanted, wanted.page * PAGE_SIZE + 1);
  // Another view may have been chosen since.
  if (wanted !== view.peek()) return;
  const first = (wanted.page - 1) * PAGE_SIZE;
  shown.value =
    changes === null
      ? { kind: 'failed' }
      : {
          kind: 'loaded',
          changes: changes.slice(first, first + PAGE_SIZE),
          countOf: (day, kind) =>
            changes.filter((change) => change.kind === kind && dayOf(change.run) === day).length,
          isMore: changes.length > first + PAGE_SIZE,
        };
}

const months = new Map<string, readonly Change[]>();

/**
 * The changes that a view shows, newest first, in whole months.
 * @param enough how many are needed at least, if there are so many
 * @returns null if a month could not be loaded
 */
export async function changesIn(
  wanted: View,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly Change[] | null> {
  const { from, to } = wanted;
  const all = (index.value?.months ?? []).filter(
    (month) => month >= monthOf(from) && (to === '' || month <= monthOf(to)),
  );
  const left = all.toReversed();
  const found: Change[] = [];
  // One month, then two, four: a filter that shows little needs many.
  for (let many = 1; left.length > 0 && found.length < enough; many *= 2) {
    const loaded = await Promise.all(left.splice(0, many).map(monthOfChanges));
    for (const changes of loaded) {
      if (changes === null) return null;
      for (const change of changes) if (isShown(wanted, change)) found.push(change);
    }
  }
  return found;
}

async function monthOfChanges(month: string): Promise<readonly Change[] | null> {
  const changes = months.get(month) ?? (await newestFirst(month));
  if (changes !== null) months.set(month, changes);
  return changes;
}

/** The runs from the newest to the oldest, each in its own order. */
async function newestFirst(month: string): Promise<readonly Change[] | null> {
  const loaded = await loadChanges(month);
  if (loaded.kind !== 'loaded') return null;
  const byRun = Map.groupBy(loaded.value.flatMap(changesOf), ({ run }) => run);
  return [...byRun.values()].reverse().flat();
}
