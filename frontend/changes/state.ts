// The state of the page of changes: the view, and the months that it needs. The newest months are
// loaded first, and no more of them than the page shows.

import { effect, signal } from '@preact/signals';
import { type Change, changesOf } from '../../core/history/classify.ts';
import { monthOf } from '../../core/history/paths.ts';
import { type Index, loadChanges, loadIndex } from '../history/documents.ts';
import { loadArchives } from '../shared/archives.tsx';
import { chosen, DATA } from '../shared/catalogue.ts';
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
      /** Whether there are older ones. */
      readonly isMore: boolean;
    };

export const view = signal<View>(readView(location.search));
export const shown = signal<Shown>({ kind: 'waiting' });
export const index = signal<Index | null>(null);
export const names = signal<ReadonlyMap<string, string>>(new Map());
/** The address of the feed, if there is one. */
export const feed = signal<string | null>(null);

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
    void findFeed();
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
          isMore: changes.length > first + PAGE_SIZE,
        };
}

const months = new Map<string, readonly Change[]>();

/**
 * The changes that a view shows, newest first.
 * @param enough how many are needed at most
 * @returns null if a month could not be loaded
 */
export async function changesIn(
  wanted: View,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly Change[] | null> {
  const found: Change[] = [];
  for (const month of index.value?.months.toReversed() ?? []) {
    if (wanted.to !== '' && month > monthOf(wanted.to)) continue;
    if (found.length >= enough || month < monthOf(wanted.from)) break;
    const changes = months.get(month) ?? (await newestFirst(month));
    if (changes === null) return null;
    months.set(month, changes);
    found.push(...changes.filter((change) => isShown(wanted, change)));
  }
  return found;
}

/** The runs from the newest to the oldest, each in its own order. */
async function newestFirst(month: string): Promise<readonly Change[] | null> {
  const loaded = await loadChanges(month);
  if (loaded.kind !== 'loaded') return null;
  const byRun = Map.groupBy(loaded.value.flatMap(changesOf), ({ run }) => run);
  return [...byRun.values()].reverse().flat();
}

/** A feed is written only where the site knows its own address. */
async function findFeed(): Promise<void> {
  const address = `${DATA}feeds/${chosen.id}.atom`;
  const found = await fetch(address, { method: 'HEAD' }).catch(() => null);
  if (found?.ok) feed.value = address;
}
