// Headers of the bucket's objects, which CloudFront serves as they are.

import { DOCUMENT_CACHING } from '../../core/documents/at-rest.ts';

export const DOCUMENT_HEADERS = {
  contentType: 'application/json; charset=utf-8',
  cacheControl: DOCUMENT_CACHING,
};
export const TREE_HEADERS = { contentType: 'application/octet-stream', cacheControl: 'no-store' };
