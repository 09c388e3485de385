// Small helpers on bytes: names as "binary" strings (one UTF-16 unit per byte, so that `<` is byte
// order), hashes, and a random source that gives the same numbers for the same seed.

import { hash } from 'node:crypto';

/** UTF-8 bytes of a text as binary string. */
export function toBinary(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function compareBinary(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function digest(algorithm: 'md5' | 'sha1' | 'sha256', content: string | Buffer): string {
  return hash(algorithm, content);
}

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [from, to]. */
  int(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** A xorshift generator whose state is a hash of the seed: equal on every machine. */
export function createRandom(seed: string): Random {
  let state = hash('sha256', seed, 'buffer').readUInt32LE(0) || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick<T>(choices: readonly T[]): T {
      const chosen = choices[int(0, choices.length - 1)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
  };
}
