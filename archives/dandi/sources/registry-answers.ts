// Answers of the DANDI API in the form that the checks use. Nothing in them is trusted, and nothing
// personal is kept.

import * as z from 'zod';
import { type RecordedAsset, recordedAsset } from '../assets-record.ts';
import { DRAFT, isDandisetId, isVersion } from '../ids.ts';
import { instantOf } from '../instant.ts';

export const EMBARGO = ['OPEN', 'EMBARGOED', 'UNEMBARGOING'] as const;
export type Embargo = (typeof EMBARGO)[number];

export interface Version {
  readonly version: string;
  /** ISO 8601, as the API writes it. */
  readonly created: string;
  readonly modified: string;
}

export interface Dandiset {
  readonly id: string;
  readonly name: string | null;
  readonly created: string;
  /** Of the record, not of its data: it only tells that something may have changed. */
  readonly recordModified: string;
  readonly embargo: Embargo;
  readonly draft: Version;
  /** The newest published version; null if there is none. */
  readonly published: Version | null;
}

const timeSchema = z
  .string()
  .max(64)
  .refine((text) => instantOf(text) !== null, 'no time');

const versionSchema = z.object({
  version: z.string().refine((text) => text === DRAFT || isVersion(text), 'no version'),
  name: z.string().nullish().catch(null),
  created: timeSchema,
  modified: timeSchema,
});

const dandisetSchema = z.object({
  identifier: z.string().refine(isDandisetId, 'no id of a dandiset'),
  created: timeSchema,
  modified: timeSchema,
  embargo_status: z.enum(EMBARGO),
  draft_version: versionSchema.refine(({ version }) => version === DRAFT, 'no draft'),
  most_recent_published_version: versionSchema
    .refine(({ version }) => version !== DRAFT, 'no published version')
    .nullish(),
});

const versionOf = ({ version, created, modified }: z.infer<typeof versionSchema>): Version => ({
  version,
  created,
  modified,
});

/** Null if it is no dandiset; `why` then says what is wrong with it. */
export function readDandiset(value: unknown): Dandiset | { readonly why: string } {
  const read = dandisetSchema.safeParse(value);
  if (!read.success) return { why: issueOf(read.error) };
  const { identifier, created, modified, embargo_status, draft_version } = read.data;
  const published = read.data.most_recent_published_version ?? null;
  return {
    id: identifier,
    name: draft_version.name ?? published?.name ?? null,
    created,
    recordModified: modified,
    embargo: embargo_status,
    draft: versionOf(draft_version),
    published: published && versionOf(published),
  };
}

/** A page of anything. `count` is null on all pages of assets but the first. */
export interface Page<T> {
  readonly count: number | null;
  readonly hasNext: boolean;
  readonly results: readonly T[];
}

const pageSchema = z.object({
  count: z.int().nonnegative().nullish(),
  next: z.string().nullish(),
  results: z.array(z.unknown()),
});

/** @param read null for a result that is none: then the whole page counts as broken */
export function readPage<T>(value: unknown, read: (result: unknown) => T | null): Page<T> | null {
  const page = pageSchema.safeParse(value);
  if (!page.success) return null;
  const results = page.data.results.map(read);
  if (results.includes(null)) return null;
  return {
    count: page.data.count ?? null,
    hasNext: page.data.next != null,
    results: results as T[],
  };
}

export function readVersion(value: unknown): Version | null {
  const read = versionSchema.safeParse(value);
  return read.success ? versionOf(read.data) : null;
}

/** An asset of the registry always says what it is made of, and when it was created. */
export interface Asset extends RecordedAsset {
  readonly created: number;
}

export function readAsset(value: unknown): Asset | null {
  const asset = recordedAsset(value);
  if (asset === null || asset.created === null) return null;
  if ((asset.blob === null) === (asset.zarr === null)) return null;
  return { ...asset, created: asset.created };
}

const statsSchema = z.object({ dandiset_count: z.int().nonnegative() });

/** How many dandisets there are, those that we cannot see included. */
export function readCount(value: unknown): number | null {
  const read = statsSchema.safeParse(value);
  return read.success ? read.data.dandiset_count : null;
}

/** A version's metadata document; only few of its fields are ever kept. */
export type Metadata = Readonly<Record<string, unknown>>;

export function readMetadata(value: unknown): Metadata | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Metadata)
    : null;
}

function issueOf({ issues }: z.ZodError): string {
  const [first] = issues;
  return `${first?.path.join('.') ?? ''}: ${first?.message ?? 'not as expected'}`;
}
