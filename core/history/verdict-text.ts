// A verdict as text: a status, or a status with the worst finding, as `error:files-missing`. The
// page bundles this file, so it imports types only.

import type { CheckRow } from '../documents/rows.ts';
import type { Status } from '../documents/vocabulary.ts';

/** Stands where a check's id does; its verdicts are statuses. */
export const OVERALL = 'overall';

export const verdictText = ({ status, subtype }: Pick<CheckRow, 'status' | 'subtype'>): string =>
  subtype === null ? status : `${status}:${subtype}`;

export const statusOfVerdict = (text: string): Status => text.split(':', 1)[0] as Status;

export const subtypeOfVerdict = (text: string): string | null =>
  text.includes(':') ? text.slice(text.indexOf(':') + 1) : null;
