// Values that are computed on first use and dropped when others need the room.

export interface Cache<T> {
  /** The value of a key, computed if it is not cached. */
  get(key: string, make: () => T, weight: number): T;
}

/** Keeps the values used last, up to a total weight; the newest stays whatever it weighs. */
export function createCache<T>(maxWeight: number): Cache<T> {
  const kept = new Map<string, { value: T; weight: number }>();
  let total = 0;
  return {
    get(key, make, weight) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found.value;
      }
      const value = make();
      kept.set(key, { value, weight });
      total += weight;
      for (const [oldest, entry] of kept) {
        if (total <= maxWeight || oldest === key) break;
        kept.delete(oldest);
        total -= entry.weight;
      }
      return value;
    },
  };
}
