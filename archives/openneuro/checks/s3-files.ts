// Does the export hold the files of its version? (docs/checks.md#files)

import * as z from 'zod';
import { count } from '../../../core/documents/documents.ts';
import { instantSchema, shaSchema, tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';

const FINDINGS = {
  'export-missing': {
    severity: 'error',
    onItsWay: true,
    isLoss: true,
    brief: 'no export',
    label: 'Export missing',
    says: 'The export holds no file of this dataset.',
    fix: 'Export the latest snapshot.',
    who: 'operators',
  },
  'files-missing': {
    severity: 'error',
    onItsWay: true,
    counted: { number: 'added', one: 'file', are: 'missing from the export' },
    label: 'Files missing',
    says: 'Files of this version are not in the export.',
    fix: 'Restore these files.',
    who: 'operators',
  },
  'files-orphaned': {
    severity: 'error',
    counted: { number: 'removed', one: 'file', are: 'in the export and not in its version' },
    label: 'Extra files',
    says: 'The export holds files that are not in this version.',
    fix: 'Unless they are kept on purpose, remove the extra files from the export.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  /** The version that was compared, as the old documents have it; null when blocked. */
  snapshotTag: tagSchema.nullable(),
  s3Version: tagSchema.nullable(),
  /** Bookkeeping included; null when nothing was compared. */
  totalS3Files: count.nullable(),
  /** Gitlinks included; null when nothing was compared. */
  totalGitFiles: count.nullable(),
  /** null: timestamps/s3-files.json holds the time. Schemas 1.x and 2.0.0 held it here. */
  checkedAt: instantSchema.nullable(),
  exportMissing: z.boolean(),
  /** In git, not in S3. */
  added: z.array(z.string()),
  /** In S3, not in git. */
  removed: z.array(z.string()),
  /** Unchanged git paths within 3 places of a changed one. */
  context: z.array(z.string()),
  /**
   * Keys that are never a fault: annex-uuid at the root, folder markers, names of what is not
   * exported.
   */
  bookkeeping: z.array(z.string()),
  /** Gitlinks: never exported. */
  submodules: z.array(z.string()),
  /** The commit whose tree was compared. */
  commit: shaSchema.nullable(),
  /** Symlinks that lead into no annex: never exported. */
  symlinks: z.array(z.string()).optional(),
  /** The branch whose tip was compared, if no tag has the exported commit. */
  branch: z.string().nullable().optional(),
  /**
   * The tree that was compared, if git-annex recorded one of no snapshot; `commit` is null then.
   */
  tree: shaSchema.optional(),
});

type Evidence = z.infer<typeof evidence>;
type Name = keyof typeof FINDINGS;

type Lists = Pick<Evidence, 'totalS3Files' | 'exportMissing' | 'added' | 'removed'>;

function judge({ totalS3Files, exportMissing, added, removed }: Lists): readonly Name[] {
  if (totalS3Files === null) return [];
  if (exportMissing) return ['export-missing'];
  const missing = added.length > 0 ? (['files-missing'] as const) : [];
  const orphaned = removed.length > 0 ? (['files-orphaned'] as const) : [];
  return [...missing, ...orphaned];
}

export const s3Files = defineCheck({
  id: 's3Files',
  file: 's3-diff',
  manifest: 's3-files',
  title: 'An export compared with its tag',
  of: 'names',
  stage: 'check-s3-files',
  words: {
    name: 'Export files',
    asks: 'Does the export hold the files of its version?',
    ok: 'The export holds every file of its version, and nothing else.',
  },
  column: { id: 'files', name: 'Files', label: 'Files' },
  numbers: {
    added: {
      column: 'added',
      csv: 'filesMissing',
      label: 'Missing',
      says: 'missing in the export',
      ofFaults: true,
    },
    removed: {
      column: 'removed',
      csv: 'filesExtra',
      label: 'Extra',
      says: 'extra in the export',
      ofFaults: true,
    },
    /** Counted if some of them are missing. */
    expected: {
      column: 'expected',
      csv: 'filesExpected',
      label: 'Expected',
      says: 'expected in the export',
      wholeOf: 'added',
    },
  },
  findings: FINDINGS,
  isOfComparisons: true,
  reasons: {
    'tag-not-on-mirror': {},
    'mirror-absent': { onItsWay: true },
    blocked: { severity: 'error', onItsWay: true },
    'commit-not-on-mirror': {},
  },
  waits: {
    'tag-not-on-mirror': {
      brief: 'waits for tag',
      label: 'Waits for the tag',
      says: 'The files cannot be compared until the tag of this version is on the mirror.',
      fix: 'The next run compares them once the tag is there.',
      who: 'nobody',
    },
    'mirror-absent': {
      brief: 'waits for mirror',
      label: 'Waits for the mirror',
      says: 'The files cannot be compared while no mirror can be read.',
      fix: 'The next run compares them once there is a mirror.',
      who: 'nobody',
    },
    'commit-not-on-mirror': {
      brief: 'waits for commit',
      label: 'Waits for the commit',
      says: "The mirror does not have the commit that the registry names for this version, and the export differs from the tag's.",
      fix: 'The next run compares them once the mirror has that commit.',
      who: 'nobody',
    },
  },
  evidence,
  layout: [
    'schemaVersion',
    'datasetId',
    'snapshotTag',
    's3Version',
    'status',
    'totalS3Files',
    'totalGitFiles',
    'checkedAt',
    'exportMissing',
    'added',
    'removed',
    'context',
    'bookkeeping',
    'submodules',
    'subtype',
    'notCompared',
    'commit',
    'lastAttempt',
    'symlinks',
    'branch',
    'rulesVersion',
    'pending',
    'tree',
  ],
  judge,
  reasonOf: ({ totalS3Files }: Lists) => (totalS3Files === null ? undefined : null),
});
