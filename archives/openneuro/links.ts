// Links where a person can look a dataset up. Tags, commits and the archive's own addresses come
// from documents, so every part of a link is checked or encoded. An invalid part gives null.

import type { AboutArchive } from '../../core/documents/documents.ts';
import { placeOf } from '../../core/documents/public-place.ts';
import { isDatasetId } from './ids.ts';

const TAG = /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/;
const COMMIT = /^[0-9a-f]{40}$/;
/** OpenNeuro's server has its pages beside its API; nothing is known of another API. */
const API = /\/crn\/graphql$/;

/** The dataset's page in the archive, at a version if one is given. */
export function archiveLink(
  archive: AboutArchive | null,
  id: string,
  tag: string | null = null,
): string | null {
  const api = isDatasetId(id) ? placeOf(archive, 'registryUrl') : null;
  if (api === null || !API.test(api)) return null;
  const page = `${api.replace(API, '')}/datasets/${id}`;
  return tag !== null && TAG.test(tag) ? `${page}/versions/${tag}` : page;
}

/** GitHub, GitLab, Gitea and Forgejo show a repository at the address it is cloned from. */
export function mirrorLink(
  archive: AboutArchive | null,
  id: string,
  commit: string | null = null,
): string | null {
  const mirror = isDatasetId(id) ? placeOf(archive, 'mirrorUrl') : null;
  if (mirror === null) return null;
  const repository = `${mirror}/${id}`;
  return commit !== null && COMMIT.test(commit) ? `${repository}/commit/${commit}` : repository;
}

/** The bucket's own listing (XML) of the top folder of an export. */
export function exportLink(archive: AboutArchive | null, id: string): string | null {
  const bucket = isDatasetId(id) ? placeOf(archive, 'exportUrl') : null;
  return bucket && `${bucket}?list-type=2&prefix=${id}/&delimiter=/`;
}
