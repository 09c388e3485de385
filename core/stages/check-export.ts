// One dataset's export, looked at once for all checks that need its listing. What fails fails by
// itself: a HEAD without an answer leaves the comparison of names verified.

import { toBinary } from '../compare/byte-order.ts';
import { toDocument } from '../compare/diff.ts';
import { type Failed, failed } from '../failure.ts';
import type { ContentList } from '../git/content-list.ts';
import type { PathList } from '../git/path-list.ts';
import type { AnnexRecord, S3Access, S3Content, S3Diff } from '../model/documents.ts';
import { annexRecordPath, filesPath, s3DiffPath } from '../model/paths.ts';
import { encodeFiles } from '../model/pieces.ts';
import { NO_FACTS } from '../model/records.ts';
import { type ContentCheck, SCHEMA_VERSION } from '../model/vocabulary.ts';
import type { BigFile } from '../openneuro/rules/causes.ts';
import { createKeyChoice } from '../openneuro/rules/s3-access.ts';
import { judgeS3Files, type S3FilesInput, s3FilesFindings } from '../openneuro/rules/s3-files.ts';
import type { BinaryString, LastListing } from '../sources.ts';
import { type BranchReading, readAnnexBranch } from './annex-branch.ts';
import { bigFilesSeen, createBigFiles } from './big-files.ts';
import {
  type MeasuredAs,
  measureAccess,
  measuredContent,
  measuredRecord,
  without,
} from './check-inside.ts';
import type { Before, Comparable, Subject } from './comparison-subject.ts';
import { type CommitFiles, fetchFiles, keptFiles, readCommitFiles } from './content-tree.ts';
import type { StageContext } from './context.ts';
import { eachPage, openListing, type PassResult, passOver } from './export-pass.ts';
import { readOrNull, storing } from './frame.ts';

export interface Task {
  readonly context: StageContext;
  readonly dataset: string;
  /** Tag of the registry's latest snapshot. */
  readonly latest: string;
  readonly before: Before;
  /** The comparison of last time. */
  readonly last: S3Diff | null;
  readonly wanted: ReadonlySet<ContentCheck>;
  readonly contentsOf: (commit: string) => Promise<ContentList | Failed>;
}

export interface Outcome {
  readonly s3Files: MeasuredAs<S3Diff> | Failed;
  /** Those that were wanted. */
  readonly s3Content?: MeasuredAs<S3Content> | Failed;
  readonly s3Access?: MeasuredAs<S3Access> | Failed;
  readonly annexRecord?: MeasuredAs<AnnexRecord> | Failed;
  readonly bigFiles: readonly BigFile[];
}

/** Pages of an export that is compared with nothing: enough to choose keys from. */
const MAX_PAGES = 50;

/** Reads each commit's contents once, however many questions there are about it. */
export function contentsReader(context: StageContext, dataset: string): Task['contentsOf'] {
  const read = new Map<string, Promise<ContentList | Failed>>();
  const once = async (commit: string): Promise<ContentList | Failed> => {
    const files = await readCommitFiles(context, dataset, commit, true);
    if ('reason' in files) return files;
    if (files.kind === 'contents') return files.list;
    return files.why ?? failed('internal', 'contents were not read');
  };
  return (commit) => {
    const known = read.get(commit) ?? once(commit);
    read.set(commit, known);
    return known;
  };
}

export async function measureComparable(task: Task, subject: Comparable): Promise<Outcome> {
  const { context, dataset, last, wanted } = task;
  const { version, commit } = subject;
  const wantContents = wanted.has('s3Content') || wanted.has('annexRecord');
  // Files that are kept tell where all pages are; others are fetched, and the first page meanwhile.
  let files = await keptFiles(context, dataset, commit, wantContents);
  const listing = openListing(context, dataset, {
    marks: (every) => files?.list.everyNth(every) ?? null,
    last: files && last?.commit === commit ? listedLast(last) : null,
  });
  try {
    const read = files ?? (await fetchFiles(context, dataset, commit, wantContents));
    if ('reason' in read) return allFailed(task, read);
    files = read;
    await writeFiles(task, subject, read.list);
    const reading = await readBranch(task);
    const claimed = await claimedFiles(task, reading, version);
    const choice = wanted.has('s3Access') ? createKeyChoice(dataset, version, today(task)) : null;

    const pass = await passOver(listing, read, claimed, choice);
    if ('reason' in pass) return allFailed(task, pass);
    const { difference } = pass;
    const missing = claimed === null ? missingOf(reading, version, pass) : pass.claimed;
    return {
      s3Files: measuredFiles(dataset, {
        kind: 'compared',
        version,
        commit,
        difference: toDocument(difference),
      }),
      ...(wanted.has('s3Content') && { s3Content: contentOf(dataset, subject, read, pass) }),
      ...(choice && { s3Access: await measureAccess(context, dataset, choice.keys()) }),
      ...(reading && { annexRecord: measuredRecord(dataset, task.latest, reading, missing) }),
      bigFiles: [],
    };
  } finally {
    listing.close();
  }
}

function listedLast(last: S3Diff): LastListing | null {
  const { totalS3Files: keys, added, removed, bookkeeping, submodules } = last;
  if (keys === null) return null;
  const binary = (...lists: (readonly string[])[]) => lists.flat().map(toBinary).sort();
  return { keys, beside: binary(removed, bookkeeping), lacking: binary(added, submodules) };
}

/** Nothing is compared: the tag is not on the mirror, the export is locked, or nothing was seen. */
export async function measureOthers(
  task: Task,
  subject: Exclude<Subject, Comparable>,
): Promise<Outcome> {
  if (subject.kind === 'failed') return allFailed(task, subject);
  const { context, dataset, latest, wanted, before } = task;
  const reason = subject.kind === 'blocked' ? 'blocked' : subject.reason;
  const reading = await readBranch(task);
  const version = subject.kind === 'blocked' ? latest : subject.version;
  const choice = createKeyChoice(dataset, version, today(task));
  const big = createBigFiles();
  const listing = wanted.has('s3Access') ? openListing(context, dataset) : null;
  try {
    const fault = listing && (await eachPage(listing, seeing(choice, big), MAX_PAGES));
    const s3Access = fault
      ? without(fault, 'the listing')
      : await measureAccess(context, dataset, listing ? choice.keys() : []);
    return {
      s3Files: measuredFiles(dataset, subject),
      ...(wanted.has('s3Content') && {
        s3Content: measuredContent(dataset, { kind: 'not-compared', reason }),
      }),
      ...(listing && { s3Access }),
      ...(reading && { annexRecord: measuredRecord(dataset, latest, reading, null) }),
      bigFiles: await bigFilesSeen(big, before.github, task.contentsOf),
    };
  } finally {
    listing?.close();
  }
}

const seeing =
  (
    ...readers: { push(objects: Parameters<ReturnType<typeof createKeyChoice>['push']>[0]): void }[]
  ) =>
  (objects: Parameters<ReturnType<typeof createKeyChoice>['push']>[0]) => {
    for (const reader of readers) reader.push(objects);
  };

/** The day of the run: a second look on the same day asks for the same keys. */
const today = ({ context }: Task) => context.runStart.slice(0, 'YYYY-MM-DD'.length);

function allFailed({ wanted }: Task, why: Failed): Outcome {
  return {
    s3Files: why,
    ...(wanted.has('s3Content') && { s3Content: why }),
    ...(wanted.has('s3Access') && { s3Access: why }),
    ...(wanted.has('annexRecord') && { annexRecord: why }),
    bigFiles: [],
  };
}

async function readBranch(task: Task): Promise<BranchReading | null> {
  const { context, dataset, latest, before, wanted, contentsOf } = task;
  if (!wanted.has('annexRecord')) return null;
  if (before.github === null) return failed('internal', 'the refs of the mirror were never seen');
  const last = await readOrNull<AnnexRecord>(context, annexRecordPath(dataset));
  return readAnnexBranch(context, { dataset, github: before.github, latest, last, contentsOf });
}

/** Files of the exported tag, where it is another than the one that is compared anyway. */
async function claimedFiles(
  { before, contentsOf }: Task,
  reading: BranchReading | null,
  version: string,
): Promise<ContentList | null> {
  if (reading?.kind !== 'read') return null;
  const { exportedTag } = reading.facts;
  const tags = before.github?.tags ?? {};
  if (exportedTag === null || exportedTag === version || !Object.hasOwn(tags, exportedTag)) {
    return null;
  }
  const files = await contentsOf(tags[exportedTag] as string);
  return 'reason' in files ? null : files;
}

/** Null unless the exported tag is the one that was compared. */
function missingOf(
  reading: BranchReading | null,
  version: string,
  { missing }: PassResult,
): readonly BinaryString[] | null {
  return reading?.kind === 'read' && reading.facts.exportedTag === version ? missing : null;
}

function contentOf(
  dataset: string,
  { version, commit }: Comparable,
  files: CommitFiles,
  { difference, contents }: PassResult,
): MeasuredAs<S3Content> | Failed {
  if (difference.exportMissing) {
    return measuredContent(dataset, { kind: 'not-compared', reason: 'export-missing' });
  }
  if (contents === null) {
    const why = files.kind === 'paths' ? files.why : null;
    return without(why ?? failed('internal', 'were not read'), 'the contents of the tree');
  }
  return measuredContent(dataset, { kind: 'compared', version, commit, comparison: contents });
}

/** Once per tag and commit: the comparison that is written afterwards tells that it is there. */
async function writeFiles(
  { context, dataset, last }: Task,
  { version, commit }: Comparable,
  tree: Pick<PathList, 'count' | 'paths'>,
): Promise<void> {
  if (last?.commit === commit && last.snapshotTag === version) return;
  const path = filesPath(dataset, version);
  const about = { schemaVersion: SCHEMA_VERSION, count: tree.count, commit } as const;
  await storing(context.store.writePieces(path, () => encodeFiles(about, tree.paths())));
}

function measuredFiles(dataset: string, input: S3FilesInput): MeasuredAs<S3Diff> {
  const judged = judgeS3Files(dataset, input);
  const value: S3Diff = {
    schemaVersion: SCHEMA_VERSION,
    ...judged,
    added: [...judged.added],
    removed: [...judged.removed],
    context: [...judged.context],
    bookkeeping: [...judged.bookkeeping],
    submodules: [...judged.submodules],
    checkedAt: null,
    lastAttempt: null,
  };
  const counted = judged.totalS3Files !== null && !judged.exportMissing;
  return {
    kind: 'measured',
    document: { path: s3DiffPath(dataset), value },
    facts: {
      ...NO_FACTS,
      status: judged.status,
      subtype: judged.subtype,
      findings: s3FilesFindings(judged),
      version: judged.s3Version,
      added: counted ? judged.added.length : null,
      removed: counted ? judged.removed.length : null,
      files: judged.totalS3Files,
      notCompared: judged.notCompared,
    },
  };
}
