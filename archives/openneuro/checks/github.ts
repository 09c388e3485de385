// Is the mirror on GitHub in step? (docs/checks.md#mirror)

import * as z from 'zod';
import { instantSchema, shaSchema, tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';
import { own } from '../../../core/own.ts';
import { isMoved } from '../moved-tag.ts';
import { compareVersions } from '../version-order.ts';
import type { Entry, KnownSnapshot } from './entry.ts';

const FINDINGS = {
  'repo-not-found': {
    severity: 'error',
    onItsWay: 'with-all-else',
    label: 'Mirror missing',
    says: 'There is no repository for this dataset on GitHub.',
    fix: 'Create the mirror and push every branch and tag to it.',
    who: 'operators',
  },
  'repo-disabled': {
    severity: 'error',
    label: 'Mirror disabled',
    says: 'GitHub disabled this repository or took it down.',
    fix: 'Find out why, and resolve it with GitHub.',
    who: 'operators',
  },
  'repo-empty': {
    severity: 'error',
    onItsWay: 'with-all-else',
    label: 'Mirror empty',
    says: 'The repository is there, but it holds no branch and no tag.',
    fix: 'Push every branch and tag to the mirror.',
    who: 'operators',
  },
  'tag-missing': {
    severity: 'error',
    label: 'Latest tag missing',
    says: 'The tag of the latest snapshot is not on the mirror.',
    fix: 'Push the tag of the latest snapshot.',
    who: 'operators',
  },
  'sha-mismatch': {
    severity: 'error',
    label: 'Tag at another commit',
    says: 'A tag on the mirror is at another commit than the registry gives for it.',
    fix: 'Compare the two commits, and move the tag on the side that is wrong.',
    who: 'operators',
  },
  'head-on-annex': {
    severity: 'error',
    label: 'Default branch is git-annex',
    says: 'The default branch of the mirror is git-annex, so a clone shows bookkeeping and no data.',
    fix: "Make the branch with the dataset's files the default one.",
    who: 'operators',
  },
  'head-mismatch': {
    severity: 'warning',
    label: 'Default branch is behind',
    says: 'The default branch of the mirror is not at the latest snapshot.',
    fix: 'Push the default branch, or make the branch with the latest snapshot the default one.',
    who: 'operators',
  },
  'default-branch-stale': {
    severity: 'warning',
    label: 'Default branch is an old one',
    says: 'The default branch of the mirror is an old one or does not exist; another branch holds the latest snapshot.',
    fix: 'Make the branch with the latest snapshot the default one.',
    who: 'operators',
  },
  'head-unknown': {
    severity: 'warning',
    label: 'Default branch unknown',
    says: 'The server does not say which branch is the default, and not every branch is at the latest snapshot.',
    fix: 'Make the branch with the latest snapshot the default one.',
    who: 'operators',
  },
  'older-tag-missing': {
    severity: 'warning',
    label: 'Older tag missing',
    says: 'The tag of an older snapshot is not on the mirror.',
    fix: 'Push the missing tags.',
    who: 'operators',
  },
  'annex-branch-missing': {
    severity: 'warning',
    label: 'No git-annex branch',
    says: 'The mirror has no git-annex branch, so a clone cannot find its annexed files.',
    fix: 'Push the git-annex branch.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

type Name = keyof typeof FINDINGS;

const NAMES = Object.keys(FINDINGS) as [Name, ...Name[]];

const finding = z.object({
  subtype: z.enum(NAMES),
  status: z.enum(['error', 'warning']),
  /** The registry's tags it is about, by version order; empty if it is about the repository. */
  tags: z.array(tagSchema),
});

type GithubFinding = z.infer<typeof finding>;

const evidence = z.object({
  head: z.string().nullable(),
  branches: z.record(z.string(), shaSchema),
  tags: z.record(z.string(), shaSchema),
  /**
   * null: timestamps/github.json holds the time. Documents of schema 1.x and 2.0.0 held it here.
   */
  lastChecked: instantSchema.nullable(),
  error: z.enum(['repo-not-found', 'repo-empty', 'repo-disabled']).nullable(),
  /** Annotated tags: tag name → id of the tag object (`tags` holds the commit). */
  annotated: z.record(z.string(), shaSchema),
  /**
   * If HEAD names no branch: its commit, or null when it has none. Absent beside a branch's name,
   * and if the server says nothing of HEAD.
   */
  headCommit: shaSchema.nullable().optional(),
});

type Evidence = z.infer<typeof evidence>;

/** Looks for each fault in the order of the table, so that the worst comes first. */
function judge(evidence: Evidence, entry: Entry | null): readonly GithubFinding[] {
  const { error, branches, tags, annotated } = evidence;
  const findings: GithubFinding[] = [];
  const found = (subtype: Name, of: readonly string[] = []) =>
    findings.push({
      subtype,
      status: FINDINGS[subtype].severity,
      tags: [...of].sort(compareVersions),
    });

  if (error !== null) found(error);
  // What is behind the refusal is not seen: nothing is known to be missing.
  if (error === 'repo-disabled') return findings;
  if (entry !== null) {
    const { latest, snapshots } = entry;
    const latestCommit = own(tags, latest);
    if (latestCommit === undefined) found('tag-missing', [latest]);

    const moved = snapshots.filter(({ tag, hexsha }) =>
      isMoved(hexsha, own(tags, tag), own(annotated, tag)),
    );
    if (moved.length > 0) found('sha-mismatch', moved.map(tagOf));

    const headFault = judgeHead(evidence, latestCommit);
    if (headFault !== null) found(headFault, headFault === 'head-on-annex' ? [] : [latest]);

    const older = snapshots.filter(({ tag }) => tag !== latest && !Object.hasOwn(tags, tag));
    if (older.length > 0) found('older-tag-missing', older.map(tagOf));
  }
  if (!Object.hasOwn(branches, ANNEX_BRANCH)) found('annex-branch-missing');
  return findings;
}

const ANNEX_BRANCH = 'git-annex';
/** Where a dataset's files are developed. */
const MAIN_BRANCHES = ['master', 'main'];
const tagOf = (snapshot: KnownSnapshot) => snapshot.tag;

/** Without the latest tag HEAD has no expected commit. */
function judgeHead(evidence: Evidence, latest: string | undefined): Name | null {
  const { branches, head: branch } = evidence;
  const head = headCommit(evidence);
  const annex = own(branches, ANNEX_BRANCH);
  const onAnnex = branch === null && head != null && head === annex && head !== latest;
  if (branch === ANNEX_BRANCH || onAnnex) return 'head-on-annex';
  if (latest === undefined || head === latest) return null;
  if (head === undefined) return judgeUntold(evidence, latest);
  const stale = MAIN_BRANCHES.some((name) => own(branches, name) === latest);
  return stale ? 'default-branch-stale' : 'head-mismatch';
}

/** If the server says nothing of HEAD: what is true whichever branch it names. */
function judgeUntold({ branches }: Evidence, latest: string): Name | null {
  const candidates = Object.entries(branches).filter(([name]) => name !== ANNEX_BRANCH);
  const right = candidates.filter(([, commit]) => commit === latest).length;
  if (right === 0) return 'head-mismatch';
  return right === candidates.length ? null : 'head-unknown';
}

/** The commit of HEAD; null when it has none, undefined when the server does not say. */
function headCommit({ head, headCommit, branches }: Evidence): string | null | undefined {
  return head === null ? headCommit : (own(branches, head) ?? null);
}

/** All except whether there is a repository and a git-annex branch. */
const BY_ENTRY = [
  'tag-missing',
  'sha-mismatch',
  'head-on-annex',
  'head-mismatch',
  'default-branch-stale',
  'head-unknown',
  'older-tag-missing',
] as const;

export const github = defineCheck({
  id: 'github',
  file: 'github',
  title: 'A mirror: refs and verdict',
  of: 'names',
  stage: 'check-github',
  words: {
    name: 'GitHub mirror',
    asks: 'Does the mirror hold every snapshot?',
    ok: 'The mirror holds every snapshot, and its default branch is at the latest one.',
  },
  column: { id: 'mirror', name: 'Mirror', label: 'Mirror' },
  version: { csv: 'mirrorVersion' },
  ofEntry: true,
  findings: FINDINGS,
  evidence,
  layout: [
    'schemaVersion',
    'head',
    'branches',
    'tags',
    'lastChecked',
    'error',
    'annotated',
    'status',
    'subtype',
    'findings',
    'lastAttempt',
    'rulesVersion',
    'pending',
    'headCommit',
  ],
  finding,
  judge,
  byEntry: () => BY_ENTRY,
});
