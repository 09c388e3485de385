// What does the mirror's git-annex branch say of the export? (docs/checks.md#record)

import * as z from 'zod';
import { count } from '../../../core/documents/documents.ts';
import { instantSchema, shaSchema, tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';
import { compareVersions } from '../version-order.ts';
import type { Entry } from './entry.ts';
import { NOT_CHECKED, type NotCheckedReason } from './reasons.ts';

const FINDINGS = {
  'claimed-missing': {
    severity: 'error',
    onItsWay: true,
    label: 'Recorded as exported, not there',
    says: 'git-annex recorded files as exported that the export does not hold.',
    fix: 'Restore these files.',
    who: 'operators',
  },
  'export-behind': {
    severity: 'version-mismatch',
    label: 'Older export recorded',
    says: 'According to git-annex, an older snapshot was exported last.',
    fix: 'Export the latest snapshot.',
    who: 'operators',
  },
  'export-ahead': {
    severity: 'version-mismatch',
    label: 'Newer export recorded',
    says: 'What git-annex exported last is newer than the latest snapshot, or no snapshot.',
    fix: 'Make a snapshot of what was exported, or export the latest snapshot.',
    who: 'operators',
  },
  'export-of-no-snapshot': {
    severity: 'warning',
    label: 'Export of no snapshot',
    says: 'What git-annex recorded as exported last is no snapshot, and no tag or branch of the mirror has it.',
    fix: 'Make a snapshot of what was exported, or export the latest snapshot again.',
    who: 'operators',
  },
  'export-unknown': {
    severity: 'warning',
    // No export is recorded.
    onItsWay: { exportedTree: null },
    label: 'Exported version unknown',
    says: 'git-annex did not record which snapshot was exported last.',
    fix: 'Export the latest snapshot, and push the git-annex branch.',
    who: 'operators',
  },
  'export-incomplete': {
    severity: 'warning',
    onItsWay: true,
    label: 'Export not finished',
    says: 'git-annex recorded the start of an export, but not its end.',
    fix: 'Export the snapshot again.',
    who: 'operators',
  },
  'unversioned-keys': {
    severity: 'warning',
    onItsWay: true,
    label: 'No version recorded',
    says: 'No S3 version is recorded for some annexed files, so a clone cannot get them.',
    fix: 'Export the snapshot again, so that versions are recorded.',
    who: 'operators',
  },
  remotes: {
    severity: 'warning',
    // The first export creates it.
    onItsWay: { remotes: [] },
    label: 'Public remote unclear',
    says: 'There is not exactly one live remote named s3-PUBLIC that exports to this place.',
    fix: 'Mark remotes that no longer exist as dead, so that one remains.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  /** Commit of the git-annex branch that was read. */
  branch: shaSchema.nullable(),
  /** The latest snapshot that was on the mirror at that time, and its commit. */
  latestTag: tagSchema.nullable(),
  latestCommit: shaSchema.nullable(),
  /** The special remotes named s3-PUBLIC whose bucket and prefix are this export's, by uuid. */
  remotes: z.array(z.object({ uuid: z.string(), dead: z.boolean() })),
  /** The tree that the live remote names as exported last; null when it names none. */
  exportedTree: shaSchema.nullable(),
  /** The newest tag with that tree; null when no tag of the mirror has it. */
  exportedTag: z.string().nullable(),
  exportedAt: instantSchema.nullable(),
  /** Trees whose export was begun and not finished. */
  incompleteTrees: z.array(shaSchema),
  /** Keys of the latest tag's annexed files, each once; null when its tree could not be read. */
  annexedKeys: count.nullable(),
  /**
   * Keys without an S3 version: a lower bound if not all logs were read, null if none was seen
   * then.
   */
  unversionedKeys: count.nullable(),
  /** How many logs of versions were read (of versionLogs); null if annexedKeys is. */
  versionsRead: count.nullable(),
  /** Files of such keys, the first 20. */
  unversionedPaths: z.array(z.string()),
  /** Paths of the exported tree that are missing in the export; null when not known. */
  claimedMissing: count.nullable(),
  claimedMissingPaths: z.array(z.string()),
  /** Digest of the branches and tags at that time: if they change, the check is made again. */
  refs: shaSchema.nullable().optional(),
  /** The commit with the exported tree; null when no tag and no branch has it. */
  exportedCommit: shaSchema.nullable().optional(),
  /** The branch whose tip has it, if no tag of the mirror does. */
  exportedBranch: z.string().nullable().optional(),
  /** Special remotes of that name that export elsewhere; absent in older documents. */
  foreignRemotes: z
    .array(z.object({ uuid: z.string(), bucket: z.string().nullable(), fileprefix: z.string() }))
    .optional(),
  /** Whether the live remote keeps annex objects beside the exported files; null when not known. */
  annexObjects: z.boolean().nullable().optional(),
  /** Keys of the latest tag with a log of their versions; null if annexedKeys is. */
  versionLogs: count.nullable().optional(),
  /**
   * True if the mirror has the exported tree and no tag, branch or snapshot has it; null: not
   * determined.
   */
  exportedOfNoSnapshot: z.boolean().nullable().optional(),
  /**
   * The first 20 files recorded as exported that the export lacks or holds differently. Each has
   * the recorded S3 version, null if there is none, or says that git itself holds the content.
   */
  recordedVersions: z
    .array(z.object({ path: z.string(), version: z.string().nullable(), inGit: z.boolean() }))
    .optional(),
});

type Name = keyof typeof FINDINGS;
type Evidence = z.infer<typeof evidence>;

/** Nothing is known of a branch that was not read. */
function judge(facts: Evidence, entry: Pick<Entry, 'latest'> | null): readonly Name[] {
  if (facts.branch === null) return [];
  const findings: Name[] = [];
  const live = facts.remotes.filter(({ dead }) => !dead).length;
  const { exportedTag } = facts;
  if ((facts.claimedMissing ?? 0) > 0) findings.push('claimed-missing');
  if (exportedTag !== null) {
    if (entry !== null && exportedTag !== entry.latest) {
      const isOlder = compareVersions(exportedTag, entry.latest) < 0;
      findings.push(isOlder ? 'export-behind' : 'export-ahead');
    }
  } else if (facts.exportedCommit != null && facts.latestTag !== null)
    findings.push('export-ahead');
  else if (facts.exportedOfNoSnapshot === true) findings.push('export-of-no-snapshot');
  else if (live > 0) findings.push('export-unknown');
  if (facts.incompleteTrees.length > 0) findings.push('export-incomplete');
  if ((facts.unversionedKeys ?? 0) > 0) findings.push('unversioned-keys');
  if (live !== 1) findings.push('remotes');
  return findings;
}

/** Without the latest tag or the logs, it is not known whether its files are recorded. */
function reasonOf({
  branch,
  unversionedKeys,
  annexedKeys,
}: Evidence): NotCheckedReason | null | undefined {
  if (branch === null) return undefined;
  if (unversionedKeys !== null) return null;
  return annexedKeys === null ? 'tag-not-on-mirror' : 'versions-not-read';
}

export const annexRecord = defineCheck({
  id: 'annexRecord',
  file: 'annex-record',
  title: 'What git-annex recorded of an export',
  of: 'contents',
  stage: 'check-s3-files',
  words: {
    name: 'Export record',
    asks: "What does the mirror's git-annex branch say of the export?",
    ok: 'git-annex recorded the latest snapshot as exported, with a version of every annexed file.',
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
    'branch',
    'latestTag',
    'latestCommit',
    'remotes',
    'exportedTree',
    'exportedTag',
    'exportedAt',
    'incompleteTrees',
    'annexedKeys',
    'unversionedKeys',
    'versionsRead',
    'unversionedPaths',
    'claimedMissing',
    'claimedMissingPaths',
    'lastAttempt',
    'refs',
    'exportedCommit',
    'exportedBranch',
    'rulesVersion',
    'foreignRemotes',
    'annexObjects',
    'pending',
    'versionLogs',
    'exportedOfNoSnapshot',
    'recordedVersions',
  ],
  reasons: NOT_CHECKED,
  judge,
  byEntry: ({ exportedTag }: Evidence) =>
    exportedTag === null ? [] : ['export-behind', 'export-ahead'],
  reasonOf,
});
