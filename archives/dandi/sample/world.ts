// A made-up DANDI archive: what the registry knows, what the bucket holds, and how the mirrors are.
// A test may change all of it while a server serves it; mirrors are built when they are first read.

import { hash } from 'node:crypto';
import type { SampleRepository } from '../../../sample/git/index.ts';
import type { Embargo } from '../sources/registry-answers.ts';
import type { ZarrFile } from '../zarr-checksum.ts';

export interface SampleBlob {
  readonly uuid: string;
  size: number;
  /** Undefined until the archive has computed it. */
  sha256: string | undefined;
  etag: string;
  versionId: string;
  /** Of text files; the bytes of others exist nowhere. */
  readonly content?: Buffer;
}

export interface SampleZarr {
  readonly uuid: string;
  /** Null until it is ingested. */
  checksum: string | null;
  files: ZarrFile[];
}

export interface SampleAsset {
  assetId: string;
  path: string;
  readonly blob?: SampleBlob;
  readonly zarr?: SampleZarr;
  /** As the API writes times. */
  created: string;
  modified: string;
}

export interface SampleVersion {
  readonly version: string;
  created: string;
  modified: string;
  assets: SampleAsset[];
  metadata: Record<string, unknown>;
}

export interface SampleDandiset {
  readonly id: string;
  name: string;
  created: string;
  modified: string;
  embargo: Embargo;
  /** Who may see it while it is embargoed. */
  owners: string[];
  draft: SampleVersion;
  /** Published ones, in order of creation. */
  versions: SampleVersion[];
}

export type MirrorFile =
  | { readonly kind: 'annexed'; readonly key: string }
  | { readonly kind: 'text'; readonly content: Buffer }
  | { readonly kind: 'gitlink'; readonly oid: string };

export interface MirrorTag {
  readonly name: string;
  files: Map<string, MirrorFile>;
  /** `.dandi/assets.json` of the version. */
  record: string;
  isAnnotated: boolean;
  isMerged: boolean;
  /** It leads to a tree. */
  isBroken: boolean;
}

/** How a mirror is; the repository is built from it. */
export interface MirrorPlan {
  access: 'public' | 'private' | 'disabled';
  isEmpty: boolean;
  hasDraft: boolean;
  hasAnnex: boolean;
  head: string;
  /** The text of the state file; null without one. */
  state: string | null;
  files: Map<string, MirrorFile>;
  /** `.dandi/assets.json` as text; null without one. */
  record: string | null;
  /** `dandiset.yaml`, without its comments; null without one. */
  metadata: Record<string, unknown> | null;
  settings: string;
  submodules: string | null;
  tags: MirrorTag[];
  /** Addresses of each key, as lines of its log say them. */
  addresses: Map<string, string[]>;
  /** What GitHub's REST API says of it. */
  homepage: string | null;
  releases: string[];
}

export interface ZarrPlan {
  /** Null without the file. */
  stated: string | null;
  files: ZarrFile[];
  isPresent: boolean;
}

export interface SuperSection {
  readonly id: string;
  path: string;
  url: string;
  access: string;
  /** Null: the mirror's own. */
  gitlink: string | null;
  times: number;
  isMissing: boolean;
}

export interface SampleObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** ISO 8601. */
  readonly modified: string;
  readonly content?: string;
}

export interface SampleDoi {
  readonly state: string;
  readonly url: string;
}

export interface World {
  readonly now: Date;
  readonly dandisets: SampleDandiset[];
  readonly mirrors: Map<string, MirrorPlan>;
  readonly zarrMirrors: Map<string, ZarrPlan>;
  readonly superdataset: Map<string, SuperSection>;
  /** By key of the whole bucket. */
  readonly objects: Map<string, SampleObject>;
  /**
   * Keys that everybody is refused, and keys that are not there; with `?` and its id, one version of
   * a key. All other versions are open and there.
   */
  readonly closed: Set<string>;
  readonly gone: Set<string>;
  /** Assets that the API does not know any more; it knows all others that ever were. */
  readonly forgotten: Set<string>;
  readonly dois: Map<string, SampleDoi>;
  /** How many there are for the registry; more than it lists. */
  extraCount: number;
}

export interface Built {
  mirror(id: string): Promise<SampleRepository | undefined>;
  zarr(uuid: string): Promise<SampleRepository | undefined>;
  superdataset(): Promise<SampleRepository>;
}

export const BUCKET = 'dandiarchive';

/** 8-4-4-4-12 hex digits, made from a text. */
export function uuidOf(text: string): string {
  const hex = hash('md5', text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** The time so many seconds before now, as the API writes it. */
export function ago(now: Date, seconds: number, micros = 123456): string {
  const at = new Date(Math.floor(now.getTime() / 1000 - seconds) * 1000).toISOString();
  return `${at.slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}
