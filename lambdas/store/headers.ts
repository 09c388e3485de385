// Headers of the bucket's objects, which CloudFront serves as they are.

import type { StoredDocuments } from '../../core/monitor/stored-document.ts';
import type { ObjectHeaders } from './objects.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
/** Cache times of files that CloudFront serves: a minute if they may change, else a year. */
export const MUTABLE = 'public, max-age=60';
const IMMUTABLE = 'public, max-age=31536000, immutable';

export function headersOf(path: string, documents: StoredDocuments): ObjectHeaders {
  return {
    contentType: JSON_TYPE,
    cacheControl: documents.isImmutable(path) ? IMMUTABLE : MUTABLE,
  };
}

export const TREE_HEADERS = { contentType: 'application/octet-stream', cacheControl: 'no-store' };
