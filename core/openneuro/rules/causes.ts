// The likely cause of what the checks of a dataset found together, with its evidence, a command that
// shows it to anybody, and one with which an operator of OpenNeuro can mend it (docs/checks.md
// section 13). Nothing here is ever run by the monitor.

import type {
  AnnexRecord,
  Archive,
  Causes,
  Github,
  S3Access,
  S3Content,
  S3Diff,
  S3Version,
} from '../../model/documents.ts';
import { number } from '../../model/format.ts';
import { CAUSES, type Cause } from '../../model/vocabulary.ts';
import { own } from '../../own.ts';
import { compareVersions, highestVersion, isVersion } from '../version-order.ts';
import * as command from './cause-commands.ts';
import type { KnownSnapshot } from './github.ts';

/** What is known of a dataset; null where a check was not made or never measured. */
export interface CauseInput {
  /** Where the commands lead. */
  readonly archive: Archive;
  readonly id: string;
  /** Tag of the registry's latest snapshot. */
  readonly latest: string;
  /** Tags of all its snapshots. */
  readonly tags: readonly string[];
  readonly github: Github | null;
  readonly s3Version: S3Version | null;
  readonly s3Diff: S3Diff | null;
  readonly s3Content: S3Content | null;
  readonly s3Access: S3Access | null;
  readonly annexRecord: AnnexRecord | null;
  /** Files of the export over GitHub's limit that the mirror's newest version does not annex. */
  readonly bigFiles: readonly BigFile[];
  /** Snapshots that the mirror's tags do not show at the registry's commit. */
  readonly strays?: readonly KnownSnapshot[];
}

export interface BigFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** GitHub refuses a push with a larger blob (docs.github.com, "About large files on GitHub"). */
export const GITHUB_BLOB_LIMIT = 100 * 1024 * 1024;

export type LikelyCause = Causes['causes'][number];
type Found = Omit<LikelyCause, 'cause'>;

const RULES: Readonly<Record<Cause, (input: CauseInput) => Found | null>> = {
  'repository-never-pushed': neverPushed,
  'blob-too-big': blobTooBig,
  'string-sorted-export': stringSorted,
  'default-branch-stale': defaultBranchStale,
  'export-never-ran': exportNeverRan,
  'export-cut-short': exportCutShort,
  'still-private': stillPrivate,
  'annex-branch-not-pushed': annexBranchNotPushed,
  'ahead-of-registry': aheadOfRegistry,
  'tag-moved': tagMoved,
};

/** In the order of the vocabulary, each at most once. */
export function likelyCauses(input: CauseInput): LikelyCause[] {
  return CAUSES.flatMap((cause) => {
    const found = RULES[cause](input);
    return found === null ? [] : [{ cause, ...found }];
  });
}

function neverPushed({ archive, id, github, tags }: CauseInput): Found | null {
  if (github === null || github.error === null || github.error === 'repo-disabled') return null;
  const what =
    github.error === 'repo-not-found'
      ? 'There is no repository on GitHub'
      : 'The repository on GitHub has no branch and no tag';
  return {
    evidence: [`${what}; the registry has ${tags.length} snapshot${tags.length === 1 ? '' : 's'}.`],
    verify: command.listRefs(archive, id),
    mend: command.reexport(archive, id),
  };
}

function blobTooBig({ archive, id, latest, github, bigFiles }: CauseInput): Found | null {
  const missing = github?.findings.some(({ subtype }) => subtype === 'tag-missing');
  if (!missing || github?.error !== null || bigFiles.length === 0) return null;
  return {
    evidence: [
      `The tag ${latest} never reached GitHub, which refuses files of more than 100 MiB.`,
      ...bigFiles
        .slice(0, MAX_EVIDENCE)
        .map(({ path, size }) => `${path} has ${number(size)} bytes in the export.`),
    ],
    verify: command.headObject(archive, id, bigFiles[0]?.path ?? ''),
    // The file has to be annexed and the snapshot made anew, which no single command does.
    mend: null,
  };
}

/** 1.0.9 comes after 1.0.11 when versions are sorted as text (ds003592). */
function stringSorted(input: CauseInput): Found | null {
  const { archive, id, latest, github, s3Version, annexRecord } = input;
  const versions = input.tags.filter(isVersion);
  const greatest = versions.toSorted((a, b) => (a < b ? -1 : 1)).at(-1);
  if (greatest === undefined || greatest === latest) return null;
  if (highestVersion(versions) !== latest || compareVersions(greatest, latest) >= 0) return null;

  const evidence: string[] = [];
  if (s3Version?.versionSource === 'doi' && s3Version.extractedVersion === greatest) {
    evidence.push(`The export says that it is ${greatest}.`);
  }
  if (annexRecord?.exportedTag === greatest) {
    evidence.push(`git-annex recorded an export of ${greatest}.`);
  }
  const branch = github && mainAt(github, greatest, latest);
  if (branch) evidence.push(`The branch ${branch} is at ${greatest}.`);
  if (evidence.length === 0) return null;
  return {
    evidence: [
      ...evidence,
      `Sorted as text ${greatest} is the last version; sorted as numbers ${latest} is.`,
    ],
    verify:
      evidence.length === 1 && branch
        ? command.listRefs(archive, id)
        : command.showDescription(archive, id),
    mend: command.exportTag(archive, id, latest),
  };
}

/** The branch that HEAD names, where it is at `tag` and not at `latest`. */
function mainAt(github: Github, tag: string, latest: string): string | null {
  const branch = github.head;
  const commit = branch === null ? undefined : own(github.branches, branch);
  const at = (name: string) => own(github.tags, name) === commit;
  if (branch === null || branch === 'git-annex' || commit === undefined) return null;
  return at(tag) && !at(latest) ? branch : null;
}

function defaultBranchStale({ archive, id, latest, github }: CauseInput): Found | null {
  const onAnnex = github?.findings.some(({ subtype }) => subtype === 'head-on-annex');
  const stale = github?.findings.some(({ subtype }) => subtype === 'default-branch-stale');
  if (github === null || !(onAnnex || stale)) return null;
  const commit = own(github.tags, latest);
  const current = ['main', 'master'].find((name) => {
    const tip = own(github.branches, name);
    return tip !== undefined && (onAnnex || tip === commit);
  });
  return {
    evidence: [
      headEvidence(github),
      ...(current === undefined ? [] : [`The branch ${current} holds the dataset's files.`]),
    ],
    verify: command.listRefs(archive, id),
    mend: current === undefined ? null : command.setDefaultBranch(archive, id, current),
  };
}

function headEvidence({ head, headCommit, branches }: Github): string {
  if (head === null) return headCommit ? `HEAD is at ${headCommit}.` : 'HEAD is at no commit.';
  if (own(branches, head) !== undefined) return `GitHub shows the branch ${head}.`;
  return `HEAD names the branch ${head}, which is not there: a clone checks out nothing.`;
}

function exportNeverRan({ archive, id, latest, s3Diff, annexRecord }: CauseInput): Found | null {
  if (!s3Diff?.exportMissing) return null;
  const recorded = annexRecord !== null && annexRecord.notCompared === null;
  if (recorded && annexRecord.exportedTree !== null) return null;
  return {
    evidence: [
      'The bucket holds nothing of it.',
      ...(recorded ? ['git-annex recorded no export.'] : []),
    ],
    verify: command.listObjects(archive, id),
    mend: command.exportTag(archive, id, latest),
  };
}

function exportCutShort({
  archive,
  id,
  latest,
  s3Diff,
  s3Content,
  annexRecord,
}: CauseInput): Found | null {
  const evidence: string[] = [];
  const short = s3Content?.mismatches.find((it) => it.size < (it.expectedSize ?? 0));
  if (s3Content && s3Content.bytesMissing > 0) {
    const files = `${s3Content.sizeMismatches} of the exported files`;
    evidence.push(
      `${files} do not have their size; ${number(s3Content.bytesMissing)} bytes are missing.`,
    );
  }
  if (annexRecord && annexRecord.incompleteTrees.length > 0) {
    evidence.push('git-annex started an export and did not record its end.');
  }
  if (annexRecord?.claimedMissing) {
    evidence.push(
      `git-annex recorded ${exportedRef(annexRecord)} as exported; ${number(annexRecord.claimedMissing)} of its files are not there.`,
    );
  }
  if (evidence.length === 0) return null;
  const path = short?.path ?? annexRecord?.claimedMissingPaths[0] ?? s3Diff?.added[0];
  return {
    evidence,
    verify:
      path === undefined
        ? command.showAnnexLog(archive, id)
        : command.headObject(archive, id, path),
    mend: command.exportTag(archive, id, latest),
  };
}

function stillPrivate({ archive, id, s3Version, s3Access }: CauseInput): Found | null {
  const refused = s3Access?.asked.filter(({ httpStatus }) => httpStatus === 403) ?? [];
  const blocked = s3Version?.subtype === 'blocked';
  if (!blocked && refused.length === 0) return null;
  return {
    evidence: [
      'The registry calls the dataset public.',
      ...(blocked ? ['dataset_description.json cannot be read (403).'] : []),
      ...(refused.length > 0
        ? [`${refused.length} of ${s3Access?.asked.length} listed objects cannot be read (403).`]
        : []),
    ],
    verify: command.headObject(archive, id, refused[0]?.path ?? 'dataset_description.json'),
    mend: command.makePublic(archive, id),
  };
}

function annexBranchNotPushed({ archive, id, github }: CauseInput): Found | null {
  const missing = github?.findings.some(({ subtype }) => subtype === 'annex-branch-missing');
  if (!missing || github?.error !== null) return null;
  return {
    evidence: ['The mirror has no branch git-annex: clones cannot find any annexed content.'],
    verify: command.listRefs(archive, id),
    mend: command.reexport(archive, id),
  };
}

/** The copies agree on a version that the registry has no snapshot of (ds005613, ds008020). */
function aheadOfRegistry({
  archive,
  id,
  latest,
  tags,
  s3Version,
  s3Diff,
  annexRecord,
}: CauseInput): Found | null {
  if (s3Diff === null || annexRecord === null) return null;
  const { exportedTag, findings } = annexRecord;
  if (exportedTag !== null && tags.includes(exportedTag)) return null;
  const version = s3Version?.versionSource === 'doi' ? s3Version.extractedVersion : null;
  const isOfNone =
    findings.includes('export-of-no-snapshot') && version !== null && !tags.includes(version);
  if (!findings.includes('export-ahead') && !isOfNone) return null;
  return {
    evidence: [
      `git-annex recorded an export of ${exportedRef(annexRecord)}, which is no snapshot.`,
      ...(version !== null && !tags.includes(version)
        ? [`The export says that it is ${version}.`]
        : []),
      `The latest snapshot in the registry is ${latest}.`,
    ],
    verify: command.showAnnexLog(archive, id),
    // A snapshot has to be made in the registry, which no command of an operator's does.
    mend: null,
  };
}

function exportedRef({ exportedTag, exportedBranch, exportedTree }: AnnexRecord): string {
  if (exportedTag !== null) return exportedTag;
  return exportedBranch == null
    ? `the tree ${exportedTree}`
    : `the tip of the branch ${exportedBranch}`;
}

/** By the tags that the check of the mirror found at another commit than the registry names. */
function tagMoved(input: CauseInput): Found | null {
  const { archive, id, latest, github, s3Diff, annexRecord, strays = [] } = input;
  const tags = github?.findings.find(({ subtype }) => subtype === 'sha-mismatch')?.tags ?? [];
  const moved = strays
    .flatMap(({ tag, hexsha }) => (hexsha !== null && tags.includes(tag) ? [{ tag, hexsha }] : []))
    .sort((a, b) => (a.tag === latest ? -1 : b.tag === latest ? 1 : compareVersions(b.tag, a.tag)))
    .slice(0, MAX_EVIDENCE);
  const [first] = moved;
  if (github === null || first === undefined) return null;
  const compared = moved.find(({ tag }) => tag === s3Diff?.s3Version);
  const inStep = compared && s3Diff?.status === 'ok' ? s3Diff.commit : null;
  // Nobody can tell that the registry is right where the export was made of the other commit.
  const isExported = moved.some(({ tag }) => {
    const { exportedTag = null, exportedCommit = null } = annexRecord ?? {};
    return exportedTag === tag && exportedCommit === own(github.tags, tag);
  });
  return {
    evidence: [
      ...moved.map(
        ({ tag, hexsha }) =>
          `The tag ${tag} is at ${own(github.tags, tag)}; the registry names ${hexsha}.`,
      ),
      ...(isExported ? ["git-annex recorded an export of the tag's commit."] : []),
      ...(inStep !== null && inStep === compared?.hexsha
        ? ["The export holds the files of the registry's commit."]
        : []),
    ],
    verify: command.showTag(archive, id, first.tag),
    mend: isExported ? null : command.pushTags(archive, id, moved),
  };
}

/** Sentences that name files. */
const MAX_EVIDENCE = 5;
