// Everything that the checks know can be wrong with a dataset's copies: what is done to them, and
// what each check must then say. A person read these verdicts out of docs/checks.md; nothing here
// computes one.

import type { Check } from '../../archives/openneuro/vocabulary.ts';
import {
  type Copies,
  descriptionText,
  exportFiles,
  type File,
  fileOf,
  idOf,
  OTHER_UUID,
  type Snapshot,
  treeOf,
  UUID,
} from './copies.ts';

/** `status`, or `status subtype`. */
type Verdict = string;

export interface Break {
  /** Snapshots that it needs; one by default. */
  readonly snapshots?: number;
  spoil(copies: Copies): void;
  /** Checks that are not ok. */
  readonly verdicts: { readonly [C in Check]?: Verdict };
}

const latestOf = ({ snapshots }: Copies) => snapshots.at(-1) as Snapshot;
const olderOf = ({ snapshots }: Copies) => snapshots.at(-2) as Snapshot;
/** The first key of every listing, which is always requested. */
const FIRST = 'CHANGES';
const SUBJECT = 'sub-01/anat/T1w.nii.gz';
const KEY = SUBJECT;

/** A branch one commit ahead of the newest snapshot. */
function commitAhead(copies: Copies, branch: string): ReadonlyMap<string, File> {
  const files = new Map(latestOf(copies).files).set('README', fileOf('plain', 'ahead'));
  const commit = idOf(`ahead ${copies.id} ${latestOf(copies).tag}`);
  copies.commits.set(commit, files);
  copies.branches.set(branch, commit);
  return files;
}

/** The checks that need the mirror, if there is none. */
const NO_MIRROR = { s3Files: 'pending', s3Content: 'pending', annexRecord: 'pending' } as const;

export const BREAKS = {
  'repo-not-found': {
    spoil: (copies) => {
      copies.mirrorRefusal = 'absent';
    },
    verdicts: { github: 'error repo-not-found', ...NO_MIRROR },
  },
  'repo-disabled': {
    spoil: (copies) => {
      copies.mirrorRefusal = 'disabled';
    },
    verdicts: { github: 'error repo-disabled', ...NO_MIRROR },
  },
  /** The host refuses it without a reason: closed, if another mirror is answered. */
  'repo-refused': {
    spoil: (copies) => {
      copies.mirrorRefusal = 'denied';
    },
    verdicts: { github: 'error repo-disabled', ...NO_MIRROR },
  },
  'repo-empty': {
    spoil: (copies) => {
      copies.branches.clear();
      copies.tags.clear();
      copies.head = null;
      copies.annexBranch = false;
    },
    verdicts: { github: 'error repo-empty', ...NO_MIRROR },
  },
  /** Nothing of the newest snapshot was pushed; its export ran. */
  'mirror-behind': {
    snapshots: 2,
    spoil: (copies) => {
      copies.tags.delete(latestOf(copies).tag);
      copies.branches.set('main', olderOf(copies).commit);
      copies.commits.delete(latestOf(copies).commit);
      copies.annex.exportedTree = treeOf(olderOf(copies).files);
    },
    verdicts: {
      github: 'error tag-missing',
      s3Files: 'pending',
      s3Content: 'pending',
      annexRecord: 'version-mismatch export-behind',
    },
  },
  /** The commit was pushed but not its tag. */
  'tag-missing': {
    spoil: (copies) => {
      copies.tags.delete(latestOf(copies).tag);
    },
    verdicts: { github: 'error tag-missing', annexRecord: 'pending' },
  },
  'sha-mismatch': {
    spoil: (copies) => {
      const { tag, files } = latestOf(copies);
      const commit = idOf(`moved ${copies.id} ${tag}`);
      copies.commits.set(commit, files);
      copies.tags.set(tag, commit);
      copies.branches.set('main', commit);
    },
    verdicts: { github: 'error sha-mismatch' },
  },
  'head-on-annex': {
    spoil: (copies) => {
      copies.head = 'git-annex';
    },
    verdicts: { github: 'error head-on-annex' },
  },
  'head-mismatch': {
    spoil: (copies) => {
      commitAhead(copies, 'main');
    },
    verdicts: { github: 'warning head-mismatch' },
  },
  'default-branch-stale': {
    spoil: (copies) => {
      commitAhead(copies, 'develop');
      copies.head = 'develop';
    },
    verdicts: { github: 'warning default-branch-stale' },
  },
  'head-unknown': {
    spoil: (copies) => {
      commitAhead(copies, 'develop');
      copies.head = null;
    },
    verdicts: { github: 'warning head-unknown' },
  },
  'older-tag-missing': {
    snapshots: 2,
    spoil: (copies) => {
      copies.tags.delete(olderOf(copies).tag);
    },
    verdicts: { github: 'warning older-tag-missing' },
  },
  'annex-branch-missing': {
    spoil: (copies) => {
      copies.annexBranch = false;
    },
    verdicts: { github: 'warning annex-branch-missing', annexRecord: 'pending' },
  },
  blocked: {
    spoil: (copies) => {
      copies.description = { refusal: 'denied' };
      for (const key of copies.objects.keys()) copies.access.set(key, 403);
    },
    verdicts: {
      s3Version: 'error blocked',
      s3Files: 'error',
      s3Content: 'pending',
      s3Access: 'error private',
    },
  },
  /** The export of the newest snapshot never ran, and all copies say so. */
  'export-behind': {
    snapshots: 2,
    spoil: (copies) => {
      const { tag, files } = olderOf(copies);
      copies.description = descriptionText(copies.id, tag);
      exportFiles(copies, files);
      copies.annex.exportedTree = treeOf(files);
    },
    verdicts: {
      s3Version: 'version-mismatch doi-mismatch',
      annexRecord: 'version-mismatch export-behind',
    },
  },
  'no-doi': {
    spoil: (copies) => {
      copies.description = descriptionText(copies.id, null);
    },
    verdicts: { s3Version: 'warning no-doi' },
  },
  'invalid-json': {
    spoil: (copies) => {
      copies.description = '{"Name": ';
    },
    verdicts: { s3Version: 'warning invalid-json' },
  },
  'description-missing': {
    spoil: (copies) => {
      copies.description = { refusal: 'absent' };
      copies.objects.delete('dataset_description.json');
    },
    verdicts: {
      s3Version: 'warning description-missing',
      s3Files: 'error files-missing',
      annexRecord: 'error claimed-missing',
    },
  },
  'description-archived': {
    spoil: (copies) => {
      copies.description = { refusal: 'archived' };
      const object = copies.objects.get('dataset_description.json');
      if (object) object.archived = true;
    },
    verdicts: { s3Version: 'warning description-archived', s3Access: 'error archived' },
  },
  'export-missing': {
    spoil: (copies) => {
      copies.description = { refusal: 'absent' };
      copies.objects.clear();
    },
    verdicts: {
      s3Version: 'warning description-missing',
      s3Files: 'error export-missing',
      s3Content: 'pending',
      s3Access: 'pending',
      annexRecord: 'error claimed-missing',
    },
  },
  'files-missing': {
    spoil: (copies) => {
      copies.objects.delete(KEY);
    },
    verdicts: { s3Files: 'error files-missing', annexRecord: 'error claimed-missing' },
  },
  'files-orphaned': {
    spoil: (copies) => {
      copies.objects.set('left-over.txt', { size: 3, etag: idOf('left').slice(0, 32) });
    },
    verdicts: { s3Files: 'error files-orphaned' },
  },
  'files-missing-and-orphaned': {
    spoil: (copies) => {
      copies.objects.delete(KEY);
      copies.objects.set('left-over.txt', { size: 3, etag: idOf('left').slice(0, 32) });
    },
    verdicts: { s3Files: 'error files-missing', annexRecord: 'error claimed-missing' },
  },
  'size-mismatch': {
    spoil: (copies) => {
      const object = copies.objects.get(KEY);
      if (object) object.size += 1;
    },
    verdicts: { s3Content: 'error size-mismatch' },
  },
  'content-mismatch': {
    spoil: (copies) => {
      const object = copies.objects.get(KEY);
      if (object) object.etag = 'f'.repeat(32);
    },
    verdicts: { s3Content: 'error content-mismatch' },
  },
  private: {
    spoil: (copies) => {
      for (const key of copies.objects.keys()) copies.access.set(key, 403);
    },
    verdicts: { s3Access: 'error private' },
  },
  'partly-private': {
    spoil: (copies) => {
      copies.access.set(FIRST, 403);
    },
    verdicts: { s3Access: 'error partly-private' },
  },
  archived: {
    spoil: (copies) => {
      const object = copies.objects.get(SUBJECT);
      if (object) object.archived = true;
    },
    verdicts: { s3Access: 'error archived' },
  },
  'listed-not-readable': {
    spoil: (copies) => {
      copies.access.set(FIRST, 404);
    },
    verdicts: { s3Access: 'warning listed-not-readable' },
  },
  /** The export ran, but git-annex's record of it was not pushed. */
  'record-behind': {
    snapshots: 2,
    spoil: (copies) => {
      copies.annex.exportedTree = treeOf(olderOf(copies).files);
    },
    verdicts: { annexRecord: 'version-mismatch export-behind' },
  },
  /** Exported from a branch that no snapshot was made from. */
  'ahead-of-registry': {
    spoil: (copies) => {
      const files = commitAhead(copies, 'develop');
      copies.description = descriptionText(copies.id, null);
      exportFiles(copies, files);
      copies.annex.exportedTree = treeOf(files);
    },
    verdicts: { s3Version: 'warning no-doi', annexRecord: 'version-mismatch export-ahead' },
  },
  'export-unknown': {
    spoil: (copies) => {
      copies.annex.exportedTree = idOf('a tree of nobody');
    },
    verdicts: { annexRecord: 'warning export-unknown' },
  },
  'export-incomplete': {
    spoil: (copies) => {
      copies.annex.incomplete = [idOf('a tree begun')];
    },
    verdicts: { annexRecord: 'warning export-incomplete' },
  },
  'unversioned-keys': {
    spoil: (copies) => {
      const [key] = copies.versioned;
      if (key !== undefined) copies.versioned.delete(key);
    },
    verdicts: { annexRecord: 'warning unversioned-keys' },
  },
  'two-remotes': {
    spoil: (copies) => {
      copies.annex.remotes = [UUID, OTHER_UUID];
    },
    verdicts: { annexRecord: 'warning remotes' },
  },
  'no-remote': {
    spoil: (copies) => {
      copies.annex.remotes = [];
    },
    verdicts: { annexRecord: 'warning remotes' },
  },
} as const satisfies Record<string, Break>;

export type BreakName = keyof typeof BREAKS;
export const BREAK_NAMES = Object.keys(BREAKS) as BreakName[];

/** What a new dataset's copies may still look like (docs/checks.md#new-datasets). */
const WAIT = new Set([
  ...['repo-not-found', 'repo-empty', 'blocked', 'description-missing', 'export-missing'],
  ...['files-missing', 'private', 'partly-private', 'claimed-missing', 'export-incomplete'],
  'unversioned-keys',
]);

/**
 * The verdict that a check must give.
 * @param isNew published less than eight days before the run began
 */
export function verdictOf(name: BreakName | null, check: Check, isNew: boolean): Verdict {
  const { verdicts }: Break = name === null ? { spoil() {}, verdicts: {} } : BREAKS[name];
  const verdict = verdicts[check] ?? 'ok';
  if (!isNew) return verdict;
  const [, subtype] = verdict.split(' ');
  // Orphans of an export that also misses files are judged at once.
  if (name === 'files-missing-and-orphaned' && check === 's3Files') return 'error files-orphaned';
  // Nothing can be compared with a locked export: an error, once it counts.
  if (verdict === 'error') return 'pending';
  // The first export creates the remote.
  if (name === 'no-remote' && check === 'annexRecord') return 'pending';
  return subtype !== undefined && WAIT.has(subtype) ? 'pending' : verdict;
}
