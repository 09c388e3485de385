// One dataset's export, read once for all checks that need its listing. Each check fails alone: a
// HEAD without an answer leaves the comparison of names verified.

import { type BinaryString, toBinary } from '../../../core/compare/byte-order.ts';
import { type DiffResult, toDocument } from '../../../core/compare/diff.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { storing } from '../../../core/monitor/save-result.ts';
import { type MeasuredAs, measured } from '../../../core/monitor/verdict.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import type { LastListing } from '../../../core/protocols/sources.ts';
import { bookkeepingOf, isInAnnex } from '../bookkeeping.ts';
import { access } from '../checks/s3-access.ts';
import { s3Files } from '../checks/s3-files.ts';
import type { AnnexRecord, S3Access, S3Content, S3Diff } from '../documents.ts';
import { encodeFiles } from '../files-document.ts';
import { filesPath } from '../paths.ts';
import type { BigFile } from '../rules/cause-input.ts';
import { type Comparable, comparedId, type NotComparable } from '../rules/exported-commit.ts';
import { ACCESS_TURN_DAYS, createKeyChoice } from '../rules/s3-access.ts';
import { contentDocument, contentNotCompared } from '../rules/s3-content.ts';
import { type FilesComparison, filesDocument, filesNumbers } from '../rules/s3-files.ts';
import type { NotCheckedReason } from '../vocabulary.ts';
import type { BranchFacts, BranchReading } from './annex-branch.ts';
import { bigFilesSeen, createBigFiles } from './big-files.ts';
import type { Subject } from './comparison-subject.ts';
import { measureAccess, measuredContent, measuredRecord, without } from './content-checks.ts';
import { eachPage, openListing, type PassResult, passOver } from './export-pass.ts';
import type { Task } from './export-task.ts';
import { readRecordedVersions } from './recorded-versions.ts';

export interface Outcome {
  readonly s3Files: MeasuredAs<S3Diff | null> | Failed;
  /** The checks that were wanted. */
  readonly s3Content?: MeasuredAs<S3Content> | Failed;
  readonly [access.id]?: MeasuredAs<S3Access> | Failed;
  readonly annexRecord?: MeasuredAs<AnnexRecord> | Failed;
  readonly bigFiles: readonly BigFile[];
}

/** Pages read of an export that is compared with nothing: enough to choose keys from. */
const MAX_PAGES = 50;

export async function measureComparable(task: Task, wish: Comparable): Promise<Outcome> {
  const { context, dataset, last, wanted, commits } = task;
  // Kept files tell where all pages are. Others are fetched, together with the first page.
  let files = await commits.kept(comparedId(wish));
  const isOfLast = last !== null && last.commit === wish.commit && last.tree === wish.tree;
  const listing = openListing(context, dataset, {
    marks: (every) => files?.everyNth(every) ?? null,
    last: files && isOfLast ? listedLast(last) : null,
  });
  try {
    const there = await findThere(task, wish);
    if ('reason' in there) return allFailed(task, there);
    const { subject, isStandIn } = there;
    const { version } = subject;
    const read = there.files;
    files = read;
    await writeFiles(task, subject, read);
    const branch = wanted.has('annexRecord') ? await task.branch() : null;
    const other = await claimedFiles(task, branch, subject);
    const [reading, claimed] = other && 'reason' in other ? [other, null] : [branch, other];
    const choice = wanted.has(access.id) ? createKeyChoice(dataset, version, turn(task)) : null;

    const annexObjects = branch?.kind === 'read' ? (branch.facts.annexObjects ?? null) : null;
    const pass = await passOver(listing, read, claimed, choice, bookkeepingOf({ annexObjects }));
    if ('reason' in pass) return allFailed(task, pass);
    const { difference } = pass;
    const missing = claimed === null ? missingOf(reading, subject, pass) : pass.claimed;
    const unclear = isStandIn && differs(pass) ? UNCLEAR : null;
    const recorded =
      reading?.kind === 'read'
        ? await readRecordedVersions(task, reading.facts, [
            ...(missing ?? []),
            ...(isRecorded(reading.facts, subject) ? pass.contents.mismatches : []).map(
              ({ path }) => toBinary(path),
            ),
          ])
        : undefined;
    return {
      s3Files: unclear
        ? filesNotCompared(dataset, { ...unclear, version })
        : (withoutOwner(annexObjects, difference, reading) ??
          measuredFiles(dataset, { ...subject, difference: toDocument(difference) })),
      ...(wanted.has('s3Content') && {
        s3Content: unclear
          ? contentWithout(dataset, unclear.reason)
          : contentOf(dataset, subject, pass),
      }),
      ...(choice && { [access.id]: await measureAccess(context, dataset, choice.choose()) }),
      ...(reading && {
        annexRecord:
          recorded && 'reason' in recorded
            ? recorded
            : measuredRecord(dataset, task.latest, reading, missing, recorded),
      }),
      bigFiles: [],
    };
  } finally {
    listing.close();
  }
}

interface There {
  readonly subject: Comparable;
  readonly files: ContentList;
  /** It replaces the registry's commit, which the mirror does not have. */
  readonly isStandIn: boolean;
}

/** The part of it that the mirror has. */
async function findThere({ commits }: Task, wish: Comparable): Promise<There | Failed> {
  const { otherwise, ...subject } = wish;
  const files = await commits.find(comparedId(wish));
  if (!('kind' in files)) return { subject, files, isStandIn: false };
  if (files.kind === 'failed') return files;
  if (otherwise === undefined) {
    return failed('malformed', `the mirror does not have ${comparedId(wish)}, which it names`);
  }
  const standIn = await commits.read(otherwise);
  if ('reason' in standIn) return standIn;
  return { subject: { ...subject, commit: otherwise }, files: standIn, isStandIn: true };
}

const UNCLEAR = { kind: 'not-compared', reason: 'commit-not-on-mirror' } as const;

/** Whether anything speaks against this commit. An empty export speaks against any. */
function differs({ difference, contents }: PassResult): boolean {
  const { exportMissing, added, removed } = difference;
  if (exportMissing) return false;
  return added.length + removed.length + contents.sizeMismatches + contents.contentMismatches > 0;
}

/**
 * Annex objects beside the files belong to the remote or to nobody, as `remote.log` says. If it was
 * not read, and nothing else is wrong, the files were not measured.
 */
function withoutOwner(
  annexObjects: boolean | null,
  { added, removed, exportMissing, bookkeeping }: DiffResult,
  reading: BranchReading | null,
): Failed | null {
  if (annexObjects !== null || exportMissing || added.length + removed.length > 0) return null;
  if (!bookkeeping.some(isInAnnex)) return null;
  const reason = reading?.kind === 'failed' ? reading.reason : 'internal';
  return failed(reason, 'annex objects in the export, and no remote.log that says whose they are');
}

function listedLast(last: S3Diff): LastListing | null {
  const { totalS3Files: keys, added, removed, bookkeeping, submodules, symlinks = [] } = last;
  if (keys === null) return null;
  const binary = (...lists: Iterable<string>[]) =>
    lists.flatMap((list) => [...list].map(toBinary)).sort();
  // Keys that equal the path of something that is not exported.
  const named = new Set(bookkeeping).intersection(new Set([...submodules, ...symlinks]));
  return {
    keys,
    beside: binary(removed, new Set(bookkeeping).difference(named)),
    lacking: binary(added, new Set([...submodules, ...symlinks]).difference(named)),
  };
}

/** Nothing is compared: the tag is not on the mirror, the export is locked, or nothing was seen. */
export async function measureOthers(
  task: Task,
  subject: Exclude<Subject, Comparable>,
): Promise<Outcome> {
  if (subject.kind === 'failed') return allFailed(task, subject);
  const { context, dataset, latest, wanted, before } = task;
  const { reason, version } = subject;
  const reading = wanted.has('annexRecord') ? await task.branch() : null;
  const choice = createKeyChoice(dataset, version ?? latest, turn(task));
  const big = createBigFiles();
  const listing = wanted.has(access.id) ? openListing(context, dataset) : null;
  try {
    const fault = listing && (await eachPage(listing, seeing(choice, big), MAX_PAGES));
    const asked = fault
      ? without(fault, 'the listing')
      : await measureAccess(context, dataset, choice.choose());
    return {
      s3Files: filesNotCompared(dataset, subject),
      ...(wanted.has('s3Content') && {
        s3Content: contentWithout(dataset, reason),
      }),
      ...(listing && { [access.id]: asked }),
      ...(reading && { annexRecord: measuredRecord(dataset, latest, reading, null) }),
      bigFiles: await bigFilesSeen(big, before.github, task.commits.read),
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

/** A re-check within the week asks for the same keys, and writes the same document. */
const turn = ({ context, dataset }: Task) =>
  String(turnOf(dataset, ACCESS_TURN_DAYS, context.runStart));

function allFailed({ wanted }: Task, why: Failed): Outcome {
  return {
    s3Files: why,
    ...(wanted.has('s3Content') && { s3Content: why }),
    ...(wanted.has(access.id) && { [access.id]: why }),
    ...(wanted.has('annexRecord') && { annexRecord: why }),
    bigFiles: [],
  };
}

/** Files of the commit that git-annex recorded, if it is not the one that is compared. */
async function claimedFiles(
  { commits }: Task,
  reading: BranchReading | null,
  { commit }: Comparable,
): Promise<ContentList | Failed | null> {
  if (reading?.kind !== 'read') return null;
  const { exportedCommit } = reading.facts;
  return exportedCommit == null || exportedCommit === commit ? null : commits.read(exportedCommit);
}

/** Null unless the compared commit is the one that git-annex recorded. */
function missingOf(
  reading: BranchReading | null,
  subject: Comparable,
  { difference }: PassResult,
): readonly BinaryString[] | null {
  return reading?.kind === 'read' && isRecorded(reading.facts, subject) ? difference.added : null;
}

/** Whether git-annex recorded the export of the compared commit. */
function isRecorded(
  { exportedCommit, exportedTree }: BranchFacts,
  { commit, tree }: Comparable,
): boolean {
  return tree === undefined ? exportedCommit === commit : exportedTree === tree;
}

function contentOf(
  dataset: string,
  subject: Comparable,
  { difference, contents }: PassResult,
): MeasuredAs<S3Content> {
  if (difference.exportMissing) return contentWithout(dataset, 'export-missing');
  return measuredContent(dataset, contentDocument(dataset, subject, contents));
}

const contentWithout = (dataset: string, reason: NotCheckedReason) =>
  measuredContent(dataset, contentNotCompared(dataset, reason));

/**
 * Compared with the stored document each time, so that a damaged or deleted one is restored. A tree
 * of no snapshot is not what its version's tag holds.
 */
async function writeFiles(
  { context, dataset }: Task,
  { version, commit }: Comparable,
  tree: Pick<ContentList, 'count' | 'paths'>,
): Promise<void> {
  if (commit === null) return;
  const path = filesPath(dataset, version);
  const about = { schemaVersion: SCHEMA_VERSION, count: tree.count, commit } as const;
  await storing(context.store.writePieces(path, () => encodeFiles(about, tree.paths())));
}

function measuredFiles(dataset: string, compared: FilesComparison): MeasuredAs<S3Diff> {
  const document = filesDocument(dataset, compared);
  const numbers = filesNumbers(document);
  return measured(s3Files, dataset, document, { version: document.s3Version, numbers });
}

/** A comparison that was not made has no document; an older one is removed. */
function filesNotCompared(dataset: string, { reason, version }: NotComparable): MeasuredAs<null> {
  return measured(s3Files, dataset, null, { version, notCompared: reason });
}
