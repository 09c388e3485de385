// Where a snapshot arrives after it is created, as the last good measurements saw it.

import type { ArrivalPlace, Row } from '../../core/documents/rows.ts';

const isVersionAt =
  (check: string) =>
  ({ version, checks }: Row): boolean =>
    checks[check]?.version === version;
const isExported = isVersionAt('s3Version');

export const ARRIVALS: readonly ArrivalPlace[] = [
  { place: 'mirror', label: 'GitHub', isAt: isVersionAt('github') },
  { place: 'export', label: 'S3', isAt: isExported },
  {
    place: 'files',
    label: 'S3 with all files',
    // Its verdict may be of an older snapshot while it could not be measured.
    isAt: (row) =>
      isExported(row) &&
      row.checks.s3Files?.status === 'ok' &&
      row.checks.s3Files.lastAttempt === null,
  },
];
