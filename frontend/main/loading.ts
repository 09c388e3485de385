// Loads the documents of the main page, and asks again for new ones: a tab may stay open for days.

import { effect, signal } from '@preact/signals';
import { moment } from '../../core/documents/format.ts';
import { loadArchives } from '../shared/archives.tsx';
import { DATA } from '../shared/catalogue.ts';
import { say } from '../shared/clipboard.ts';
import { load, offersApi } from '../shared/load.ts';
import { readStatus, takeStatus } from '../shared/status.ts';
import { namesIn, readPart } from '../shared/summary.ts';
import { boardPort, boardsPart, historyPart, names, opened, summary } from './state.ts';

/** When the server was last asked whether there is something new, and whether it answered. */
export const lastAsked = signal({ at: Date.now(), answered: true });

/** Also after a load that failed. */
export async function loadAll(cache: RequestCache = 'default'): Promise<void> {
  const [, status] = await Promise.all([
    loadSummary(cache),
    load('status.json', readStatus, DATA, cache),
    loadArchives(),
  ]);
  takeStatus(status);
  lastAsked.value = { at: Date.now(), answered: status.kind !== 'failed' };
}

export const tryAgain = (): void => void loadAll('no-cache');

async function loadSummary(cache: RequestCache): Promise<void> {
  const first = await load('summary.json', readPart, DATA, cache);
  if (first.kind !== 'loaded') {
    // What is shown stays: it says itself how old it is.
    if (summary.value?.kind !== 'loaded') summary.value = { kind: first.kind };
    return;
  }
  const { lastUpdated, total, more } = first.value;
  summary.value = { kind: 'loaded', lastUpdated, total, parts: [first.value], missingParts: 0 };
  void loadNames(cache);
  // A summary that does not name its run is older than the history.
  if (first.value.run !== null) void loadHistory();
  if (more.length === 0) return;
  const others = await Promise.all(more.map((name) => load(name, readPart, DATA, cache)));
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

export async function loadNames(cache: RequestCache = 'no-cache'): Promise<void> {
  const loaded = await load('names.json', namesIn, DATA, cache);
  if (loaded.kind === 'loaded') names.value = loaded.value;
  else if (names.value?.size === 0) names.value = null;
}

async function loadHistory(): Promise<void> {
  const { loadPart } = await import('../history/main-part.tsx');
  historyPart.value = await loadPart();
}

/** Where the server offers boards, or the address names one. */
async function loadBoards(): Promise<void> {
  const { start } = await import('../boards/part.tsx');
  boardsPart.value ??= start(boardPort);
}

let asking: Promise<void> | null = null;

/** Asks for the report of the last run, and loads what it published, in place. */
export function askAgain(): Promise<void> {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(): Promise<void> {
  const status = await load('status.json', readStatus, DATA, 'no-cache');
  const publishedAt = status.kind === 'loaded' ? status.value.publishedAt : null;
  const before = shownInstant();
  if (publishedAt !== null && publishedAt !== before) {
    await loadSummary('no-cache');
    const now = shownInstant();
    if (now !== before && now !== null) say(`New results of ${moment(now)} are shown.`);
  }
  if (status.kind === 'loaded') takeStatus(status);
  lastAsked.value = { at: Date.now(), answered: status.kind !== 'failed' };
}

const shownInstant = (): string | null =>
  summary.value?.kind === 'loaded' ? summary.value.lastUpdated : null;

export function start(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && summary.value !== null) void askAgain();
  });
  effect(() => {
    if (offersApi.value || opened.value.query) void loadBoards();
  });
  void loadAll();
}
