// Headers of the bucket's objects, which CloudFront serves as they are.

import { DOCUMENT_CACHING, DOCUMENT_CONTENT_TYPE } from '../../core/documents/at-rest.ts';

export const DOCUMENT_HEADERS = {
  contentType: DOCUMENT_CONTENT_TYPE,
  cacheControl: DOCUMENT_CACHING,
};
export const TREE_HEADERS = { contentType: 'application/octet-stream', cacheControl: 'no-store' };
