// What a schema cannot check in OpenNeuro's documents: that the fields of a document agree, and
// that the documents of a tree agree.

import { checkOrder, checkPaths, type Report } from '../../core/documents/consistency.ts';
import type { Place } from '../../core/documents/document-type.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { TreeFinding, WholeTree } from '../../core/documents/tree.ts';
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
import type { SummaryRow } from './legacy/summary.ts';
import { metadataPath, snapshotsPath } from './paths.ts';
import { CAUSES, CHECK_SUBTYPES, CHECKS } from './vocabulary.ts';

export function checkSnapshots(snapshots: Snapshots, report: Report): void {
  const seen = new Set<string>();
  snapshots.tags.forEach((tag, i) => {
    if (seen.has(tag)) report(`tags.${i}`, `${tag} stands twice`);
    seen.add(tag);
  });
  snapshots.snapshots?.forEach(({ tag }, i) => {
    if (!seen.has(tag)) report(`snapshots.${i}`, `${tag} is not among the tags`);
  });
}

export function checkFiles(files: Files, report: Report): void {
  if (files.count !== files.files.length) {
    report('count', `is ${files.count}, and there are ${files.files.length} paths`);
  }
  checkOrder('files', files.files, report);
}

export function checkGithub(github: Github, report: Report): void {
  if (github.error !== null) {
    for (const field of ['branches', 'tags', 'annotated'] as const) {
      if (Object.keys(github[field]).length > 0)
        report(field, `is not empty under ${github.error}`);
    }
  }
  for (const tag of Object.keys(github.annotated)) {
    if (!Object.hasOwn(github.tags, tag)) report(`annotated.${tag}`, 'is not among the tags');
  }
}

export function checkS3Version(document: S3Version, report: Report): void {
  const { accessible, extractedVersion, versionSource } = document;
  if (accessible === (extractedVersion === null)) {
    report('extractedVersion', accessible ? 'is missing' : 'is there although access was denied');
  }
  if ((extractedVersion === null) !== (versionSource === null)) {
    report('versionSource', 'and extractedVersion tell different things');
  }
  if (document.doiDatasetId !== null && document.doiIdMismatch !== true) {
    report('doiIdMismatch', 'is not true although doiDatasetId is there');
  }
}

export function checkS3Diff(diff: S3Diff, report: Report, _: Place, judged: boolean): void {
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
  if (compared && diff.s3Version === null) report('s3Version', 'is missing');
  if (compared && diff.snapshotTag !== diff.s3Version) {
    report('snapshotTag', `is ${diff.snapshotTag}, and s3Version is ${diff.s3Version}`);
  }
}

/** The files in git, minus those not exported and those missing, plus those only in S3. */
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

export function checkS3Content(content: S3Content, report: Report): void {
  const { compared, mismatches } = content;
  const differing = content.sizeMismatches + content.contentMismatches;
  if (mismatches.length > differing) report('mismatches', `are more than the ${differing} counted`);
  if (content.contentMismatches > compared.content || differing > compared.content + compared.size)
    report('compared', 'is less than what differs');
  const { notCompared, snapshotTag } = content;
  const compares = snapshotTag !== null && (content.commit ?? content.tree ?? null) !== null;
  if ((notCompared === null) !== compares) {
    report('snapshotTag', `is ${snapshotTag} with notCompared ${notCompared}`);
  }
  checkPaths('mismatches', mismatches, ({ path }) => path, report);
}

export function checkS3Access(access: S3Access, report: Report): void {
  checkPaths('asked', access.asked, ({ path }) => path, report);
}

export function checkAnnexRecord(record: AnnexRecord, report: Report): void {
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

export function checkCauses(causes: Causes, report: Report): void {
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

/** The predecessor's names for what some checks found. */
export function rowAgrees(view: object, report: Report): void {
  const row = view as SummaryRow;
  for (const check of CHECKS) {
    const subtype = row.issueSubtypes?.[check] ?? null;
    if (subtype !== null && row.checks[check] == null) {
      report(`issueSubtypes.${check}`, `is ${subtype}, and the check was not made`);
    }
    const known: readonly string[] = CHECK_SUBTYPES[check];
    const first = row.findings.find((finding) => known.includes(finding));
    if (first !== undefined && row.checks[check] == null) {
      report('findings', `of ${check} begin with ${first}, and the check was not made`);
    }
  }
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

/**
 * Folders of datasets that are not in the registry are history: a dataset may leave the archive.
 */
export function* wholeAgrees({ registry, present, kept }: WholeTree): Iterable<TreeFinding> {
  const snapshots = kept<Snapshots>('snapshots');
  for (const [dataset, latest] of Object.entries(registry?.latestSnapshots ?? {})) {
    const field = `latestSnapshots.${dataset}`;
    const path = snapshotsPath(dataset);
    if (!present.has(path)) {
      yield { path: REGISTRY_PATH, field, message: `there is no ${path}` };
    } else if (latest !== null && snapshots.get(path)?.tags.includes(latest) === false) {
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
