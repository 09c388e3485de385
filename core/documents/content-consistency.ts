// What a schema cannot say of the documents of docs/checks.md#contents to #leftovers: whether their fields agree. The
// verdicts are told once more here, from the documents alone.

import type {
  AnnexRecord,
  Causes,
  Leftovers,
  S3Access,
  S3Content,
} from '../../archives/openneuro/documents.ts';
import {
  CAUSES,
  CHECK_SUBTYPES,
  type Subtype,
  statusOf,
} from '../../archives/openneuro/vocabulary.ts';
import { compareBytes } from '../compare/byte-order.ts';
import type { Report } from './consistency.ts';
import type { Pending } from './documents.ts';
import type { Status } from './vocabulary.ts';

interface Verdict {
  readonly status: Status;
  readonly subtype: Subtype | null;
  readonly findings: readonly Subtype[];
  readonly notCompared: string | null;
  readonly pending?: Pending | null | undefined;
}

export function checkS3Content(
  content: S3Content,
  dataset: string | null,
  judged: boolean,
  report: Report,
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
  dataset: string | null,
  judged: boolean,
  report: Report,
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
  dataset: string | null,
  judged: boolean,
  report: Report,
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

export function checkCauses(causes: Causes, dataset: string | null, report: Report): void {
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

function checkOwner(told: string, dataset: string | null, report: Report): void {
  if (told !== dataset) report('datasetId', `is ${told}`);
}

/** Strictly rising; a path that is no UTF-8 lost bytes, so it is not compared. */
function checkPaths<T>(
  field: string,
  items: readonly T[],
  nameOf: (item: T) => string,
  report: Report,
): void {
  for (let i = 1; i < items.length; i += 1) {
    const [before, name] = [nameOf(items[i - 1] as T), nameOf(items[i] as T)];
    if (before.includes('\u{fffd}') || name.includes('\u{fffd}')) continue;
    if (compareBytes(before, name) < 0) continue;
    report(`${field}.${i}`, 'is out of order or stands twice');
    return;
  }
}
