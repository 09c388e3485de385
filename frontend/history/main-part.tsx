// The history on the list's page: what changed since yesterday, the time to sync, and the trend.
// Loaded after the list.

import '../shared/common.ts';
import type { FunctionComponent } from 'preact';
import { useState } from 'preact/hooks';
import { changesAddress } from '../shared/summary.ts';
import { type Index, loadIndex, loadSync } from './documents.ts';
import { sinceYesterday } from './since-yesterday.ts';
import { PLACES, SyncFold } from './sync.tsx';

interface Part {
  readonly index: Index;
  readonly SinceYesterday: FunctionComponent;
  /** More of it, to open. */
  readonly Folds: FunctionComponent;
}

/** Null if there is no history yet, or it cannot be read. */
export async function loadPart(): Promise<Part | null> {
  const loaded = await loadIndex();
  if (loaded.kind !== 'loaded') return null;
  const index = loaded.value;
  const [sentence, sync] = await Promise.all([
    sinceYesterday(index, Date.now()).catch(() => 'Changes'),
    PLACES.length > 0 ? loadSync() : null,
  ]);
  const SinceYesterday = () => <a href={changesAddress()}>{sentence}</a>;
  const Folds = () => (
    <>
      <TrendFold index={index} />
      {sync?.kind === 'loaded' && <SyncFold sync={sync.value} />}
    </>
  );
  return { index, SinceYesterday, Folds };
}

function TrendFold({ index }: { readonly index: Index }) {
  const [Trend, take] = useState<FunctionComponent<{ readonly index: Index }> | null>(null);
  const open = async () => {
    const loaded = await import('./trend.tsx');
    take(() => loaded.Trend);
  };
  return (
    <details class="trend" onToggle={() => void open()}>
      <summary>Trend</summary>
      {Trend ? <Trend index={index} /> : <p class="waiting">Loading the numbers…</p>}
    </details>
  );
}
