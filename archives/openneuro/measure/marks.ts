// What is asked again of a faulty dataset, to see with one request a fault whether it may be fixed:
// the refs of its mirror, its description, or one key of its export
// (docs/checks.md#what-changed).

import { hash } from 'node:crypto';
import { toBinary } from '../../../core/compare/byte-order.ts';
import type { Failed } from '../../../core/failure.ts';
import type { Mark, Marks } from '../../../core/monitor/archive.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { Github, S3Access, S3Content, S3Diff, S3Version } from '../documents.ts';
import { accessPath, contentPath, diffPath, githubPath, versionPath } from '../paths.ts';
import { githubEvidence, type Mirror } from '../rules/github.ts';
import { answerOf } from '../rules/s3-version.ts';
import type { Context, Sources } from '../sources.ts';

type MarkOf = (
  read: <T>(path: string) => Promise<T | null>,
  id: string,
) => Promise<Mark | null | undefined>;

/** By check. DOI and deprecation are asked for by runs over everything only. */
const MARKS: Readonly<Record<string, MarkOf>> = {
  github: (read, id) => refsOf(read, id),
  // The git-annex branch is one of the refs.
  annexRecord: (read, id) => refsOf(read, id),
  async s3Version(read, id) {
    const document = await read<S3Version>(versionPath(id));
    if (!document) return null;
    return { kind: 'description', answer: answerOf(document, id).kind, etag: document.etag };
  },
  async s3Files(read, id) {
    const document = await read<S3Diff>(diffPath(id));
    const { added: [missing] = [], removed: [orphan] = [] } = document ?? {};
    if (missing !== undefined) return keyMark(missing, 404);
    return orphan === undefined ? null : keyMark(orphan, 200);
  },
  async s3Content(read, id) {
    const [first] = (await read<S3Content>(contentPath(id)))?.mismatches ?? [];
    return first && keyMark(first.path, 200, first.etag);
  },
  async s3Access(read, id) {
    const asked = (await read<S3Access>(accessPath(id)))?.asked ?? [];
    const bad = asked.find(({ httpStatus, archived }) => httpStatus !== 200 || archived);
    return bad && { ...keyMark(bad.path, bad.httpStatus), archived: Number(bad.archived ?? 0) };
  },
};

async function refsOf(read: Parameters<MarkOf>[0], id: string): Promise<Mark | null> {
  const document = await read<Github>(githubPath(id));
  return document && { kind: 'refs', digest: refsDigest(document) };
}

const refsDigest = ({ head, headCommit, branches, tags, annotated, error }: RefsSeen): string =>
  hash(
    'sha1',
    JSON.stringify([head, headCommit, error, ...[branches, tags, annotated].map(inOrder)]),
  );
type RefsSeen = Pick<
  ReturnType<typeof githubEvidence>,
  'head' | 'headCommit' | 'branches' | 'tags' | 'annotated' | 'error'
>;
const inOrder = (refs: Readonly<Record<string, string>>) =>
  Object.entries(refs).sort(([a], [b]) => (a < b ? -1 : 1));

const keyMark = (path: string, status: number, etag: string | null = null): Mark => ({
  kind: 'key',
  path,
  status,
  etag,
});

export const marks: Marks<Sources> = {
  async of(context, id, faulty) {
    const read = <T>(path: string) => readOrNull<T>(context, path);
    const found = new Map<string, Mark>();
    for (const check of faulty) {
      const mark = await MARKS[check]?.(read, id);
      if (mark) found.set(JSON.stringify(mark), mark);
    }
    return [...found.values()];
  },

  async holds(context, id, mark) {
    switch (mark.kind) {
      case 'refs':
        return refsHold(context, id, mark);
      case 'description':
        return descriptionHolds(context, id, mark);
      default:
        return keyHolds(context, id, mark);
    }
  },
};

const WITHOUT_REFS = { absent: 'repo-not-found', disabled: 'repo-disabled' } as const;

async function refsHold(
  { mirror, signal }: Context,
  id: string,
  { digest }: Mark,
): Promise<boolean | Failed> {
  const answer = await mirror.readRefs(id, signal);
  // Whose refusal it is, only the measurement can settle.
  if (answer.kind === 'failed' || answer.kind === 'denied') return true;
  const seen: Mirror = answer.kind === 'seen' ? answer.value : WITHOUT_REFS[answer.kind];
  return refsDigest(githubEvidence(seen)) === digest;
}

async function descriptionHolds(
  context: Context,
  id: string,
  { answer: before, etag }: Mark,
): Promise<boolean | Failed> {
  const known = typeof etag === 'string' ? etag : null;
  const answer = await context.export.readDescription(id, known, context.signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'unchanged') return true;
  // Without the ETag of last time nothing tells whether it is another one.
  if (answer.kind === 'seen') return before === 'read' && known === null;
  return answer.kind === before;
}

async function keyHolds(
  context: Context,
  id: string,
  { path, status, etag, archived }: Mark,
): Promise<boolean | Failed> {
  const answer = await context.export.askAccess(id, toBinary(String(path)), context.signal);
  if (answer.kind === 'failed') return answer;
  if (answer.status !== status) return false;
  if (archived && answer.archived === false) return false;
  return etag === null || answer.etag === undefined || answer.etag === etag;
}
