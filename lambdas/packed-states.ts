// What is known of many datasets, in little memory: 100,000 states as objects would be a gigabyte.
// The first ones are kept as they are, so an archive of some thousand datasets does without
// packing.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DatasetState, DatasetStates } from './dataset-state.ts';

/** Nobody changes a state that was given or taken. */
export interface PackedStates extends DatasetStates {
  has(dataset: string): boolean;
  set(dataset: string, state: DatasetState): void;
  delete(dataset: string): void;
}

/** Some 25 MB as objects. */
const MOST_UNPACKED = 2500;
/** Of these texts the fastest level leaves a seventh, and the best one not much less. */
const FASTEST = { level: 1 };

export function packedStates(mostUnpacked = MOST_UNPACKED): PackedStates {
  const states = new Map<string, DatasetState | Uint8Array>();
  let unpacked = 0;
  const isUnpacked = (dataset: string) => {
    const state = states.get(dataset);
    return state !== undefined && !(state instanceof Uint8Array);
  };
  return {
    get(dataset) {
      const state = states.get(dataset);
      return state instanceof Uint8Array ? unpack(state) : state;
    },
    set(dataset, state) {
      const had = isUnpacked(dataset);
      if (!had && unpacked >= mostUnpacked) states.set(dataset, pack(state));
      else {
        if (!had) unpacked += 1;
        states.set(dataset, state);
      }
    },
    has: (dataset) => states.has(dataset),
    delete(dataset) {
      if (isUnpacked(dataset)) unpacked -= 1;
      states.delete(dataset);
    },
    keys: () => states.keys(),
  };
}

const unpack = (bytes: Uint8Array) => JSON.parse(inflateRawSync(bytes).toString()) as DatasetState;

/**
 * A copy of its own: zlib's buffer has 16 KB however little is in it, and a small Buffer keeps what
 * else is in Node's pool.
 */
const pack = (state: DatasetState) =>
  new Uint8Array(deflateRawSync(JSON.stringify(state), FASTEST));
