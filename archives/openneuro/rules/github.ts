// The verdict on a mirror (docs/checks.md#mirror): from refs and the registry's snapshots to a
// status, a subtype and everything else that applies.

import { recordOf } from '../../../core/documents/json.ts';
import type { Refs } from '../../../core/protocols/sources.ts';
import type { Finding, Github } from '../documents.ts';
import { compareVersions } from '../version-order.ts';
import { SEVERITY, type Subtype } from '../vocabulary.ts';

/** What was seen of a mirror. Refs without any branch or tag are an empty repository. */
export type Mirror = Refs | NonNullable<Github['error']>;

/** A snapshot as the registry tells it. */
export interface KnownSnapshot {
  readonly tag: string;
  /** A commit or, where annotated, a tag object; null when it is not told, and so not compared. */
  readonly hexsha: string | null;
}

export interface GithubInput {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  readonly snapshots: readonly KnownSnapshot[];
  readonly mirror: Mirror;
}

export type GithubVerdict = Pick<Github, 'status' | 'subtype' | 'findings'>;
/** A good measurement of a mirror; the stage adds what is particular to the run. */
export type GithubMeasurement = Omit<Github, 'schemaVersion' | 'lastChecked' | 'lastAttempt'>;

const ANNEX_BRANCH = 'git-annex';
/** Where a dataset's files are developed. */
const MAIN_BRANCHES = ['master', 'main'];

const NO_REFS: Refs = {
  head: null,
  branches: new Map(),
  tags: new Map(),
  annotated: new Map(),
};

/** The verdict and the evidence it rests on, as github.json holds them. */
export function measureGithub(input: GithubInput): GithubMeasurement {
  const { error, refs } = read(input.mirror);
  return {
    head: refs.head,
    branches: recordOf(refs.branches),
    tags: recordOf(refs.tags),
    error,
    annotated: recordOf(refs.annotated),
    ...judgeGithub(input),
    ...(refs.headCommit !== undefined && { headCommit: refs.headCommit }),
  };
}

/** Looks for each fault in the order of the vocabulary, so that the worst stands first. */
export function judgeGithub(input: GithubInput): GithubVerdict {
  const { error, refs } = read(input.mirror);
  const findings: Finding[] = [];
  const found = (subtype: Subtype<'github'>, tags: readonly string[] = []) =>
    findings.push({
      subtype,
      status: SEVERITY[subtype],
      tags: [...tags].sort(compareVersions),
    });

  if (error !== null) found(error);
  // What lies behind the refusal is not seen: nothing is known to be missing.
  if (error === 'repo-disabled') return { status: SEVERITY[error], subtype: error, findings };
  const latestCommit = refs.tags.get(input.latest);
  if (latestCommit === undefined) found('tag-missing', [input.latest]);

  const moved = input.snapshots.filter(({ tag, hexsha }) =>
    isMoved(hexsha, refs.tags.get(tag), refs.annotated.get(tag)),
  );
  if (moved.length > 0) found('sha-mismatch', moved.map(tagOf));

  const headFault = judgeHead(refs, latestCommit);
  if (headFault !== null) found(headFault, headFault === 'head-on-annex' ? [] : [input.latest]);

  const older = input.snapshots.filter(({ tag }) => tag !== input.latest && !refs.tags.has(tag));
  if (older.length > 0) found('older-tag-missing', older.map(tagOf));
  if (!refs.branches.has(ANNEX_BRANCH)) found('annex-branch-missing');

  const [first] = findings;
  return { status: first?.status ?? 'ok', subtype: first?.subtype ?? null, findings };
}

/**
 * Whether a tag of the mirror is at another commit than the registry names.
 * @param hexsha the registry's, of a commit or a tag object; null when it is not told
 * @param commit the one that the mirror's tag means, and `annotated` its tag object's id
 */
export const isMoved = (
  hexsha: string | null,
  commit: string | undefined,
  annotated: string | undefined,
): boolean => hexsha !== null && commit !== undefined && commit !== hexsha && annotated !== hexsha;

/** Without the latest tag there is no commit that HEAD ought to be at. */
function judgeHead(refs: Refs, latest: string | undefined): Subtype<'github'> | null {
  const head = headCommit(refs);
  const annex = refs.branches.get(ANNEX_BRANCH);
  const onAnnex = refs.head === null && head != null && head === annex && head !== latest;
  if (refs.head === ANNEX_BRANCH || onAnnex) return 'head-on-annex';
  if (latest === undefined || head === latest) return null;
  if (head === undefined) return judgeUntold(refs, latest);
  const stale = MAIN_BRANCHES.some((name) => refs.branches.get(name) === latest);
  return stale ? 'default-branch-stale' : 'head-mismatch';
}

/** Of a HEAD that the server tells nothing of, what is true whichever branch it names. */
function judgeUntold({ branches }: Refs, latest: string): Subtype<'github'> | null {
  const candidates = [...branches].filter(([name]) => name !== ANNEX_BRANCH);
  const right = candidates.filter(([, commit]) => commit === latest).length;
  if (right === 0) return 'head-mismatch';
  return right === candidates.length ? null : 'head-unknown';
}

/** The commit that HEAD is at; null when it is at none, undefined when the server does not tell. */
export function headCommit(
  refs: Pick<Refs, 'head' | 'headCommit' | 'branches'>,
): string | null | undefined {
  return refs.head === null ? refs.headCommit : (refs.branches.get(refs.head) ?? null);
}

/** What a stored github.json saw. */
export function mirrorOf(
  github: Pick<Github, 'head' | 'headCommit' | 'branches' | 'tags' | 'annotated' | 'error'>,
): Mirror {
  if (github.error !== null) return github.error;
  return {
    head: github.head,
    ...(github.headCommit !== undefined && { headCommit: github.headCommit }),
    branches: new Map(Object.entries(github.branches)),
    tags: new Map(Object.entries(github.tags)),
    annotated: new Map(Object.entries(github.annotated)),
  };
}

function read(mirror: Mirror): { error: Github['error']; refs: Refs } {
  if (typeof mirror === 'string') return { error: mirror, refs: NO_REFS };
  const empty = mirror.branches.size === 0 && mirror.tags.size === 0;
  return empty ? { error: 'repo-empty', refs: NO_REFS } : { error: null, refs: mirror };
}

const tagOf = (snapshot: KnownSnapshot) => snapshot.tag;
