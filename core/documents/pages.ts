// The files of a tree that are no documents: for people, and for programs of others.

import { archiveBadgePath, archiveFeedPath, badgePath, feedPath } from '../history/paths.ts';
import { isDatasetId } from '../ids.ts';
import { DOCUMENT_CACHING, DOCUMENT_CONTENT_TYPE } from './at-rest.ts';
import { type Lifetime, lifetimeAt } from './lifetimes.ts';
import { PLAIN_PATH, schemaPath } from './paths.ts';
import { type DocumentSource, documentsOf } from './tree.ts';

export interface PageType {
  readonly title: string;
  readonly stays: Lifetime;
  readonly contentType: string;
  /** For the header Cache-Control. */
  readonly caching: string;
}

/** Programs of others ask for them at every view of a page, or every few minutes. */
const PASSED_ON = 'public, max-age=300';
const BADGE = { title: 'A badge', contentType: 'image/svg+xml', caching: PASSED_ON };
const FEED = {
  title: 'An Atom feed of what changed',
  contentType: 'application/atom+xml; charset=utf-8',
  caching: PASSED_ON,
};
const PLAIN: PageType = {
  title: 'The summary for people, without scripts',
  stays: 'each-run',
  contentType: 'text/html; charset=utf-8',
  caching: DOCUMENT_CACHING,
};
const schemaOf = (title: string): PageType => ({
  title: `JSON Schema: ${title}`,
  stays: 'each-version',
  contentType: DOCUMENT_CONTENT_TYPE,
  caching: DOCUMENT_CACHING,
});

const made = new WeakMap<DocumentSource, ReadonlyMap<string, PageType>>();

/** By address, with names of PLACEHOLDERS; cached per archive. */
export function pagesOf(archive: DocumentSource): ReadonlyMap<string, PageType> {
  const before = made.get(archive);
  if (before !== undefined) return before;
  const types = [...documentsOf(archive).types.values()];
  const passedOn = [
    [badgePath('{id}', 'svg'), BADGE],
    [archiveBadgePath(archive, 'svg'), BADGE],
    [feedPath('{id}'), FEED],
    [archiveFeedPath(archive), FEED],
  ] as const;
  const pages = new Map<string, PageType>([
    [PLAIN_PATH, PLAIN],
    ...passedOn.map(([path, page]) => [path, { ...page, stays: lifetimeAt(path) }] as const),
    ...types.map(({ path, title }) => [schemaPath(path), schemaOf(title)] as const),
  ]);
  made.set(archive, pages);
  return pages;
}

/** What a path of an archive's tree holds; undefined if no such file belongs there. */
export function pageAt(archive: DocumentSource, path: string): PageType | undefined {
  const [, id, name] = /^datasets\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined) return pagesOf(archive).get(path);
  return isDatasetId(id) ? pagesOf(archive).get(`datasets/{id}/${name}`) : undefined;
}
