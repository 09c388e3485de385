// Eviction: when boards use too much, those go that were not used for longest.

import type { Clock } from '../core/http/clock.ts';
import type { BoardSettings } from './settings.ts';
import type { BoardStore } from './store.ts';

/** What a request does itself; the rest is done later. */
const IN_A_REQUEST = { deletions: 25, milliseconds: 2000 } as const;

/** `full`: nothing more can be evicted, and there is no room. */
export type Room = 'enough' | 'evict-later' | 'full';

export interface EvictionPorts {
  readonly store: BoardStore;
  readonly settings: BoardSettings;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Evicts after a write.
 * @param own the written board, which stays
 */
export async function makeRoom(ports: EvictionPorts, own: string): Promise<Room> {
  const { store, settings, clock } = ports;
  const { bytes } = await store.totals();
  if (bytes < settings.maxTotalBytes * settings.evictionThreshold) return 'enough';
  const spared = settings.evictOwn ? null : own;
  const until = clock.now() + IN_A_REQUEST.milliseconds;
  let left: number = IN_A_REQUEST.deletions;
  const isOver = () => left-- <= 0 || clock.now() > until;
  return evictToTarget(ports, spared, isOver);
}

/** Ends what `makeRoom` has left. @param isOver is asked before each deletion */
export async function evictToTarget(
  { store, settings }: Pick<EvictionPorts, 'store' | 'settings'>,
  spared: string | null,
  isOver: () => boolean,
): Promise<Room> {
  const target = Math.floor(settings.maxTotalBytes * settings.targetUtilization);
  // Others write and evict meanwhile, so the totals are read again before each.
  const isReached = async () => (await store.totals()).bytes <= target;
  for await (const one of store.evictable()) {
    if (await isReached()) return 'enough';
    if (one.id === spared) continue;
    if (isOver()) return 'evict-later';
    await store.evict(one);
  }
  return (await store.totals()).bytes < settings.maxTotalBytes ? 'enough' : 'full';
}
