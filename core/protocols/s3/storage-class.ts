// Storage classes that cannot be read before a restore (S3 user guide, "Understanding and managing
// S3 Glacier storage classes"). GLACIER_IR is not one of them.

import type { HttpAnswer } from '../../http.ts';

const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

export function isArchivedClass(storageClass: string | undefined): boolean {
  return storageClass !== undefined && ARCHIVED.has(storageClass);
}

/**
 * Whether an object is archived now, by the headers of HeadObject. Undefined when they do not tell,
 * as for the class STANDARD. INTELLIGENT_TIERING names its archive tiers in a separate header.
 */
export function archivedBy(headers: HttpAnswer['headers']): boolean | undefined {
  const storageClass = headers['x-amz-storage-class'];
  const tier = headers['x-amz-archive-status'];
  if (isArchivedClass(storageClass) || tier !== undefined) {
    return !/ongoing-request="false"/.test(headers['x-amz-restore'] ?? '');
  }
  return storageClass === undefined ? undefined : false;
}
