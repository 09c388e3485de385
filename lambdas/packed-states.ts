// What is known of many datasets, in little memory: 100,000 states as objects would be a gigabyte.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DatasetState, DatasetStates } from './dataset-state.ts';

export interface PackedStates extends DatasetStates {
  has(dataset: string): boolean;
  set(dataset: string, state: DatasetState): void;
  delete(dataset: string): void;
}

/** Of these texts the fastest level leaves a seventh, and the best one not much less. */
const FASTEST = { level: 1 };

export function packedStates(): PackedStates {
  const packed = new Map<string, Uint8Array>();
  return {
    get(dataset) {
      const bytes = packed.get(dataset);
      return bytes && (JSON.parse(inflateRawSync(bytes).toString()) as DatasetState);
    },
    set(dataset, state) {
      // A copy of its own: zlib's buffer has 16 KB however little is in it, and a small Buffer keeps
      // what else is in Node's pool.
      packed.set(dataset, new Uint8Array(deflateRawSync(JSON.stringify(state), FASTEST)));
    },
    has: (dataset) => packed.has(dataset),
    delete: (dataset) => void packed.delete(dataset),
    keys: () => packed.keys(),
  };
}
