// What a schema cannot say of OpenNeuro's documents: whether their fields agree with each other, and the documents of
// a tree with one another.

import {
  checkOrder,
  checkOwner,
  checkPaths,
  type Report,
} from '../../core/documents/consistency.ts';
import type { Pending } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import type { Place, TreeFinding, WholeTree } from '../../core/documents/tree.ts';
import type { Status } from '../../core/documents/vocabulary.ts';
import type {
  AnnexRecord,
  Causes,
  Files,
  Github,
  Leftovers,
  S3Access,
  S3Content,
  S3Diff,
  S3Version,
  Snapshots,
} from './documents.ts';
import { metadataPath, snapshotsPath } from './paths.ts';
import { CAUSES, CHECK_SUBTYPES, type Subtype, statusOf } from './vocabulary.ts';

export function checkSnapshots(snapshots: Snapshots, report: Report): void {
  const seen = new Set<string>();
  snapshots.tags.forEach((tag, i) => {
    if (seen.has(tag)) report(`tags.${i}`, `${tag} stands twice`);
    seen.add(tag);
  });
}

export function checkFiles(files: Files, report: Report): void {
  if (files.count !== files.files.length) {
    report('count', `is ${files.count}, and there are ${files.files.length} paths`);
  }
  checkOrder('files', files.files, report);
}

export function checkGithub(github: Github, report: Report, _: Place, judged: boolean): void {
  if (github.error !== null) {
    for (const field of ['branches', 'tags', 'annotated'] as const) {
      if (Object.keys(github[field]).length > 0)
        report(field, `is not empty under ${github.error}`);
    }
  }
  for (const tag of Object.keys(github.annotated)) {
    if (!Object.hasOwn(github.tags, tag)) report(`annotated.${tag}`, 'is not among the tags');
  }
  if (!judged) return;
  // Without a repository nothing counts of a dataset just published; all else does.
  if (github.pending && github.error === null) report('pending', 'is there with a repository');
  const [first] = github.pending ? [] : github.findings;
  const status = first?.status ?? (github.status === 'pending' ? 'pending' : 'ok');
  if (github.status !== status) report('status', `is ${github.status}; the findings say ${status}`);
  if (github.subtype !== (first?.subtype ?? null)) {
    report('subtype', `is ${github.subtype}; the findings say ${first?.subtype ?? null}`);
  }
  github.findings.forEach((finding, i) => {
    const before = github.findings[i - 1];
    const rank = CHECK_SUBTYPES.github.indexOf(finding.subtype);
    if (before && CHECK_SUBTYPES.github.indexOf(before.subtype) >= rank) {
      report(`findings.${i}`, `${finding.subtype} is out of rank`);
    }
  });
  const errors = github.findings.filter(({ subtype }) => subtype.startsWith('repo-'));
  if (github.error !== (errors[0]?.subtype ?? null)) {
    report('error', `is ${github.error}; the findings say ${errors[0]?.subtype ?? null}`);
  }
  checkPending(github, report);
}

export function checkS3Version(
  document: S3Version,
  report: Report,
  _: Place,
  judged: boolean,
): void {
  const { accessible, extractedVersion, versionSource } = document;
  const waits = document.pending != null;
  const measured = !judged || document.status !== 'pending' || waits;
  if (measured && accessible === (extractedVersion === null)) {
    report('extractedVersion', accessible ? 'is missing' : 'is there although access was denied');
  }
  if ((extractedVersion === null) !== (versionSource === null)) {
    report('versionSource', 'and extractedVersion tell different things');
  }
  if (document.doiDatasetId !== null && document.doiIdMismatch !== true) {
    report('doiIdMismatch', 'is not true although doiDatasetId is there');
  }
  if (!judged) return;
  const { status, subtype } = document;
  if (waits) {
    if (status !== 'pending' || subtype !== null) report('pending', `is there with ${status}`);
    if (accessible && !document.datasetDescriptionMissing) {
      report('pending', 'is there although the description was read');
    }
    return;
  }
  const isFine =
    subtype === null ? ['ok', 'pending'].includes(status) : status === statusOf(subtype);
  if (!isFine) report('status', `is ${status} with subtype ${subtype}`);
  if (measured && accessible === (subtype === 'blocked')) {
    report('accessible', `is ${accessible} with subtype ${subtype}`);
  }
  const fromDoi = subtype === null || subtype === 'doi-mismatch';
  if (measured && accessible && fromDoi !== (versionSource === 'doi')) {
    report('subtype', `is ${subtype} with a version from ${versionSource}`);
  }
  checkPending(document, report);
}

export function checkS3Diff(
  diff: S3Diff,
  report: Report,
  { dataset }: Place,
  judged: boolean,
): void {
  if (diff.datasetId !== dataset) report('datasetId', `is ${diff.datasetId}`);
  for (const list of [
    'added',
    'removed',
    'context',
    'bookkeeping',
    'submodules',
    'symlinks',
  ] as const) {
    checkOrder(list, diff[list] ?? [], report);
  }
  if (diff.totalS3Files !== null && diff.totalGitFiles !== null) checkCounts(diff, report);
  else if (diff.added.length + diff.removed.length > 0) {
    report('totalS3Files', 'is missing beside lists of differences');
  }
  if (!judged) return;
  const compared = diff.totalS3Files !== null;
  if (compared !== (diff.totalGitFiles !== null)) report('totalGitFiles', 'is half a comparison');
  if (compared && diff.notCompared !== null) report('notCompared', `is ${diff.notCompared}`);
  if (compared && diff.s3Version === null) report('s3Version', 'is missing');
  if (compared && diff.snapshotTag !== diff.s3Version) {
    report('snapshotTag', `is ${diff.snapshotTag}, and s3Version is ${diff.s3Version}`);
  }
  const { notCompared, exportMissing, added } = diff;
  const waiting = notCompared === 'blocked' || notCompared === 'mirror-absent' || exportMissing;
  if (diff.pending && !waiting && added.length === 0)
    report('pending', 'is there, and nothing waits');
  const [status, subtype] = s3DiffVerdict(diff);
  if (diff.status !== status) report('status', `is ${diff.status}; the lists say ${status}`);
  if (diff.subtype !== subtype) report('subtype', `is ${diff.subtype}; the lists say ${subtype}`);
}

/** docs/checks.md#files once more, from the lists alone. */
function s3DiffVerdict(diff: S3Diff): [Status, S3Diff['subtype']] {
  const waits = diff.pending != null;
  if (diff.totalS3Files === null) {
    return [diff.notCompared === 'blocked' && !waits ? 'error' : 'pending', null];
  }
  if (diff.exportMissing) return waits ? ['pending', null] : ['error', 'export-missing'];
  if (diff.added.length > 0 && !waits) return ['error', 'files-missing'];
  if (diff.added.length > 0 && diff.removed.length === 0) return ['pending', null];
  return diff.removed.length > 0 ? ['error', 'files-orphaned'] : ['ok', null];
}

/** What git has, less what is not exported and what is missing, plus what only S3 has. */
function checkCounts(diff: S3Diff, report: Report): void {
  const expected =
    (diff.totalGitFiles ?? 0) -
    diff.submodules.length -
    (diff.symlinks?.length ?? 0) -
    diff.added.length +
    diff.removed.length +
    diff.bookkeeping.length;
  if (diff.totalS3Files !== expected) {
    report('totalS3Files', `is ${diff.totalS3Files}; the lists and totalGitFiles say ${expected}`);
  }
  const missing = diff.totalS3Files === diff.bookkeeping.length;
  if (diff.exportMissing && !missing) {
    report('exportMissing', `is true with ${diff.totalS3Files} keys in the export`);
  }
}

/** A mirror and a version are pending only until first measured, and then it is said why. */
function checkPending(document: Github | S3Version, report: Report): void {
  if (document.status === 'pending' && document.lastAttempt === null && !document.pending) {
    report('lastAttempt', 'is missing: nothing tells why the check is pending');
  }
}

interface Verdict {
  readonly status: Status;
  readonly subtype: Subtype | null;
  readonly findings: readonly Subtype[];
  readonly notCompared: string | null;
  readonly pending?: Pending | null | undefined;
}

export function checkS3Content(
  content: S3Content,
  report: Report,
  { dataset }: Place,
  judged: boolean,
): void {
  checkOwner(content.datasetId, dataset, report);
  const expected: string[] = [];
  if (content.sizeMismatches > 0) expected.push('size-mismatch');
  if (content.contentMismatches > 0) expected.push('content-mismatch');
  if (judged) checkVerdict(content, expected, CHECK_SUBTYPES.s3Content, report);
  const { compared, mismatches } = content;
  const differing = content.sizeMismatches + content.contentMismatches;
  if (mismatches.length > differing) report('mismatches', `are more than the ${differing} counted`);
  if (content.contentMismatches > compared.content || differing > compared.content + compared.size)
    report('compared', 'is less than what differs');
  const { notCompared, snapshotTag } = content;
  const compares = snapshotTag !== null && (content.commit ?? content.tree ?? null) !== null;
  if ((notCompared === null) !== compares && !isWaiting(content)) {
    report('snapshotTag', `is ${snapshotTag} with notCompared ${notCompared}`);
  }
  checkPaths('mismatches', mismatches, ({ path }) => path, report);
}

export function checkS3Access(
  access: S3Access,
  report: Report,
  { dataset }: Place,
  judged: boolean,
): void {
  checkOwner(access.datasetId, dataset, report);
  const has = (status: number) => access.asked.some(({ httpStatus }) => httpStatus === status);
  const expected: string[] = [];
  if (has(403)) expected.push(has(200) ? 'partly-private' : 'private');
  if (access.asked.some(({ archived }) => archived)) expected.push('archived');
  if (has(404)) expected.push('listed-not-readable');
  if (judged) checkVerdict(access, expected, CHECK_SUBTYPES.s3Access, report);
  checkPaths('asked', access.asked, ({ path }) => path, report);
}

export function checkAnnexRecord(
  record: AnnexRecord,
  report: Report,
  { dataset }: Place,
  judged: boolean,
): void {
  checkOwner(record.datasetId, dataset, report);
  // The registry's latest tag is in another document; the other findings follow from this one.
  const expected: string[] = record.findings.filter(
    (finding) =>
      (finding === 'export-behind' || finding === 'export-ahead') && record.exportedTag !== null,
  );
  if (record.branch !== null && !isWaiting(record)) {
    const live = record.remotes.filter(({ dead }) => !dead).length;
    if ((record.claimedMissing ?? 0) > 0) expected.push('claimed-missing');
    if (record.exportedTag === null) {
      const ahead = record.exportedCommit != null && record.latestTag !== null;
      if (ahead) expected.push('export-ahead');
      else if (record.exportedOfNoSnapshot === true) expected.push('export-of-no-snapshot');
      else if (live > 0) expected.push('export-unknown');
    }
    if (record.incompleteTrees.length > 0) expected.push('export-incomplete');
    if ((record.unversionedKeys ?? 0) > 0) expected.push('unversioned-keys');
    if (live !== 1) expected.push('remotes');
  }
  if (judged) checkVerdict(record, expected, CHECK_SUBTYPES.annexRecord, report);
  if ((record.unversionedKeys ?? 0) > (record.annexedKeys ?? 0)) {
    report('unversionedKeys', `is more than ${record.annexedKeys ?? 0} keys`);
  }
  const { versionsRead, versionLogs, exportedOfNoSnapshot } = record;
  if (versionLogs != null && (versionsRead ?? 0) > versionLogs) {
    report('versionsRead', `is more than ${versionLogs} logs`);
  }
  if (exportedOfNoSnapshot === true && record.exportedCommit != null) {
    report('exportedOfNoSnapshot', 'is true beside a commit');
  }
  if (record.exportedTag !== null && record.exportedTree === null) {
    report('exportedTree', `is missing beside the tag ${record.exportedTag}`);
  }
}

export function checkCauses(causes: Causes, report: Report, { dataset }: Place): void {
  checkOwner(causes.datasetId, dataset, report);
  causes.causes.forEach(({ cause }, i) => {
    const before = causes.causes[i - 1];
    if (before && CAUSES.indexOf(before.cause) >= CAUSES.indexOf(cause)) {
      report(`causes.${i}`, `${cause} is out of order or stands twice`);
    }
  });
}

export function checkLeftovers(leftovers: Leftovers, report: Report): void {
  checkPaths('leftovers', leftovers.leftovers, ({ id }) => id, report);
  if (leftovers.leftovers.length > leftovers.listed) {
    report('listed', `is ${leftovers.listed}, and there are ${leftovers.leftovers.length}`);
  }
}

function checkVerdict(
  document: Verdict,
  expected: readonly string[],
  ranks: readonly string[],
  report: Report,
): void {
  const findings = [...expected].sort((a, b) => ranks.indexOf(a) - ranks.indexOf(b));
  if (document.findings.join() !== findings.join()) {
    report('findings', `are ${document.findings.join()}; the fields say ${findings.join()}`);
  }
  if (document.pending) {
    checkWaiting(document, report);
    return;
  }
  const [first = null] = document.findings;
  if (document.subtype !== first) report('subtype', `is ${document.subtype}, not ${first}`);
  const waiting = document.notCompared !== null || isWaiting(document);
  const status = waiting ? 'pending' : statusOf(first);
  if (document.status !== status) report('status', `is ${document.status}, not ${status}`);
}

/** Of a dataset just published some findings count and others do not yet; with these alone it is pending. */
function checkWaiting({ status, subtype, findings }: Verdict, report: Report): void {
  if (findings.length === 0) report('pending', 'is there, and nothing waits');
  if (subtype !== null && !findings.includes(subtype)) report('subtype', `is ${subtype}`);
  const expected = subtype === null ? 'pending' : statusOf(subtype);
  if (status !== expected) report('status', `is ${status}, not ${expected}`);
}

/** Never measured: pending, with nothing but the failed attempt. */
function isWaiting(document: Verdict & { readonly lastAttempt?: unknown }): boolean {
  return document.status === 'pending' && document.lastAttempt != null && !document.pending;
}

/** The predecessor's names for what some checks found. */
export function rowAgrees(row: SummaryRow, report: Report): void {
  const { s3Version = null, s3Files = null } = row.issueSubtypes ?? {};
  if (row.s3FilesAdded !== null && s3Files !== 'files-missing' && !row.pending) {
    report('s3FilesAdded', `is there with subtype ${s3Files}`);
  }
  if (row.s3FilesRemoved !== null && s3Files !== 'files-missing' && s3Files !== 'files-orphaned') {
    report('s3FilesRemoved', `is there with subtype ${s3Files}`);
  }
  if ((row.s3Blocked === true) !== (s3Version === 'blocked')) {
    report('s3Blocked', `is ${row.s3Blocked} with subtype ${s3Version}`);
  }
  if (row.compared !== undefined && row.checks.s3Content == null) {
    report('compared', 'is there, and the check of contents was not made');
  }
}

/** Folders of datasets that are not in the registry are history: a dataset may leave the archive. */
export function* wholeAgrees({ registry, present, kept }: WholeTree): Iterable<TreeFinding> {
  const snapshots = kept<Snapshots>('snapshots');
  for (const [dataset, latest] of Object.entries(registry?.latestSnapshots ?? {})) {
    const field = `latestSnapshots.${dataset}`;
    const path = snapshotsPath(dataset);
    if (!present.has(path)) {
      yield { path: REGISTRY_PATH, field, message: `there is no ${path}` };
    } else if (snapshots.get(path)?.tags.includes(latest) === false) {
      yield { path: REGISTRY_PATH, field, message: `${latest} is not in ${path}` };
    }
  }
  for (const [path, { tags }] of snapshots) {
    const dataset = path.split('/')[1] ?? '';
    for (const [i, tag] of tags.entries()) {
      if (present.has(metadataPath(dataset, tag))) continue;
      yield { path, field: `tags.${i}`, message: `${tag} has no snapshots/${tag}/metadata.json` };
    }
  }
}
