// A dandiset without any fault, with everything that belongs to it: contents, mirror, manifests,
// DOI, superdataset.

import { hash } from 'node:crypto';
import { keyOf } from '../annex/keys.ts';
import { dandiEtag } from '../etag.ts';
import { blobKey } from '../s3-address.ts';
import { zarrChecksum } from '../zarr-checksum.ts';
import { API, assetMetadata, recordText, versionMetadata } from './asset-json.ts';
import {
  ago,
  BUCKET,
  type MirrorFile,
  type MirrorPlan,
  type SampleAsset,
  type SampleBlob,
  type SampleDandiset,
  type SampleVersion,
  type SampleZarr,
  uuidOf,
  type World,
} from './world.ts';

export const DAY = 86_400;

export function emptyWorld(now: Date): World {
  return {
    now,
    dandisets: [],
    mirrors: new Map(),
    zarrMirrors: new Map(),
    superdataset: new Map(),
    objects: new Map(),
    closed: new Set(),
    gone: new Set(),
    forgotten: new Set(),
    dois: new Map(),
    extraCount: 0,
  };
}

export interface Wish {
  readonly name?: string;
  /** Files that are annexed; beside them there are two text files and a copy. */
  readonly files?: number;
  readonly versions?: number;
  /** Files of a zarr; none without. A draft with a zarr cannot be published. */
  readonly zarr?: number;
  /** More paths, each with a content of its own. */
  readonly paths?: readonly string[];
}

/** Adds it, and everything that belongs to it. */
export function addHealthy(world: World, id: string, wish: Wish = {}): SampleDandiset {
  const { files = 3, versions = 1, zarr, paths = [] } = wish;
  const name = wish.name ?? `Recordings of dandiset ${id}`;
  const created = ago(world.now, 400 * DAY);
  const paths_ = [
    ...Array.from({ length: files }, (_, at) => `sub-${at + 1}/sub-${at + 1}_ses-1.nwb`),
    ...paths,
  ];
  const age = (at: number) => 200 * DAY - at * 60;
  const blobs = paths_.map((path, at) => ({
    path,
    blob: bigBlob(`${id} ${path}`, 20_000 + at),
    at,
  }));
  const assets: SampleAsset[] = blobs.map(({ path, blob, at }) =>
    assetAt(id, path, { blob }, ago(world.now, age(at))),
  );
  const [first] = blobs;
  if (first)
    assets.push(assetAt(id, `copies/${id}.nwb`, { blob: first.blob }, ago(world.now, age(900))));
  const texts = { 'dataset_description.json': `{"Name": "${id}"}\n`, README: longText(id) };
  for (const [path, text] of Object.entries(texts)) {
    const blob = textBlob(`${id} ${path}`, text);
    assets.push(assetAt(id, path, { blob }, ago(world.now, age(1000))));
  }
  if (zarr !== undefined) {
    const one = sampleZarr(id, zarr);
    assets.push(assetAt(id, 'sub-1/image.ome.zarr', { zarr: one }, ago(world.now, age(1100))));
  }
  const published = zarr === undefined ? versions : 0;
  const modified = ago(world.now, 100 * DAY);
  const versionOf = (version: string, at: string): SampleVersion => {
    const own = assets.map((asset) => ({ ...asset }));
    const metadata = versionMetadata(id, { version, assets: own }, name);
    return { version, created: at, modified: at, assets: own, metadata };
  };
  const dandiset: SampleDandiset = {
    id,
    name,
    created,
    modified,
    embargo: 'OPEN',
    owners: [],
    draft: { ...versionOf('draft', created), modified },
    versions: Array.from({ length: published }, (_, at) =>
      versionOf(`0.2${at + 1}0101.${1000 + at}`, ago(world.now, (180 - at * 10) * DAY)),
    ),
  };
  world.dandisets.push(dandiset);
  storeObjects(world, dandiset);
  writeManifests(world, dandiset);
  backup(world, dandiset);
  return dandiset;
}

function assetAt(
  id: string,
  path: string,
  of: Pick<SampleAsset, 'blob' | 'zarr'>,
  created: string,
): SampleAsset {
  return { assetId: uuidOf(`asset ${id} ${path}`), path, ...of, created, modified: created };
}

function bigBlob(seed: string, size: number): SampleBlob {
  return {
    uuid: uuidOf(`blob ${seed}`),
    size,
    sha256: hash('sha256', seed),
    etag: `${hash('md5', seed)}-1`,
    versionId: hash('md5', `version ${seed}`),
  };
}

function textBlob(seed: string, text: string): SampleBlob {
  const content = Buffer.from(text);
  return {
    ...bigBlob(seed, content.length),
    sha256: hash('sha256', content),
    etag: dandiEtag([content], content.length),
    content,
  };
}

/** More than comes with a tree. */
const longText = (id: string): string => `# ${id}\n${'What was recorded, and how. '.repeat(60)}\n`;

function sampleZarr(id: string, count: number): SampleZarr {
  const files = Array.from({ length: count }, (_, at) => ({
    path: at === 0 ? '.zattrs' : `0/${Math.floor(at / 10)}/${at % 10}`,
    size: 100 + at,
    md5: hash('md5', `${id} ${at}`),
  }));
  return { uuid: uuidOf(`zarr ${id}`), checksum: zarrChecksum(files).checksum, files };
}

/** Objects of all blobs and zarrs of the draft. */
export function storeObjects(world: World, { draft }: SampleDandiset): void {
  const modified = ago(world.now, 200 * DAY, 0);
  for (const { blob, zarr } of draft.assets) {
    if (blob) {
      const { size, etag, content } = blob;
      const key = blobKey(blob.uuid);
      const text = content === undefined ? {} : { content: content.toString() };
      world.objects.set(key, { key, size, etag, modified, ...text });
    }
    for (const { path, size, md5 } of zarr?.files ?? []) {
      const key = `zarr/${zarr?.uuid}/${path}`;
      world.objects.set(key, { key, size, etag: md5, modified });
    }
  }
}

export const MANIFESTS = [
  'dandiset.jsonld',
  'dandiset.yaml',
  'assets.jsonld',
  'assets.yaml',
  'collection.jsonld',
];

/** Manifests and DOIs. */
export function writeManifests(world: World, { id, draft, versions }: SampleDandiset): void {
  for (const { version, assets, metadata, modified } of [draft, ...versions]) {
    const contents: Readonly<Record<string, string>> = {
      'dandiset.jsonld': JSON.stringify(metadata),
      'assets.jsonld': JSON.stringify(assets.map((asset) => assetMetadata(asset, true))),
    };
    for (const name of MANIFESTS) {
      const key = `dandisets/${id}/${version}/${name}`;
      const content = contents[name] ?? `${name} of ${id}\n`;
      const etag = hash('md5', content);
      const size = Buffer.byteLength(content);
      world.objects.set(key, {
        key,
        size,
        etag,
        modified: modified.replace(/\.\d+Z$/, '.000Z'),
        content,
      });
    }
    if (version !== 'draft') {
      world.dois.set(`10.48324/dandi.${id}/${version}`, {
        state: 'findable',
        url: `https://dandiarchive.org/dandiset/${id}/${version}`,
      });
    }
  }
}

/** Makes the mirror as the tool would, and its place in the superdataset. */
export function backup(world: World, dandiset: SampleDandiset): void {
  const { id, draft, versions } = dandiset;
  const files = filesOf(draft.assets);
  const zarrs = draft.assets.filter(({ zarr }) => zarr !== undefined);
  for (const { zarr } of zarrs) {
    if (zarr === undefined) continue;
    // No git tree can hold a path with an empty part.
    const files = zarr.files.map((file) => ({ ...file, path: file.path.replace(/\/+/g, '/') }));
    const plan = { stated: zarr.checksum, files, isPresent: true };
    world.zarrMirrors.set(zarr.uuid, plan);
  }
  const sections = zarrs.map(({ path, zarr }) => zarrSection(path, zarr?.uuid ?? ''));
  const plan: MirrorPlan = {
    access: 'public',
    isEmpty: false,
    hasDraft: true,
    hasAnnex: true,
    head: 'draft',
    state: draft.modified,
    files,
    record: recordText(draft.assets),
    metadata: structuredClone(draft.metadata),
    settings: `[datalad "dataset"]\n\tid = ${uuidOf(`datalad ${id}`)}\n`,
    submodules: sections.length === 0 ? null : sections.join(''),
    tags: versions.map(({ version, assets }, at) => ({
      name: version,
      files: filesOf(assets),
      record: recordText(assets),
      isAnnotated: true,
      isMerged: at === versions.length - 1,
      isBroken: false,
    })),
    addresses: addressesOf(draft.assets),
    homepage: `https://identifiers.org/DANDI:${id}`,
    releases: versions.map(({ version }) => version),
  };
  world.mirrors.set(id, plan);
  world.superdataset.set(id, {
    id,
    path: id,
    url: `https://github.com/dandisets/${id}.git`,
    access: 'public',
    gitlink: null,
    times: 1,
    isMissing: false,
  });
}

/** A section of a mirror's .gitmodules. */
export const zarrSection = (
  path: string,
  zarr: string,
  url = `https://github.com/dandizarrs/${zarr}`,
) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n\tdatalad-id = ${uuidOf(zarr)}\n`;

/** What the tool makes of assets. A zarr's commit is filled in when the mirror is built. */
export function filesOf(assets: readonly SampleAsset[]): Map<string, MirrorFile> {
  return new Map(
    assets.map(({ path, blob, zarr }): [string, MirrorFile] => {
      if (blob === undefined) return [path, { kind: 'gitlink', oid: `zarr ${zarr?.uuid}` }];
      if (blob.content !== undefined) return [path, { kind: 'text', content: blob.content }];
      const { size, sha256 = '' } = blob;
      return [path, { kind: 'annexed', key: keyOf('SHA256E', { size, digest: sha256, path }) }];
    }),
  );
}

function addressesOf(assets: readonly SampleAsset[]): Map<string, string[]> {
  const addresses = new Map<string, string[]>();
  const byPath = new Map(assets.map((asset) => [asset.path, asset]));
  for (const [path, file] of filesOf(assets)) {
    const asset = byPath.get(path);
    if (file.kind !== 'annexed' || asset?.blob === undefined) continue;
    const { uuid, versionId } = asset.blob;
    const host = `https://${BUCKET}.s3.amazonaws.com`;
    const known = addresses.get(file.key) ?? [`${host}/${blobKey(uuid)}?versionId=${versionId}`];
    addresses.set(file.key, [...known, `${API}/assets/${asset.assetId}/download/`]);
  }
  return addresses;
}
