// Stage 3: are the export's files those of the tag? Reads github.json and s3-version.json, the
// tag's tree (once per commit) and the listing (anew); writes s3-diff.json and the tag's
// files.json (checks.md section 5).

import { fromBinary } from '../compare/byte-order.ts';
import { createDiff, type DiffResult, toDocument } from '../compare/diff.ts';
import { type Failed, type FailureReason, failed } from '../failure.ts';
import { decodePathList, encodePathList, type PathList, PathListError } from '../git/path-list.ts';
import type { Files, Github, Registry, S3Diff, S3Version } from '../model/documents.ts';
import { encodeFiles } from '../model/files-text.ts';
import { filesPath, githubPath, s3DiffPath, s3VersionPath } from '../model/paths.ts';
import type { CheckRecord } from '../model/records.ts';
import { SCHEMA_VERSION } from '../model/vocabulary.ts';
import { isBookkeeping } from '../openneuro/bookkeeping.ts';
import { judgeS3Files, type S3FilesInput, whyNotCompared } from '../openneuro/rules/s3-files.ts';
import { withS3FilesVerdict } from '../openneuro/rules/verdicts.ts';
import type { BinaryString, ListingEvent } from '../sources.ts';
import type { StageContext, StageReport } from './context.ts';
import { type Measured, NO_FACTS, readOrNull, runCheck, type StillGood } from './frame.ts';
import { openKnown } from './known.ts';

export async function checkS3Files(
  context: StageContext,
  registry: Registry,
  datasets: readonly string[],
): Promise<StageReport> {
  const known = await openKnown(context, registry);
  return runCheck(
    context,
    {
      stage: 'check-s3-files',
      check: 's3Files',
      lastRecord: (dataset) => known.record(dataset, 's3Files'),
      async lastDocument(dataset) {
        const path = s3DiffPath(dataset);
        const value = await readOrNull<S3Diff>(context, path);
        return value && { path, value: withS3FilesVerdict(value) };
      },
      async outdated(dataset) {
        const last = await readOrNull<S3Diff>(context, s3DiffPath(dataset));
        return !isOf(last, await findSubject(context, dataset));
      },
      measure: (dataset, previous) => measure(context, dataset, previous),
    },
    await longestFirst(context, datasets),
  );
}

/** By the number of files last counted, so that a huge export does not run on alone at the end. */
async function longestFirst(
  context: StageContext,
  datasets: readonly string[],
): Promise<readonly string[]> {
  const files = new Map<string, number>();
  for await (const record of context.store.listRecords()) {
    if (record.check === 's3Files') files.set(record.dataset, record.files ?? 0);
  }
  return [...datasets].sort((a, b) => (files.get(b) ?? 0) - (files.get(a) ?? 0));
}

async function measure(
  context: StageContext,
  dataset: string,
  previous: CheckRecord | undefined,
): Promise<Measured | StillGood | Failed> {
  const last = await readOrNull<S3Diff>(context, s3DiffPath(dataset));
  const subject = await findSubject(context, dataset);
  switch (subject.kind) {
    case 'failed':
      return subject;
    case 'blocked':
    case 'not-compared':
      return measured(dataset, subject);
    case 'comparable':
      break;
  }
  if (isStillGood(context, previous, last, subject)) return { kind: 'still-good' };

  const difference = await compare(context, dataset, subject, last);
  if ('reason' in difference) return difference;
  return measured(dataset, { ...subject, kind: 'compared', difference: toDocument(difference) });
}

interface Subject {
  readonly kind: 'comparable';
  readonly version: string;
  /** The commit that the version's tag means. */
  readonly commit: string;
}

/** What is to be compared, from the two checks before; what they could not see is not seen here. */
async function findSubject(
  context: StageContext,
  dataset: string,
): Promise<Subject | Exclude<S3FilesInput, { kind: 'compared' }> | Failed> {
  const s3Version = await readOrNull<S3Version>(context, s3VersionPath(dataset));
  if (!s3Version) return notSeen(context, dataset, 's3Version');
  const version = s3Version.extractedVersion;
  if (version === null) {
    return s3Version.lastAttempt
      ? unverified('the version of the export', s3Version.lastAttempt.reason)
      : { kind: 'blocked' };
  }

  const github = await readOrNull<Github>(context, githubPath(dataset));
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

/** Within --max-age, and the same commit of the same version. */
function isStillGood(
  context: StageContext,
  previous: CheckRecord | undefined,
  last: S3Diff | null,
  subject: Subject,
): boolean {
  const { maxAge, force } = context.options;
  if (maxAge === 0 || force || !previous?.checkedAt || previous.lastAttempt) return false;
  const age = context.now().getTime() - Date.parse(previous.checkedAt);
  return age < maxAge && isOf(last, subject);
}

/** Whether the last comparison, or why there was none, is of this subject. */
function isOf(last: S3Diff | null, subject: Awaited<ReturnType<typeof findSubject>>): boolean {
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

/** The paths of a commit: kept ones, else fetched and kept. */
async function readPathList(
  context: StageContext,
  dataset: string,
  { commit }: Subject,
): Promise<PathList | Failed> {
  const kept = await context.store.readTree(commit);
  if (kept) {
    try {
      return decodePathList(kept);
    } catch (error) {
      if (!(error instanceof PathListError)) throw error;
      context.log('warn', 'unreadable path list, fetching anew', { dataset, commit });
    }
  }
  const tree = await context.mirror.readTree(dataset, commit, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') {
    return failed('malformed', `the mirror names commit ${commit} and does not have it`);
  }
  const bytes = encodePathList(tree.value);
  await context.store.writeTree(commit, bytes);
  return decodePathList(bytes);
}

/** Once per tag and commit: the comparison that is written afterwards tells that it is there. */
async function writeFiles(
  context: StageContext,
  dataset: string,
  { version, commit }: Subject,
  last: S3Diff | null,
  tree: PathList,
): Promise<void> {
  if (last?.commit === commit && last.snapshotTag === version) return;
  const path = filesPath(dataset, version);
  const about = { schemaVersion: SCHEMA_VERSION, count: tree.count, commit } as const;
  if (context.store.writePieces) {
    await context.store.writePieces(path, () => encodeFiles(about, pathsOf(tree)));
    return;
  }
  const files: Files = { ...about, files: Array.from(pathsOf(tree), fromBinary) };
  await context.store.writeDocument(path, files);
}

function* pathsOf(tree: PathList): Generator<BinaryString> {
  for (const { path } of tree) yield path;
}

/** The listing's first page is asked for at once, the others once the tree tells where they are. */
async function compare(
  context: StageContext,
  dataset: string,
  subject: Subject,
  last: S3Diff | null,
): Promise<DiffResult | Failed> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let tree: PathList | null = null;
  const listing = context.export.listObjects(
    dataset,
    signal,
    (every) => tree?.everyNth(every) ?? null,
  );
  const events = listing[Symbol.asyncIterator]();
  const first = events.next();
  // Without a tree nobody asks what became of it.
  first.catch(() => {});
  try {
    const paths = await readPathList(context, dataset, subject);
    if ('reason' in paths) return paths;
    tree = paths;
    await writeFiles(context, dataset, subject, last, paths);
    return await readDiff(paths, first, events);
  } finally {
    stop.abort();
  }
}

async function readDiff(
  tree: PathList,
  first: Promise<IteratorResult<ListingEvent>>,
  rest: AsyncIterator<ListingEvent>,
): Promise<DiffResult | Failed> {
  const diff = createDiff(tree, isBookkeeping);
  for (let next = await first; !next.done; next = await rest.next()) {
    const event = next.value;
    switch (event.kind) {
      case 'page':
        diff.push(event.objects);
        break;
      case 'end':
        return diff.end();
      case 'failed':
        return event;
      case 'absent':
        return failed('malformed', 'there is no such bucket');
      case 'denied':
        return failed('malformed', `the listing was refused (${event.status})`);
    }
  }
  return failed('cut-short', 'the listing ended before its end marker');
}

function measured(dataset: string, input: S3FilesInput): Measured {
  const judged = judgeS3Files(dataset, input);
  const document: S3Diff = {
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
  return {
    kind: 'measured',
    document: { path: s3DiffPath(dataset), value: document },
    facts: {
      ...NO_FACTS,
      status: judged.status,
      subtype: judged.subtype,
      version: judged.s3Version,
      added: judged.totalS3Files === null || judged.exportMissing ? null : judged.added.length,
      removed: judged.totalS3Files === null || judged.exportMissing ? null : judged.removed.length,
      files: judged.totalS3Files,
      notCompared: judged.notCompared,
    },
  };
}
