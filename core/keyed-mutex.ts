// Runs work on one key in turn, and work on different keys in parallel.

export type KeyedMutex = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function keyedMutex(): KeyedMutex {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      // Nobody is waiting: forget the key.
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
