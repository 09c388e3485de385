// Assets as the API gives them and as the mirrors record them.

import { hash } from 'node:crypto';
import { blobKey } from '../s3-address.ts';
import { BUCKET, type SampleAsset, type SampleVersion } from './world.ts';

export const API = 'https://api.dandiarchive.org/api';

/** @param withRegion how the address in the bucket is spelled */
export function assetMetadata(asset: SampleAsset, withRegion: boolean): Record<string, unknown> {
  const { assetId, path, blob, zarr } = asset;
  const host = `https://${BUCKET}.s3${withRegion ? '.us-east-2' : ''}.amazonaws.com`;
  const object = blob ? blobKey(blob.uuid) : `zarr/${zarr?.uuid}/`;
  const digest = blob
    ? {
        'dandi:dandi-etag': blob.etag,
        ...(blob.sha256 !== undefined && { 'dandi:sha2-256': blob.sha256 }),
      }
    : { 'dandi:dandi-zarr-checksum': zarr?.checksum ?? null };
  return {
    schemaKey: 'Asset',
    schemaVersion: '0.6.4',
    id: `dandiasset:${assetId}`,
    path,
    contentSize: sizeOf(asset),
    contentUrl: [`${API}/assets/${assetId}/download/`, `${host}/${object}`],
    access: [{ schemaKey: 'AccessRequirements', status: 'dandi:OpenAccess' }],
    digest,
  };
}

export const sizeOf = ({ blob, zarr }: SampleAsset): number =>
  blob ? blob.size : (zarr?.files.reduce((sum, { size }) => sum + size, 0) ?? 0);

/** A row of a listing. */
export function assetRow(asset: SampleAsset, withMetadata: boolean): Record<string, unknown> {
  const { assetId, path, blob, zarr, created, modified } = asset;
  return {
    asset_id: assetId,
    blob: blob?.uuid ?? null,
    zarr: zarr?.uuid ?? null,
    path,
    size: sizeOf(asset),
    created,
    modified,
    ...(withMetadata && { metadata: assetMetadata(asset, true) }),
  };
}

/** `.dandi/assets.json`: sorted by path, keys sorted, one token a line. */
export function recordText(assets: readonly SampleAsset[]): string {
  const entries = assets
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((asset) => {
      const { blob, zarr, ...row } = assetRow(asset, false);
      return {
        ...row,
        ...(asset.blob ? { blob } : { zarr }),
        metadata: assetMetadata(asset, false),
      };
    });
  return tokens(entries);
}

/** Its own layout: after `[`, `{`, `,` and `:` a line feed, and no other space. */
function tokens(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[\n${value.map(tokens).join(',\n')}\n]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (fields.length === 0) return '{}';
  return `{\n${fields.map(([name, of]) => `${JSON.stringify(name)}:\n${tokens(of)}`).join(',\n')}\n}`;
}

/** What a version's metadata document says. */
export function versionMetadata(
  id: string,
  { version, assets }: Pick<SampleVersion, 'version' | 'assets'>,
  name: string,
): Record<string, unknown> {
  return {
    '@context': 'https://raw.githubusercontent.com/dandi/schema/master/releases/0.6.4/context.json',
    schemaKey: version === 'draft' ? 'Dandiset' : 'PublishedDandiset',
    schemaVersion: '0.6.4',
    id: `DANDI:${id}/${version}`,
    identifier: `DANDI:${id}`,
    name,
    version,
    dateCreated: '2021-03-04T05:06:07.123456+00:00',
    license: ['spdx:CC-BY-4.0'],
    access: [{ schemaKey: 'AccessRequirements', status: 'dandi:OpenAccess' }],
    assetsSummary: { numberOfFiles: assets.length, numberOfBytes: 12.5, approach: [] },
    description: `About ${hash('md5', name).slice(0, 6)}: "quotes", 'more', #no comment, yes: no`,
    citation: `Doe, J. (${new Date().getUTCFullYear()}) ${name}`,
    ...(version !== 'draft' && { doi: `10.48324/dandi.${id}/${version}` }),
  };
}
