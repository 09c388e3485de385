// Does the bucket hold datasets that are not public? (docs/checks.md#leftovers)

import * as z from 'zod';
import { count } from '../../../core/documents/documents.ts';
import { LEFTOVER_STATES } from '../../../core/documents/vocabulary.ts';
import { datasetIdSchema, instantSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';

const FINDINGS = {
  'deleted-in-bucket': {
    severity: 'warning',
    label: 'Deleted datasets in the bucket',
    says: 'The bucket holds copies of datasets that were deleted from the registry.',
    fix: 'Remove them from the bucket.',
    who: 'operators',
  },
  'not-public-in-bucket': {
    severity: 'warning',
    label: 'Closed datasets in the bucket',
    says: 'The bucket holds copies of datasets that are no longer public.',
    fix: 'Remove them from the bucket, or make the datasets public again.',
    who: 'operators',
  },
  'unknown-in-bucket': {
    severity: 'warning',
    label: 'Unknown datasets in the bucket',
    says: 'The bucket holds datasets that the registry does not know.',
    fix: 'Find out what they are; remove those that nobody needs.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  lastChecked: instantSchema,
  /** Dataset folders in the bucket, public ones included. */
  listed: count,
  /** By id in byte order. */
  leftovers: z.array(z.object({ id: datasetIdSchema, state: z.enum(LEFTOVER_STATES) })),
});

export const leftovers = defineCheck({
  id: 'leftovers',
  file: 'leftovers',
  title: 'Copies of datasets that are not public',
  scope: 'archive',
  of: 'contents',
  stage: 'check-leftovers',
  words: {
    name: 'Still in the bucket though not public',
    asks: 'Does the bucket hold datasets that are not public?',
    ok: 'The bucket holds nothing of datasets that are not public.',
  },
  findings: FINDINGS,
  evidence,
  // It was a document without a verdict.
  layout: ['schemaVersion', 'lastChecked', 'listed', 'leftovers', 'lastAttempt'],
  judge: (seen: z.infer<typeof evidence>) =>
    LEFTOVER_STATES.filter((state) => seen.leftovers.some((one) => one.state === state)).map(
      (state) => `${state}-in-bucket` as const,
    ),
});
