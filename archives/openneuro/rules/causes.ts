// The likely cause of what the checks of a dataset found together, with its evidence, a command
// that shows it to anybody, and one with which an operator of OpenNeuro can fix it
// (docs/checks.md#causes). The monitor never runs any of them.

import { number } from '../../../core/documents/format.ts';
import { own } from '../../../core/own.ts';
import type { Github } from '../documents.ts';
import { compareVersions, highestVersion, isVersion } from '../version-order.ts';
import { CAUSES, type Cause, type Subtype } from '../vocabulary.ts';
import * as command from './cause-commands.ts';
import type { CauseInput, Found, LikelyCause } from './cause-input.ts';
import { MAX_EVIDENCE } from './cause-input.ts';
import {
  exportCutShort,
  exportedRef,
  exportNeverRan,
  exportNotRenewed,
  filesLeftBehind,
  objectsChanged,
} from './causes-export.ts';
import {
  annexBranchNotPushed,
  branchAt,
  branchNotPushed,
  neverPushed,
  snapshotNotPushed,
  tagMoved,
} from './causes-mirror.ts';
import { causeWaits } from './just-published.ts';
import { noKnownCause } from './no-known-cause.ts';

/** GitHub rejects a push with a larger blob (docs.github.com, "About large files on GitHub"). */
export const GITHUB_BLOB_LIMIT = 100 * 1024 * 1024;

/** @param explained by the causes before it */
type Rule = (input: CauseInput, explained: ReadonlySet<Subtype>) => Found | null;

const RULES: Readonly<Record<Cause, Rule>> = {
  'repository-never-pushed': neverPushed,
  'blob-too-big': blobTooBig,
  'snapshot-not-pushed': snapshotNotPushed,
  'string-sorted-export': stringSorted,
  'default-branch-stale': defaultBranchStale,
  'branch-not-pushed': branchNotPushed,
  'export-never-ran': exportNeverRan,
  'export-cut-short': exportCutShort,
  'export-not-renewed': exportNotRenewed,
  'objects-changed': objectsChanged,
  'files-left-behind': filesLeftBehind,
  'still-private': stillPrivate,
  'annex-branch-not-pushed': annexBranchNotPushed,
  'ahead-of-registry': aheadOfRegistry,
  'tag-moved': tagMoved,
  'no-known-cause': noKnownCause,
};

/** In the order of the vocabulary, each at most once; every finding that counts has one. */
export function likelyCauses(input: CauseInput): LikelyCause[] {
  const causes: LikelyCause[] = [];
  const explained = new Set<Subtype>();
  for (const cause of CAUSES) {
    const found = RULES[cause](input, explained);
    if (found === null || causeWaits(cause, input.waitsUntil)) continue;
    const { explains, untested, ...likely } = found;
    for (const subtype of explains) explained.add(subtype);
    causes.push({ cause, ...likely, ...(untested && likely.mend !== null && { untested }) });
  }
  return causes;
}

function blobTooBig({ archive, id, latest, github, bigFiles }: CauseInput): Found | null {
  const missing = github?.findings.some(({ subtype }) => subtype === 'tag-missing');
  if (!missing || github?.error !== null || bigFiles.length === 0) return null;
  return {
    // No tag of the mirror has the exported tree either.
    explains: ['tag-missing', 'export-unknown'],
    evidence: [
      `The tag ${latest} never reached GitHub, which refuses files of more than 100 MiB.`,
      ...bigFiles
        .slice(0, MAX_EVIDENCE)
        .map(({ path, size }) => `${path} has ${number(size)} bytes in the export.`),
    ],
    verify: command.headObject(archive, id, bigFiles[0]?.path ?? ''),
    // The file has to be annexed and the snapshot made again; no single command does that.
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
  const told = s3Version?.versionSource === 'doi' && s3Version.extractedVersion === greatest;
  const recorded = annexRecord?.exportedTag ?? null;
  if (told) evidence.push(`The export says that it is ${greatest}.`);
  if (recorded === greatest) evidence.push(`git-annex recorded an export of ${greatest}.`);
  const isExport = evidence.length > 0;
  const branch = github && mainAt(github, greatest, latest);
  if (branch) evidence.push(`The branch ${branch} is at ${greatest}.`);
  if (evidence.length === 0) return null;
  return {
    explains: [
      ...(isExport ? (['doi-mismatch', 'export-behind', 'unversioned-keys'] as const) : []),
      ...(branch ? (['head-mismatch'] as const) : []),
    ],
    evidence: [
      ...evidence,
      `Sorted as text ${greatest} is the last version; sorted as numbers ${latest} is.`,
    ],
    verify: isExport ? command.showDescription(archive, id) : command.listRefs(archive, id),
    mend: command.inOrder([
      // git-annex uploads nothing that it recorded as exported, unless another tag came in between.
      ...(isExport
        ? [command.exportTag(archive, id, ...(recorded === latest ? [greatest] : []), latest)]
        : []),
      ...(branch ? [command.push(archive, id, [branchAt(latest, branch)])] : []),
    ]),
  };
}

/** The branch that HEAD names, if it is at `tag` and not at `latest`. */
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
    explains: ['default-branch-stale', 'head-on-annex'],
    evidence: [
      headEvidence(github),
      ...(current === undefined ? [] : [`The branch ${current} holds the dataset's files.`]),
    ],
    verify: command.listRefs(archive, id),
    mend: current === undefined ? null : command.setDefaultBranch(archive, id, current),
    untested: true,
  };
}

function headEvidence({ head, headCommit, branches }: Github): string {
  if (head === null) return headCommit ? `HEAD is at ${headCommit}.` : 'HEAD is at no commit.';
  if (own(branches, head) !== undefined) return `GitHub shows the branch ${head}.`;
  return `HEAD names the branch ${head}, which is not there: a clone checks out nothing.`;
}

function stillPrivate({ archive, id, s3Version, access }: CauseInput): Found | null {
  const refused = access?.asked.filter(({ httpStatus }) => httpStatus === 403) ?? [];
  const blocked = s3Version?.subtype === 'blocked';
  if (!blocked && refused.length === 0) return null;
  return {
    explains: ['blocked', 'private', 'partly-private'],
    evidence: [
      'The registry calls the dataset public.',
      ...(blocked ? ['dataset_description.json cannot be read (403).'] : []),
      ...(refused.length > 0
        ? [`${refused.length} of ${access?.asked.length} listed objects cannot be read (403).`]
        : []),
    ],
    verify: command.headObject(archive, id, refused[0]?.path ?? 'dataset_description.json'),
    mend: command.makePublic(archive, id),
    untested: true,
  };
}

/** The copies agree on a version that is no snapshot in the registry (ds005613, ds008020). */
function aheadOfRegistry({
  archive,
  id,
  latest,
  tags,
  github,
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
    explains: [
      ...(['export-ahead', 'export-of-no-snapshot', 'doi-mismatch'] as const),
      ...(github?.head != null && github.head === annexRecord.exportedBranch
        ? (['head-mismatch'] as const)
        : []),
    ],
    evidence: [
      `git-annex recorded an export of ${exportedRef(annexRecord)}, which is no snapshot.`,
      ...(version !== null && !tags.includes(version)
        ? [`The export says that it is ${version}.`]
        : []),
      `The latest snapshot in the registry is ${latest}.`,
    ],
    verify: command.showAnnexLog(archive, id),
    // The registry needs a new snapshot; no operator's command makes one.
    mend: null,
  };
}
