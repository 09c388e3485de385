// Links where a person can look a dandiset up. Every part of a link is checked or encoded; an
// invalid one gives null.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { placeOf } from '../../core/documents/public-place.ts';
import { DRAFT, isDandisetId, isVersion } from './ids.ts';

const COMMIT = /^[0-9a-f]{40}$/;
/** The API has a host of its own; the pages are on the same host without `api.`. */
const API = /^(https:\/\/)api\.([^/]+)\/api$/;

/** The dandiset's page in the archive, at a version. */
export function archiveLink(
  archive: AboutArchive | null,
  id: string,
  version: string | null = null,
): string | null {
  const [, scheme, host] =
    API.exec((isDandisetId(id) && placeOf(archive, 'registryUrl')) || '') ?? [];
  if (host === undefined) return null;
  const at = version !== null && isVersion(version) ? version : DRAFT;
  return `${scheme}${host}/dandiset/${id}/${at}`;
}

/** The repository, at a commit if one is given. */
export function mirrorLink(
  archive: AboutArchive | null,
  id: string,
  commit: string | null = null,
): string | null {
  const mirror = isDandisetId(id) ? placeOf(archive, 'mirrorUrl') : null;
  if (mirror === null) return null;
  const repository = `${mirror}/${id}`;
  return commit !== null && COMMIT.test(commit) ? `${repository}/commit/${commit}` : repository;
}

/** The bucket's own listing (XML) of the manifests of a dandiset. */
export function bucketLink(archive: AboutArchive | null, id: string): string | null {
  const bucket = isDandisetId(id) ? placeOf(archive, 'exportUrl') : null;
  return bucket && `${bucket}/?list-type=2&prefix=dandisets/${id}/`;
}
