// Can anybody read what the export lists? (docs/checks.md#access)

import * as z from 'zod';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';
import { NOT_CHECKED } from './reasons.ts';

const FINDINGS = {
  private: {
    severity: 'error',
    onItsWay: true,
    isLoss: true,
    label: 'Export private',
    says: 'The export lists its files, but none of those requested can be read (403).',
    fix: 'Unless they are closed on purpose, open the objects to readers.',
    who: 'operators',
  },
  'partly-private': {
    severity: 'error',
    onItsWay: true,
    label: 'Partly private',
    says: 'Some objects of the export cannot be read (403), while others can.',
    fix: 'Unless they are closed on purpose, open these objects to readers.',
    who: 'operators',
  },
  archived: {
    severity: 'error',
    label: 'Objects archived',
    says: 'Objects of the export are in an archived storage class, so nobody can read them.',
    fix: 'Restore these objects, and move them to a storage class that can be read.',
    who: 'operators',
  },
  'listed-not-readable': {
    severity: 'warning',
    label: 'Listed, not there',
    says: 'Objects that the export lists are not there when requested (404).',
    fix: 'Restore these files.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  /** Keys that were asked for without credentials, by path in byte order. */
  asked: z.array(
    z.object({
      path: z.string(),
      httpStatus: z.int(),
      /** It exists, in a storage class or tier that cannot be read. */
      archived: z.literal(true).optional(),
    }),
  ),
  /** Listed keys of an archived storage class, restored ones included; absent if there are none. */
  archivedKeys: z.int().positive().optional(),
});

type Name = keyof typeof FINDINGS;
type Asked = Pick<z.infer<typeof evidence>, 'asked'>;

function judge({ asked }: Asked): readonly Name[] {
  const has = (status: number) => asked.some(({ httpStatus }) => httpStatus === status);
  const findings: Name[] = [];
  if (has(403)) findings.push(has(200) ? 'partly-private' : 'private');
  if (asked.some(({ archived }) => archived)) findings.push('archived');
  if (has(404)) findings.push('listed-not-readable');
  return findings;
}

export const access = defineCheck({
  id: 's3Access',
  file: 's3-access',
  title: 'Keys of an export, requested without credentials',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export access',
    asks: 'Can anybody read what the export lists?',
    ok: 'Every requested object can be read by anybody.',
  },
  findings: FINDINGS,
  evidence,
  layout: [
    'schemaVersion',
    'datasetId',
    'status',
    'subtype',
    'findings',
    'notCompared',
    'asked',
    'lastAttempt',
    'rulesVersion',
    'pending',
    'archivedKeys',
  ],
  reasons: NOT_CHECKED,
  judge,
  reasonOf: ({ asked }: Asked) => (asked.length === 0 ? 'export-missing' : null),
});
