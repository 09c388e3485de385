// What of a dataset is to be compared, from the two checks before: the version of the export and the
// commit that its tag means on the mirror. What those could not see is not seen here (checks.md
// section 5).

import { type Failed, type FailureReason, failed } from '../failure.ts';
import type { Github, S3Diff, S3Version } from '../model/documents.ts';
import { githubPath, s3VersionPath } from '../model/paths.ts';
import { type S3FilesInput, whyNotCompared } from '../openneuro/rules/s3-files.ts';
import type { StageContext } from './context.ts';
import { readOrNull } from './frame.ts';

export interface Comparable {
  readonly kind: 'comparable';
  readonly version: string;
  /** The commit that the version's tag means. */
  readonly commit: string;
}

export type Subject = Comparable | Exclude<S3FilesInput, { kind: 'compared' }> | Failed;

/** The documents of the two checks before, as far as there are any. */
export interface Before {
  readonly github: Github | null;
  readonly s3Version: S3Version | null;
}

export async function readBefore(context: StageContext, dataset: string): Promise<Before> {
  return {
    github: await readOrNull<Github>(context, githubPath(dataset)),
    s3Version: await readOrNull<S3Version>(context, s3VersionPath(dataset)),
  };
}

export async function findSubject(
  context: StageContext,
  dataset: string,
  { github, s3Version }: Before,
): Promise<Subject> {
  if (!s3Version) return notSeen(context, dataset, 's3Version');
  const version = s3Version.extractedVersion;
  if (version === null) {
    return s3Version.lastAttempt
      ? unverified('the version of the export', s3Version.lastAttempt.reason)
      : { kind: 'blocked' };
  }

  if (!github) return notSeen(context, dataset, 'github');
  const reason = whyNotCompared(github, version);
  if (reason === null) {
    return { kind: 'comparable', version, commit: github.tags[version] as string };
  }
  // Refs of an earlier day cannot tell that a tag of today is missing.
  return github.lastAttempt
    ? unverified('the refs of the mirror', github.lastAttempt.reason)
    : { kind: 'not-compared', reason, version };
}

async function notSeen(
  context: StageContext,
  dataset: string,
  check: 'github' | 's3Version',
): Promise<Failed> {
  const record = await context.store.readRecord(dataset, check);
  const what = check === 'github' ? 'the refs of the mirror' : 'the version of the export';
  return unverified(what, record?.lastAttempt?.reason ?? 'internal');
}

const unverified = (what: string, reason: FailureReason): Failed =>
  failed(reason, `${what} could not be measured`);

/** Whether the last comparison, or why there was none, is of this subject. */
export function isOf(last: S3Diff | null, subject: Subject): boolean {
  switch (subject.kind) {
    case 'failed':
      return true;
    case 'blocked':
      return last?.notCompared === 'blocked';
    case 'not-compared':
      return last?.notCompared === subject.reason && last.s3Version === subject.version;
    case 'comparable':
      return last?.commit === subject.commit && last.s3Version === subject.version;
  }
}
