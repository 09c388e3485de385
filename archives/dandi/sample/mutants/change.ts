// What changes that make a fault have in common.

import { backup, storeObjects, type Wish, writeManifests } from '../healthy.ts';
import {
  ago,
  type MirrorPlan,
  type SampleAsset,
  type SampleDandiset,
  type SuperSection,
  type World,
} from '../world.ts';

/** Who may see the embargoed dandisets. */
export const OWNER = 'owner';
export const HOUR = 3600;
/** Of an annexed file, and of a text that is too long to come with a tree. */
export const BIG = 'sub-1/sub-1_ses-1.nwb';
export const TEXT = 'README';
export const ZARR = 'sub-1/image.ome.zarr';

export interface Mutant {
  /** `check:finding`, or `check?reason` for one that waits. */
  readonly expected: string;
  readonly wish?: Wish;
  readonly change: (of: Changed) => void;
}

export interface Changed {
  readonly world: World;
  readonly dandiset: SampleDandiset;
  readonly mirror: MirrorPlan;
  readonly section: SuperSection;
}

export const UNPUBLISHED: Wish = { versions: 0 };
export const WITH_ZARR: Wish = { zarr: 25 };

export const assetAt = ({ draft }: SampleDandiset, path: string): SampleAsset => {
  const asset = draft.assets.find((one) => one.path === path);
  if (asset === undefined) throw new Error(`no asset at ${path}`);
  return asset;
};
export const blobOf = (dandiset: SampleDandiset, path: string) => {
  const { blob } = assetAt(dandiset, path);
  if (blob === undefined) throw new Error(`no blob at ${path}`);
  return blob;
};
export const zarrOf = (dandiset: SampleDandiset) => {
  const { zarr } = assetAt(dandiset, ZARR);
  if (zarr === undefined) throw new Error('no zarr');
  return zarr;
};
export const keyAt = ({ files }: MirrorPlan, path: string): string => {
  const file = files.get(path);
  if (file?.kind !== 'annexed') throw new Error(`${path} is not annexed`);
  return file.key;
};

/** The draft changed so many seconds ago, and everything but what the test changes knows it. */
export function touched(world: World, dandiset: SampleDandiset, seconds: number): void {
  dandiset.draft.modified = ago(world.now, seconds);
  writeManifests(world, dandiset);
  const mirror = world.mirrors.get(dandiset.id);
  if (mirror) mirror.state = dandiset.draft.modified;
}

/** The registry changed, and mirror, bucket and manifests follow. */
export function followed(world: World, dandiset: SampleDandiset): void {
  storeObjects(world, dandiset);
  writeManifests(world, dandiset);
  backup(world, dandiset);
}

/** Another key for a file, with the addresses of the old one. */
export function rekey({ mirror }: Changed, path: string, key: string): void {
  const old = keyAt(mirror, path);
  mirror.files.set(path, { kind: 'annexed', key });
  mirror.addresses.set(key, mirror.addresses.get(old) ?? []);
}

export function changeObject(world: World, key: string, change: object): void {
  const object = world.objects.get(key);
  if (object === undefined) throw new Error(`no object ${key}`);
  world.objects.set(key, { ...object, ...change });
}

export const manifest = ({ id }: SampleDandiset, name: string, version = 'draft') =>
  `dandisets/${id}/${version}/${name}`;
