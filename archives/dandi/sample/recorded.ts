// The recorded dandisets as a made-up archive: what the registry listed, and mirrors whose trees,
// tags and recorded addresses are the recorded ones. Contents of blobs were not recorded; records
// and metadata of the mirrors are made again from the listings.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnnexKey } from '../../../core/protocols/git/annex-key.ts';
import { keyOf, keyOfLog } from '../annex/keys.ts';
import { liveAddresses } from '../annex/web-log.ts';
import { isBookkeeping } from '../rules/asset-paths.ts';
import { s3Address } from '../s3-address.ts';
import { readAsset } from '../sources/registry-answers.ts';
import { type ZarrFile, zarrChecksum } from '../zarr-checksum.ts';
import { backup, emptyWorld, storeObjects, writeManifests } from './healthy.ts';
import type {
  MirrorFile,
  SampleAsset,
  SampleDandiset,
  SampleVersion,
  SampleZarr,
  World,
} from './world.ts';

interface Tree {
  readonly rows: readonly (readonly [string, string, string, string, string?])[];
}
interface Annex {
  readonly rows: readonly (readonly [string, string])[];
}
interface Listed {
  readonly version: string;
  readonly created: string;
  readonly modified: string;
}

/** @param folder with a folder for each dandiset and zarr, as its README describes */
export function recordedWorld(folder: string, ids: readonly string[], now: Date): World {
  const read = <T>(...path: string[]): T =>
    JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as T;
  const world = emptyWorld(now);
  for (const id of ids) addRecorded(world, id, read);
  return world;
}

type Read = <T>(...path: string[]) => T;

function addRecorded(world: World, id: string, read: Read): void {
  const record = read<{
    created: string;
    modified: string;
    draft_version: Listed & { name: string };
  }>(id, 'api', 'dandiset.json');
  const { results } = read<{ results: Listed[] }>(id, 'api', 'versions.json');
  const annex = read<Annex>(id, 'git', 'git-annex.json');
  const addresses = new Map<string, string[]>();
  for (const [path, text] of annex.rows) {
    const key = keyOfLog(path, '.log.web');
    if (key !== null) addresses.set(key.name, liveAddresses(text));
  }
  const versionIds = new Map<string, string>();
  for (const address of [...addresses.values()].flat()) {
    const { key, versionId } = s3Address(address) ?? {};
    if (key !== undefined && versionId != null)
      versionIds.set(key.split('/').at(-1) ?? '', versionId);
  }
  const texts = id === '000243' ? read<Record<string, string>>(id, 'git', 'text.draft.json') : {};
  const versionOf = ({ version, created, modified }: Listed): SampleVersion => ({
    version,
    created,
    modified,
    assets: read<{ results: unknown[] }>(id, 'api', `assets.${version}.json`).results.map((row) =>
      assetOf(row, { read, texts, versionIds }),
    ),
    metadata: read<Record<string, unknown>>(id, 'api', `metadata.${version}.json`),
  });
  const [draft, ...versions] = [
    ...results.filter(({ version }) => version === 'draft'),
    ...results.filter(({ version }) => version !== 'draft'),
  ].map(versionOf);
  const dandiset: SampleDandiset = {
    id,
    name: record.draft_version.name,
    created: record.created,
    modified: record.modified,
    embargo: 'OPEN',
    owners: [],
    draft: draft as SampleVersion,
    versions,
  };
  world.dandisets.push(dandiset);
  storeObjects(world, dandiset);
  writeManifests(world, dandiset);
  backup(world, dandiset);

  const mirror = world.mirrors.get(id);
  if (mirror === undefined) return;
  const own = read<Record<string, string>>(id, 'git', 'metafiles.draft.json');
  mirror.state = JSON.parse(own['.dandi/assets-state.json'] ?? '{}').timestamp ?? null;
  mirror.settings = own['.datalad/config'] ?? '';
  mirror.submodules = own['.gitmodules'] ?? null;
  mirror.files = filesIn(read<Tree>(id, 'git', 'tree.draft.json'), texts, dandiset.draft);
  mirror.addresses = addresses;
  for (const tag of mirror.tags) {
    const version = versions.find((one) => one.version === tag.name);
    tag.files = filesIn(read<Tree>(id, 'git', `tree.${tag.name}.json`), texts, version);
  }
}

function assetOf(
  row: unknown,
  {
    read,
    texts,
    versionIds,
  }: {
    readonly read: Read;
    readonly texts: Readonly<Record<string, string>>;
    readonly versionIds: ReadonlyMap<string, string>;
  },
): SampleAsset {
  const asset = readAsset(row);
  if (asset === null) throw new Error(`no asset: ${JSON.stringify(row).slice(0, 200)}`);
  const { created, modified } = row as { created: string; modified: string };
  const about = { assetId: asset.assetId, path: asset.path, created, modified };
  if (asset.zarr !== null) return { ...about, zarr: zarrOf(asset.zarr, asset.size, read) };
  const uuid = asset.blob as string;
  const text = texts[asset.path];
  return {
    ...about,
    blob: {
      uuid,
      size: asset.size,
      sha256: asset.sha256 ?? undefined,
      etag: asset.etag ?? '',
      versionId: versionIds.get(uuid) ?? 'unknown',
      ...(text !== undefined && { content: Buffer.from(text) }),
    },
  };
}

/** Of a zarr that was not recorded, one file is made up. */
function zarrOf(uuid: string, size: number, read: Read): SampleZarr {
  let rows: Tree['rows'];
  try {
    rows = read<Tree>(`zarr-${uuid}`, 'tree.draft.json').rows;
  } catch {
    const files = [{ path: 'made-up', size, md5: hash('md5', uuid) }];
    return { uuid, checksum: zarrChecksum(files).checksum, files };
  }
  const files = rows.flatMap(([, , , path, key]): ZarrFile[] => {
    const parsed = key === undefined ? null : parseAnnexKey(key);
    if (parsed?.md5 == null || parsed.size === null) return [];
    return [{ path, size: parsed.size, md5: parsed.md5 }];
  });
  return { uuid, checksum: zarrChecksum(files).checksum, files };
}

/**
 * A zarr's commit is that of the mirror that is served for it, which is another repository. A text
 * that was not recorded is annexed.
 */
function filesIn(
  { rows }: Tree,
  texts: Readonly<Record<string, string>>,
  version: SampleVersion | undefined,
): Map<string, MirrorFile> {
  const files = new Map<string, MirrorFile>();
  for (const [mode, , oid, path, key] of rows) {
    if (isBookkeeping(path)) continue;
    const { zarr, blob } = version?.assets.find((asset) => asset.path === path) ?? {};
    const made = blob && keyOf('SHA256E', { size: blob.size, digest: blob.sha256 ?? '', path });
    if (mode === '160000')
      files.set(path, { kind: 'gitlink', oid: zarr ? `zarr ${zarr.uuid}` : oid });
    else if (texts[path] !== undefined) {
      files.set(path, { kind: 'text', content: Buffer.from(texts[path]) });
    } else files.set(path, { kind: 'annexed', key: key ?? made ?? '' });
  }
  return files;
}
