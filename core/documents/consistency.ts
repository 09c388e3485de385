// What a schema cannot say: whether the fields of one document agree with each other. Only
// documents of today's schema carry verdicts to agree with; of older ones the lists and counts
// are looked at.

import { SHOWN } from '../../archives/openneuro/catalogue.ts';
import type {
  Files,
  Github,
  S3Diff,
  S3Version,
  Snapshots,
} from '../../archives/openneuro/documents.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { RULES_VERSION } from '../../archives/openneuro/rules-version.ts';
import {
  CHECK_SUBTYPES,
  CHECKS,
  CONTENT_CHECKS,
  type Subtype,
  statusOf,
} from '../../archives/openneuro/vocabulary.ts';
import { compareBytes } from '../compare/byte-order.ts';
import type { CompactSummary } from './compact.ts';
import { readCompact } from './compact-read.ts';
import type { Registry, RunStatus } from './documents.ts';
import type { Issue } from './json.ts';
import { type Status, worst } from './vocabulary.ts';

/** Collects what does not agree. */
export type Report = (field: string, message: string) => void;

/** Runs the checks of one document and gives what they found. */
export function collect(check: (report: Report) => void): Issue[] {
  const issues: Issue[] = [];
  check((field, message) => issues.push({ field, message }));
  return issues;
}

export function checkRegistry(registry: Registry, report: Report): void {
  const listed = Object.keys(registry.latestSnapshots);
  if (registry.totalCount !== listed.length) {
    report('totalCount', `is ${registry.totalCount}, and there are ${listed.length} entries`);
  }
  for (const id of Object.keys(registry.skipped)) {
    if (Object.hasOwn(registry.latestSnapshots, id)) report(`skipped.${id}`, 'is not skipped');
  }
  for (const [i, { id }] of (registry.gone ?? []).entries()) {
    if (Object.hasOwn(registry.latestSnapshots, id)) report(`gone.${i}`, `${id} is listed`);
  }
  for (const field of ['names', 'unverified'] as const) {
    for (const id of Object.keys(registry[field])) {
      if (!Object.hasOwn(registry.latestSnapshots, id)) {
        report(`${field}.${id}`, 'is about a dataset that is not listed');
      }
    }
  }
}

export function checkCompact(compact: CompactSummary, report: Report): void {
  const ids = compact.columns.id;
  try {
    const { row } = readCompact(SHOWN, compact);
    for (const place of ids.keys()) row(place);
  } catch (cause) {
    report('columns', cause instanceof Error ? cause.message : String(cause));
  }
  if (compact.total < ids.length) {
    report('total', `is ${compact.total}, and there are ${ids.length} rows`);
  }
  checkOrder('columns.id', ids, report);
}

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

export function checkGithub(github: Github, judged: boolean, report: Report): void {
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

export function checkS3Version(document: S3Version, judged: boolean, report: Report): void {
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
  checkSubtype('status', status, subtype, report);
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
  dataset: string | null,
  judged: boolean,
  report: Report,
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

export function checkSummary(summary: Summary, judged: boolean, report: Report): void {
  summary.datasets.forEach((row, i) => {
    const before = summary.datasets[i - 1];
    if (before && compareBytes(before.id, row.id) >= 0) {
      report(`datasets.${i}.id`, `${row.id} is out of order or stands twice`);
    }
    checkRow(row, judged, (field, message) => report(`datasets.${row.id}.${field}`, message));
  });
}

function checkRow(row: SummaryRow, judged: boolean, report: Report): void {
  const { s3Version = null, s3Files = null, github = null } = row.issueSubtypes ?? {};
  if (row.s3FilesAdded !== null && s3Files !== 'files-missing' && !row.pending) {
    report('s3FilesAdded', `is there with subtype ${s3Files}`);
  }
  if (row.s3FilesRemoved !== null && s3Files !== 'files-missing' && s3Files !== 'files-orphaned') {
    report('s3FilesRemoved', `is there with subtype ${s3Files}`);
  }
  if ((row.s3Blocked === true) !== (s3Version === 'blocked')) {
    report('s3Blocked', `is ${row.s3Blocked} with subtype ${s3Version}`);
  }
  // Older summaries ranked pending above error and told the newest time (docs/checks.md#summary).
  if (!judged || row.rulesVersion !== RULES_VERSION) return;
  const status = worst(Object.values(row.checks));
  if (row.status !== status) report('status', `is ${row.status}; the checks say ${status}`);
  const { checks } = row;
  checkSubtype('checks.s3Version', checks.s3Version, s3Version, report);
  const waits = row.pending != null;
  checkSubtype('checks.s3Files', checks.s3Files, s3Files, report, row.notCompared, waits);
  if ((github === null) !== (checks.github === 'ok' || checks.github === 'pending')) {
    report('checks.github', `is ${checks.github} with subtype ${github}`);
  }
  for (const check of CONTENT_CHECKS) {
    const subtype = row.issueSubtypes?.[check] ?? null;
    const status = checks[check] ?? null;
    if (status === null && subtype !== null) {
      report(`issueSubtypes.${check}`, `is ${subtype}, and the check was not made`);
    } else if (status !== null) {
      checkSubtype(`checks.${check}`, status, subtype, report);
    }
  }
  if (row.compared !== undefined && checks.s3Content == null) {
    report('compared', 'is there, and the check of contents was not made');
  }
  const times = CHECKS.map((check) => row.lastChecked?.[check] ?? null).filter((at) => at !== null);
  const oldest = times.length === 0 ? null : Math.min(...times.map((at) => Date.parse(at)));
  const told = row.checkedAt === null ? null : Date.parse(row.checkedAt);
  if (told !== oldest) report('checkedAt', `is ${row.checkedAt}, not the oldest of lastChecked`);
  for (const check of CHECKS) {
    const known: readonly string[] = CHECK_SUBTYPES[check];
    const [first] = row.findings.filter((finding) => known.includes(finding));
    const subtype = row.issueSubtypes?.[check] ?? null;
    if (first !== undefined && first !== subtype) {
      report('findings', `of ${check} begin with ${first}, and the subtype is ${subtype}`);
    }
  }
}

export function checkStatus(status: RunStatus, report: Report): void {
  const { lastRun, publishedAt } = status;
  if (lastRun.outcome === 'published' && publishedAt === null) report('publishedAt', 'is missing');
  if (Date.parse(lastRun.finishedAt) < Date.parse(lastRun.startedAt)) {
    report('lastRun.finishedAt', 'is before startedAt');
  }
  for (const field of ['covered', 'unverified'] as const) {
    if (status[field] > status.datasets) report(field, `is more than ${status.datasets} datasets`);
  }
}

/** A subtype has one status; without a subtype a check is ok or pending (or stands under a lock). */
function checkSubtype(
  field: string,
  status: Status,
  subtype: Subtype | null,
  report: Report,
  notCompared: string | null = null,
  waits = false,
): void {
  const allowed: readonly Status[] = subtype
    ? [statusOf(subtype)]
    : notCompared !== 'blocked'
      ? ['ok', 'pending']
      : waits
        ? ['error', 'pending']
        : ['error'];
  if (!allowed.includes(status)) report(field, `is ${status} with subtype ${subtype}`);
}

/** A mirror and a version are pending only until first measured, and then it is said why. */
function checkPending(document: Github | S3Version, report: Report): void {
  if (document.status === 'pending' && document.lastAttempt === null && !document.pending) {
    report('lastAttempt', 'is missing: nothing tells why the check is pending');
  }
}

/** Strictly rising UTF-8 bytes. A name that is not UTF-8 lost bytes, so it is not compared. */
function checkOrder(field: string, paths: readonly string[], report: Report): void {
  for (let i = 1; i < paths.length; i += 1) {
    const [before, path] = [paths[i - 1] ?? '', paths[i] ?? ''];
    if (before === FOLDER_MARKER || before.includes('\u{fffd}') || path.includes('\u{fffd}'))
      continue;
    if (compareBytes(before, path) < 0) continue;
    report(`${field}.${i}`, 'is out of order or stands twice');
    return;
  }
}

/** How the marker of the dataset's own folder, an empty key, is shown: it is always first. */
const FOLDER_MARKER = './';
