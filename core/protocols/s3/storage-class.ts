// Storage classes out of which nothing can be read before it is restored (S3 user guide, "Understanding
// and managing S3 Glacier storage classes"). GLACIER_IR is not one of them.

import type { HttpAnswer } from '../../http.ts';

const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

export function isArchivedClass(storageClass: string | undefined): boolean {
  return storageClass !== undefined && ARCHIVED.has(storageClass);
}

/**
 * Whether an object is archived now, by the headers of HeadObject; undefined when they tell nothing,
 * as of the class STANDARD. INTELLIGENT_TIERING names its archive tiers in a header of their own.
 */
export function archivedBy(headers: HttpAnswer['headers']): boolean | undefined {
  const storageClass = headers['x-amz-storage-class'];
  const tier = headers['x-amz-archive-status'];
  if (isArchivedClass(storageClass) || tier !== undefined) {
    return !/ongoing-request="false"/.test(headers['x-amz-restore'] ?? '');
  }
  return storageClass === undefined ? undefined : false;
}
