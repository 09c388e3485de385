// The files of a tree that are no documents: for people, and for programs of others.

import { archiveBadgePath, archiveFeedPath, badgePath, feedPath } from '../history/paths.ts';
import { isDatasetId } from '../ids.ts';
import { DOCUMENT_CACHING } from './at-rest.ts';
import { PLAIN_PATH } from './paths.ts';

export interface PageType {
  readonly contentType: string;
  /** For the header Cache-Control. */
  readonly caching: string;
}

const PLAIN: PageType = { contentType: 'text/html; charset=utf-8', caching: DOCUMENT_CACHING };
/** Programs of others ask for them at every view of a page, or every few minutes. */
const PASSED_ON = 'public, max-age=300';
const BADGE: PageType = { contentType: 'image/svg+xml', caching: PASSED_ON };
const FEED: PageType = {
  contentType: 'application/atom+xml; charset=utf-8',
  caching: PASSED_ON,
};

/** What a path of an archive's tree holds; undefined if no such file belongs there. */
export function pageAt(archive: { readonly id: string }, path: string): PageType | undefined {
  if (path === PLAIN_PATH) return PLAIN;
  const id = /^datasets\/([^/]+)\//.exec(path)?.[1] ?? '';
  const isOfDataset = isDatasetId(id);
  if (path === archiveBadgePath(archive, 'svg')) return BADGE;
  if (path === archiveFeedPath(archive)) return FEED;
  if (isOfDataset && path === badgePath(id, 'svg')) return BADGE;
  return isOfDataset && path === feedPath(id) ? FEED : undefined;
}
