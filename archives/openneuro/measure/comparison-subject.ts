// What of a dataset is to be compared: the commit that its export holds. It comes from the two
// checks before or, if they do not say, from git-annex's record. What those could not see is not
// seen here (docs/checks.md#files).

import type { CheckRecord } from '../../../core/documents/records.ts';
import { type Failed, type FailureReason, failed } from '../../../core/failure.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { Session } from '../../../core/monitor/store.ts';
import type { Github, S3Diff, S3Version } from '../documents.ts';
import { githubPath, versionPath } from '../paths.ts';
import {
  type Comparable,
  type ExportRecord,
  exportedCommit,
  NO_RECORD,
  type NotComparable,
  toldByDoi,
} from '../rules/exported-commit.ts';
import { readSnapshots, readStrays } from '../snapshots.ts';
import type { Context } from '../sources.ts';

export type Subject = Comparable | NotComparable | Failed;

/** The documents of the two checks before, if they exist. */
export interface Before {
  readonly github: Github | null;
  readonly s3Version: S3Version | null;
}

export async function readBefore(context: Context, dataset: string): Promise<Before> {
  return {
    github: await readOrNull<Github>(context, githubPath(dataset)),
    s3Version: await readOrNull<S3Version>(context, versionPath(dataset)),
  };
}

/** What git-annex recorded: read for its own check, or only if the description does not say. */
export interface RecordSource {
  readonly isRead: boolean;
  read(): Promise<ExportRecord | Failed>;
}

export async function findSubject(
  context: Context,
  session: Session,
  { github, s3Version }: Before,
  record: RecordSource,
): Promise<Subject> {
  const { dataset } = session;
  if (!s3Version) return notSeen(session, 's3Version');
  if (s3Version.extractedVersion === null) {
    return s3Version.lastAttempt
      ? unverified('the version of the export', s3Version.lastAttempt.reason)
      : exportedCommit(s3Version, NOTHING_SEEN, NO_RECORD, []);
  }

  if (!github) return notSeen(session, 'github');
  const subject = exportedCommit(s3Version, github, NO_RECORD, []);
  // Old refs cannot show that a tag is missing today.
  if (subject.kind === 'not-compared' && github.lastAttempt) {
    return unverified('the refs of the mirror', github.lastAttempt.reason);
  }
  if (github.error !== null) return subject;
  const isTold = toldByDoi(s3Version, github, await readStrays(context, dataset, github));
  if (isTold && !record.isRead) return subject;
  const recorded = await record.read();
  if ('kind' in recorded) return isTold ? subject : recorded;
  if (isTold && !recorded.exportedOfNoSnapshot) return subject;
  return exportedCommit(s3Version, github, recorded, await readSnapshots(context, dataset));
}

const NOTHING_SEEN = { error: null, tags: {}, annotated: {} };

function notSeen(session: Session, check: 'github' | 's3Version'): Failed {
  const record = session.record(check);
  const what = check === 'github' ? 'the refs of the mirror' : 'the version of the export';
  return unverified(what, record?.lastAttempt?.reason ?? 'internal');
}

const unverified = (what: string, reason: FailureReason): Failed =>
  failed(reason, `${what} could not be measured`);

/** Whether the last comparison, or the reason why there was none, is of this subject. */
export function isOf(
  record: Pick<CheckRecord, 'notCompared' | 'version'> | undefined,
  last: S3Diff | null,
  subject: Subject,
): boolean {
  switch (subject.kind) {
    case 'failed':
      return true;
    case 'not-compared':
      return record?.notCompared === subject.reason && record.version === subject.version;
    case 'comparable': {
      const { version, commit, tree, otherwise } = subject;
      if (otherwise !== undefined && record?.notCompared === 'commit-not-on-mirror') {
        return record.version === version;
      }
      const same =
        last?.commit === commit || (otherwise !== undefined && last?.commit === otherwise);
      return same && last?.tree === tree && last?.s3Version === version;
    }
  }
}
