// One dataset's export to measure, and what git-annex recorded of it: read on first use, once.

import { type Failed, failed } from '../../../core/failure.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { Session } from '../../../core/monitor/store.ts';
import type { AnnexRecord, S3Diff } from '../documents.ts';
import { annexRecordPath } from '../paths.ts';
import { type ExportRecord, NO_RECORD } from '../rules/exported-commit.ts';
import { readSnapshots, readStrays } from '../snapshots.ts';
import type { Context } from '../sources.ts';
import type { ContentCheck } from '../vocabulary.ts';
import { type BranchReading, readAnnexBranch } from './annex-branch.ts';
import type { Before } from './comparison-subject.ts';
import { type CommitFiles, openCommitFiles } from './content-tree.ts';

export interface Task {
  readonly context: Context;
  readonly session: Session;
  readonly dataset: string;
  /** Tag of the registry's latest snapshot. */
  readonly latest: string;
  readonly before: Before;
  /** The previous comparison. */
  readonly last: S3Diff | null;
  readonly wanted: ReadonlySet<ContentCheck>;
  readonly commits: CommitFiles;
  /** What the git-annex branch says: read on first use, once. */
  readonly branch: () => Promise<BranchReading>;
  /** From when on all findings count; null when they already do. */
  readonly waitsUntil: string | null;
}

export function createTask(about: Omit<Task, 'dataset' | 'commits' | 'branch'>): Task {
  const { context, session, latest, before } = about;
  const { dataset } = session;
  const commits = openCommitFiles(context, dataset);
  let reading: Promise<BranchReading> | undefined;
  const read = async (): Promise<BranchReading> => {
    if (before.github === null) return failed('internal', 'the refs of the mirror were never seen');
    const last = await readOrNull<AnnexRecord>(context, annexRecordPath(dataset));
    return readAnnexBranch(context, {
      dataset,
      github: before.github,
      latest,
      last,
      snapshots: () => readSnapshots(context, dataset),
      strays: await readStrays(context, dataset, before.github),
      files: commits,
    });
  };
  const branch = () => {
    reading ??= read();
    return reading;
  };
  return { ...about, dataset, commits, branch };
}

/** What git-annex recorded as exported, as far as the branch says. */
export async function exportRecord({ branch }: Task): Promise<ExportRecord | Failed> {
  const reading = await branch();
  if (reading.kind === 'failed') return reading;
  return reading.kind === 'read' ? reading.facts : NO_RECORD;
}
