// What a client asks of `fetch`, read from protocol v2 (gitprotocol-v2(5)) or v0
// (gitprotocol-pack(5)); from here on the two are the same.

import type { Packet } from './pkt-line.ts';

/** blob-limit: blobs of this many bytes or more are left out. */
export type Filter =
  | { readonly kind: 'everything' }
  | { readonly kind: 'blob-limit'; readonly bytes: number }
  | { readonly kind: 'no-trees' };

export interface FetchRequest {
  readonly wants: readonly string[];
  readonly haves: readonly string[];
  /** Commits whose parents the client does not have. */
  readonly shallow: readonly string[];
  /** Commits deep; undefined for the whole history. */
  readonly depth: number | undefined;
  readonly filter: Filter;
  readonly done: boolean;
  readonly ofsDelta: boolean;
  readonly includeTag: boolean;
  readonly progress: boolean;
  /** v0 only: without it the pack comes bare. In v2 there is always one. */
  readonly sideband: boolean;
}

export interface Refused {
  readonly kind: 'refused';
  /** For the client's ERR packet. */
  readonly message: string;
}

export function refused(message: string): Refused {
  return { kind: 'refused', message };
}

export function isRefused(value: object): value is Refused {
  return 'kind' in value && value.kind === 'refused';
}

/** The arguments of `command=fetch`. */
export function readFetchV2(args: readonly string[]): FetchRequest | Refused {
  return readLines(args, new Set(['side-band-64k', ...args]));
}

/** The whole request of v0, whose first want carries the capabilities. */
export function readFetchV0(packets: readonly Packet[]): FetchRequest | Refused {
  const lines = packets.flatMap((packet) => (packet.kind === 'line' ? [packet.text] : []));
  const [want = '', oid = '', ...capabilities] = (lines[0] ?? '').split(' ');
  return readLines([`${want} ${oid}`, ...lines.slice(1)], new Set(capabilities));
}

function readLines(lines: readonly string[], options: ReadonlySet<string>): FetchRequest | Refused {
  const wants: string[] = [];
  const haves: string[] = [];
  const shallow: string[] = [];
  let depth: number | undefined;
  let filter: Filter | undefined = { kind: 'everything' };
  let done = false;
  for (const line of lines) {
    const [word, value = ''] = line.split(' ');
    if (word === 'want') wants.push(value);
    else if (word === 'have') haves.push(value);
    else if (word === 'shallow') shallow.push(value);
    else if (word === 'deepen') depth = Number(value);
    else if (word === 'filter') filter = readFilter(value);
    else if (word === 'done') done = true;
    else if (!OPTIONS.has(line)) return refused(`unexpected line: '${line}'`);
  }
  if (depth !== undefined && !(Number.isInteger(depth) && depth > 0)) {
    return refused('invalid deepen');
  }
  if (filter === undefined) return refused('filter not supported');
  const malformed = [...wants, ...haves, ...shallow].find((oid) => !/^[0-9a-f]{40}$/.test(oid));
  if (malformed !== undefined) return refused(`invalid object id '${malformed}'`);
  return {
    wants,
    haves,
    shallow,
    depth,
    filter,
    done,
    ofsDelta: options.has('ofs-delta'),
    includeTag: options.has('include-tag'),
    progress: !options.has('no-progress'),
    sideband: options.has('side-band-64k'),
  };
}

/** Lines that are options of v2; thin packs are a permission that is not used. */
const OPTIONS: ReadonlySet<string> = new Set([
  'thin-pack',
  'no-progress',
  'include-tag',
  'ofs-delta',
]);

function readFilter(text: string): Filter | undefined {
  if (text === 'blob:none') return { kind: 'blob-limit', bytes: 0 };
  if (text === 'tree:0') return { kind: 'no-trees' };
  const limit = /^blob:limit=(\d+)([kmg]?)$/i.exec(text);
  if (limit === null) return undefined;
  const unit = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[(limit[2] ?? '').toLowerCase()] ?? 1;
  return { kind: 'blob-limit', bytes: Number(limit[1]) * unit };
}
