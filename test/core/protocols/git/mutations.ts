// The sequences of bytes a fuzz needs, and a repository whose right answer is known.

import {
  commit,
  deltaBetween,
  type Entry,
  FILE_OID,
  object,
  type RawObject,
  tree,
} from './wire.ts';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const MUTATIONS = ['flip', 'set', 'cut', 'remove', 'insert', 'duplicate', 'swap'] as const;

/** One to three small changes of some bytes. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const place = (): number => Math.floor(random() * result.length);
  for (let change = Math.ceil(random() * 3); change > 0; change--) {
    const at = place();
    const end = Math.min(at + 1 + Math.floor(random() * 40), result.length);
    const piece = result.subarray(at, end);
    const spliced = (...middle: Buffer[]): Buffer<ArrayBuffer> =>
      Buffer.concat([result.subarray(0, at), ...middle, result.subarray(end)]);
    switch (MUTATIONS[Math.floor(random() * MUTATIONS.length)]) {
      case 'flip':
        result[at] = (result[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        break;
      case 'set':
        result[at] = [0, 1, 0x30, 0x7f, 0x80, 0xff][Math.floor(random() * 6)] ?? 0;
        break;
      case 'cut':
        result = Buffer.from(result.subarray(0, at));
        break;
      case 'remove':
        result = spliced();
        break;
      case 'insert':
        result = spliced(piece, Buffer.from(Array.from(piece, () => Math.floor(random() * 256))));
        break;
      case 'duplicate':
        result = spliced(piece, piece);
        break;
      case 'swap':
        result = spliced(Buffer.from(piece).reverse());
        break;
    }
  }
  return result;
}

export interface Known {
  readonly head: RawObject;
  readonly entries: readonly Entry[];
  /** As listed(). */
  readonly lines: readonly string[];
}

/** A commit with files, a shared folder, a gitlink, contents, and deltas of every kind. */
export function knownRepository(): Known {
  const files = (...names: string[]) =>
    names.map((name): [string, string, string] => ['100644', name, FILE_OID]);
  const leaf = tree(...files('anat.json', 'bold.nii.gz', 'events.tsv'));
  const other = tree(...files('anat.json', 'bold.nii.gz', 'events.tsv', 'extra'));
  const subject = tree(['40000', 'ses-1', leaf.oid], ['40000', 'ses-2', other.oid]);
  const linked: [string, string, string][] = [
    ['160000', 'code', FILE_OID],
    ['100644', 'dataset_description.json', FILE_OID],
    ['40000', 'sub-01', subject.oid],
  ];
  const root = tree(...linked, ['40000', 'sub-02', subject.oid]);
  const head = commit(root.oid);
  const entries: Entry[] = [
    head,
    { type: 'ref', base: other.oid, data: deltaBetween(other.data, leaf.data) },
    object('blob', Buffer.from('{}')),
    subject,
    { type: 'ofs', base: 3, data: deltaBetween(subject.data, root.data) },
    other,
  ];
  const sessions = ['ses-1/anat.json', 'ses-1/bold.nii.gz', 'ses-1/events.tsv'].concat(
    ['anat.json', 'bold.nii.gz', 'events.tsv', 'extra'].map((name) => `ses-2/${name}`),
  );
  const lines = [
    `160000 ${FILE_OID} code`,
    `100644 ${FILE_OID} dataset_description.json`,
    ...['sub-01', 'sub-02'].flatMap((sub) =>
      sessions.map((path) => `100644 ${FILE_OID} ${sub}/${path}`),
    ),
  ];
  return { head, entries, lines };
}
