// Is the latest version deprecated? (docs/checks.md#deprecation)

import * as z from 'zod';
import { tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';

/** The reason is untrusted text and goes into documents. */
export const MAX_REASON_LENGTH = 1000;

const FINDINGS = {
  deprecated: {
    severity: 'warning',
    label: 'Version deprecated',
    says: 'The latest version is deprecated.',
    fix: 'Publish a version that replaces it, unless it is meant to stay so.',
    who: 'owner',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  tag: tagSchema,
  deprecated: z.boolean(),
  /** As it was given, cut short; null if there is none. */
  reason: z.string().max(MAX_REASON_LENGTH).nullable(),
});

export const deprecated = defineCheck({
  id: 'deprecated',
  file: 'deprecated',
  title: 'Whether the latest version is deprecated',
  of: 'contents',
  stage: 'check-deprecated',
  goodForDays: 30,
  words: {
    name: 'Deprecation',
    asks: 'Is the latest version deprecated?',
    ok: 'The latest version is not deprecated.',
  },
  findings: FINDINGS,
  evidence,
  judge: (seen: z.infer<typeof evidence>) => (seen.deprecated ? ['deprecated' as const] : []),
});
