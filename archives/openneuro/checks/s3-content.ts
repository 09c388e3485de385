// Are the files of the export what git says they are? (docs/checks.md#contents)

import * as z from 'zod';
import { count } from '../../../core/documents/documents.ts';
import { shaSchema, tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';
import { NOT_CHECKED } from './reasons.ts';

const FINDINGS = {
  'size-mismatch': {
    severity: 'error',
    label: 'Sizes differ',
    says: 'Files of the export have a different size than git says.',
    fix: 'Restore these files.',
    who: 'operators',
  },
  'content-mismatch': {
    severity: 'error',
    label: 'Contents differ',
    says: 'Files of the export have the size that git says, but different bytes.',
    fix: 'Restore these files.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

type Name = keyof typeof FINDINGS;

const NAMES = Object.keys(FINDINGS) as [Name, ...Name[]];

/** A file that differs between the two sides. */
export const mismatchSchema = z.object({
  path: z.string(),
  subtype: z.enum(NAMES),
  /** In bytes; null if git does not record it. */
  expectedSize: count.nullable(),
  size: count,
  /** MD5, 32 hex digits; null if git does not record it. */
  expectedMd5: z.string().nullable(),
  etag: z.string(),
});

/** How deep the files that both sides have were compared: size and MD5, size only, not at all. */
export const comparedSchema = z.object({ content: count, size: count, none: count });

const evidence = z.object({
  /** The version that was compared; null when none was. */
  snapshotTag: tagSchema.nullable(),
  commit: shaSchema.nullable(),
  compared: comparedSchema,
  sizeMismatches: count,
  contentMismatches: count,
  /** Bytes that are missing in files that are too short, and extra bytes in others. */
  bytesMissing: count,
  bytesExtra: count,
  /** By path in byte order; the first 1,000. */
  mismatches: z.array(mismatchSchema),
  /** As in s3-diff.json. */
  tree: shaSchema.optional(),
});

type Counts = Pick<z.infer<typeof evidence>, 'sizeMismatches' | 'contentMismatches'>;

function judge({ sizeMismatches, contentMismatches }: Counts): readonly Name[] {
  const findings: Name[] = [];
  if (sizeMismatches > 0) findings.push('size-mismatch');
  if (contentMismatches > 0) findings.push('content-mismatch');
  return findings;
}

export const s3Content = defineCheck({
  id: 's3Content',
  file: 's3-content',
  title: 'Sizes and hashes of an export',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export contents',
    asks: 'Are the files of the export what git says they are?',
    ok: 'No file that could be compared differs from git in its size or its content.',
  },
  coverage: true,
  numbers: {
    content: {
      column: 'comparedContent',
      csv: 'comparedContent',
      label: 'Content',
      says: 'compared by content',
    },
    size: {
      column: 'comparedSize',
      csv: 'comparedSize',
      label: 'Size only',
      says: 'compared by size',
    },
    none: {
      column: 'comparedNone',
      csv: 'comparedNone',
      label: 'Not compared',
      says: 'not compared',
    },
  },
  findings: FINDINGS,
  evidence,
  layout: [
    'schemaVersion',
    'datasetId',
    'snapshotTag',
    'commit',
    'status',
    'subtype',
    'findings',
    'notCompared',
    'compared',
    'sizeMismatches',
    'contentMismatches',
    'bytesMissing',
    'bytesExtra',
    'mismatches',
    'lastAttempt',
    'rulesVersion',
    'pending',
    'tree',
  ],
  reasons: NOT_CHECKED,
  judge,
  reasonOf: ({ snapshotTag }: z.infer<typeof evidence>) =>
    snapshotTag === null ? undefined : null,
});
