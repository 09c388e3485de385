// Writes to files of many datasets. One that is cut off goes on where it stopped when it is repeated:
// what is there is not sent again.

import { compareBytes } from '../compare/byte-order.ts';
import type { StageContext } from '../monitor/archive.ts';
import { inParallel } from '../monitor/frame.ts';
import type { Store, Writer } from '../monitor/store.ts';
import type { Strips } from './strips-document.ts';

/** Files that are made for datasets besides their strips. */
export interface DatasetFiles {
  /** Whose may be other ones after the run. */
  readonly ids: Iterable<string>;
  /** Whether these are made from strips, those of datasets too of which the run says nothing. */
  readonly needsStrips: boolean;
  /** @param strips null if they are not needed, or not there */
  write(id: string, strips: Strips | null, writer: Writer): Promise<void>;
  /** Of the archive as a whole. */
  writeOfArchive(): Promise<void>;
}

type Context = Pick<StageContext, 'store' | 'signal'> & {
  readonly options: Pick<StageContext['options'], 'concurrency'>;
};

/** Datasets whose files are listed together: a page or two of keys. */
const LISTED_TOGETHER = 100;
/** If more than one dataset in ten is written to, listings cost less than a request for each file. */
const FEW = 0.1;

/**
 * @param all how many datasets there are
 * @throws the signal's reason when it is aborted
 */
export async function ofEachDataset(
  { store, options, signal }: Context,
  ids: Iterable<string>,
  all: number,
  write: (id: string, writer: Writer) => Promise<void>,
): Promise<void> {
  const sorted = [...ids].sort(compareBytes);
  const isFew = sorted.length <= all * FEW;
  const writers = isFew ? withWriter(store, sorted) : withListings(store, sorted);
  await inParallel(options.concurrency, writers, signal, ([id, writer]) => write(id, writer));
  signal.throwIfAborted();
}

async function* withWriter(store: Store, ids: readonly string[]) {
  for (const id of ids) yield [id, store] as const;
}

async function* withListings(store: Store, ids: readonly string[]) {
  for (let at = 0; at < ids.length; at += LISTED_TOGETHER) {
    const some = ids.slice(at, at + LISTED_TOGETHER);
    const writer = (await store.writerOf?.(some)) ?? store;
    for (const id of some) yield [id, writer] as const;
  }
}
