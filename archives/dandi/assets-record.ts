// `.dandi/assets.json` of a mirror: what the tool recorded of each asset. It may have 64 MB, so its
// entries are read one by one, and only the few fields that are compared are kept.

import * as z from 'zod';
import { instantOf } from './instant.ts';

export interface RecordedAsset {
  readonly path: string;
  readonly assetId: string;
  readonly size: number;
  /** Microseconds since 1970. */
  readonly modified: number;
  /** Null in records of 2021. */
  readonly created: number | null;
  /** Null in records before mid-2022, and for the other kind of asset. */
  readonly blob: string | null;
  readonly zarr: string | null;
  readonly sha256: string | null;
  /** The dandi-etag of a blob. */
  readonly etag: string | null;
  readonly zarrChecksum: string | null;
}

export type AssetsRecord =
  | { readonly kind: 'entries'; readonly entries: ReadonlyMap<string, RecordedAsset> }
  /** The oldest shape, a list of paths: it records nothing that can be compared. */
  | { readonly kind: 'paths-only' }
  | { readonly kind: 'corrupt'; readonly why: string };

const instant = z.string().transform((text, context) => {
  const value = instantOf(text);
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message: 'no time' });
  return z.NEVER;
});

const digest = z.object({
  'dandi:sha2-256': z.string().optional(),
  'dandi:dandi-etag': z.string().optional(),
  'dandi:dandi-zarr-checksum': z.string().nullish(),
});

/** Other fields of the metadata may be personal: they are never kept. */
const entrySchema = z.object({
  asset_id: z.string(),
  path: z.string(),
  size: z.int().nonnegative(),
  modified: instant,
  created: instant.optional(),
  blob: z.string().nullish(),
  zarr: z.string().nullish(),
  metadata: z.object({ digest: digest.optional() }).optional(),
});

/** The few fields that are compared, from one entry. */
export function recordedAsset(value: unknown): RecordedAsset | null {
  const read = entrySchema.safeParse(value);
  if (!read.success) return null;
  const { path, size, modified, created = null, blob = null, zarr = null } = read.data;
  const digests = read.data.metadata?.digest;
  return {
    path,
    assetId: read.data.asset_id,
    size,
    modified,
    created,
    blob,
    zarr,
    sha256: digests?.['dandi:sha2-256'] ?? null,
    etag: digests?.['dandi:dandi-etag'] ?? null,
    zarrChecksum: digests?.['dandi:dandi-zarr-checksum'] ?? null,
  };
}

export function readAssetsRecord(bytes: Buffer): AssetsRecord {
  const entries = new Map<string, RecordedAsset>();
  let texts = 0;
  for (const item of itemsOf(bytes)) {
    if (item === null) return corrupt('it is no JSON array');
    const value = parsed(item);
    if (typeof value === 'string') {
      texts++;
      continue;
    }
    const entry = recordedAsset(value);
    if (entry === null) return corrupt(`entry ${entries.size + texts + 1} is no asset`);
    if (entries.has(entry.path)) return corrupt('a path comes twice');
    entries.set(entry.path, entry);
  }
  if (texts === 0) return { kind: 'entries', entries };
  return entries.size === 0 ? { kind: 'paths-only' } : corrupt('paths among its entries');
}

const corrupt = (why: string): AssetsRecord => ({ kind: 'corrupt', why });

function parsed(item: Buffer): unknown {
  try {
    return JSON.parse(item.toString());
  } catch {
    return undefined;
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The items of a JSON array, each as its bytes; null at the end if it is not a whole array. */
function* itemsOf(bytes: Buffer): Generator<Buffer | null> {
  let depth = 0;
  let isText = false;
  let start = 0;
  let begun = false;
  let over = false;
  for (let at = 0; at < bytes.length; at++) {
    const unit = bytes[at] as number;
    if (isText) {
      if (unit === BACKSLASH) at++;
      else if (unit === QUOTE) isText = false;
      continue;
    }
    if (isBlank(unit)) continue;
    if (over || (!begun && unit !== 0x5b)) return yield null;
    if (!begun) {
      begun = true;
      depth = 1;
      start = at + 1;
    } else if (unit === QUOTE) isText = true;
    else if (OPENING.has(unit)) depth++;
    else if (CLOSING.has(unit)) {
      depth--;
      if (depth > 0) continue;
      if (unit !== 0x5d) return yield null;
      over = true;
      const last = bytes.subarray(start, at);
      if (!last.every(isBlank)) yield last;
    } else if (unit === COMMA && depth === 1) {
      yield bytes.subarray(start, at);
      start = at + 1;
    }
  }
  if (!over) yield null;
}

const isBlank = (unit: number): boolean =>
  unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
