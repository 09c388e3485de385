// Addresses of the archive's bucket. They are spelled with or without the region, and with the bucket in
// the host or in the path. Bucket and key are compared, never the text.

export interface S3Address {
  readonly bucket: string;
  /** As text. */
  readonly key: string;
  readonly versionId: string | null;
}

const IN_HOST = /^([a-z0-9][a-z0-9.-]+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;
const IN_PATH = /^s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;

/** Null for any other address. */
export function s3Address(address: string): S3Address | null {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const path = decoded(url.pathname.slice(1));
  if (path === null) return null;
  const versionId = url.searchParams.get('versionId');
  const inHost = IN_HOST.exec(url.hostname)?.[1];
  if (inHost !== undefined) return { bucket: inHost, key: path, versionId };
  if (!IN_PATH.test(url.hostname)) return null;
  const slash = path.indexOf('/');
  if (slash <= 0) return null;
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The bucket that an address is of; null if it does not say. */
export const bucketOf = (url: string): string | null =>
  s3Address(`${url.replace(/\/+$/, '')}/x`)?.bucket ?? null;

/** The key of a blob. */
export const blobKey = (uuid: string): string =>
  `blobs/${uuid.slice(0, 3)}/${uuid.slice(3, 6)}/${uuid}`;

/** What all keys of a zarr begin with. */
export const zarrPrefix = (uuid: string): string => `zarr/${uuid}/`;
