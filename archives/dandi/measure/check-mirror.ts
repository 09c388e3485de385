// Stage: is the mirror there, and as new as the draft? Has it a tag for each published version? Has
// the superdataset it? One question for the refs; the small files when `draft` has moved; versions
// when the dandiset's record has changed. Writes mirror.json, tags.json and superdataset.json.

import type { Registry } from '../../../core/documents/documents.ts';
import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import { checkPath } from '../../../core/documents/paths.ts';
import { type Failed, failed, type Seen, seen } from '../../../core/failure.ts';
import type { StageReport } from '../../../core/monitor/context.ts';
import { readOrNull, runCheck, type Together } from '../../../core/monitor/frame.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { Flow } from '../../../core/monitor/stage.ts';
import type { Measured } from '../../../core/monitor/verdict.ts';
import { unsettled } from '../../../core/protocols/git/refusal.ts';
import type { Refs } from '../../../core/protocols/sources.ts';
import { mirror } from '../checks/mirror.ts';
import { shown, someOf } from '../checks/shapes.ts';
import { superdataset } from '../checks/superdataset.ts';
import { newestOf, tags } from '../checks/tags.ts';
import { type DandisetDocument, type OpenDandiset, readListed } from '../documents.ts';
import { compareVersions, isVersion } from '../ids.ts';
import { ageOf, instantOf } from '../instant.ts';
import { isForced } from '../modes.ts';
import { isMerged } from '../rules/is-merged.ts';
import type { Context } from '../sources/index.ts';
import { filesAt, SMALL_BYTES, STATE_PATH, stateOf } from './mirror-state.ts';
import { openSuperdataset } from './superdataset.ts';
import { documented, type Kept, without } from './without.ts';

type MirrorEvidence = EvidenceOf<typeof mirror>;
type TagsEvidence = EvidenceOf<typeof tags>;

const DRAFT = 'draft';
const ANNEX = 'git-annex';
/** Of the history that is looked at for the newest tag. */
const DEPTH = 50;

export async function checkMirror(
  context: Context,
  registry: Registry,
  ids: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openLastRecords(context, registry);
  const readSuper = openSuperdataset(context);
  const lastMirror = (id: string) =>
    readOrNull<Kept<typeof mirror>>(context, checkPath(mirror, id));
  return runCheck(
    context,
    {
      stage: 'check-mirror',
      check: 'mirror',
      waitsUntil: waitOf(context, registry),
      lastRecord: (session) => known.record(session, 'mirror'),
      async lastDocument(id) {
        const value = await lastMirror(id);
        return value && { path: checkPath(mirror, id), value };
      },
      async outdated({ dataset: id }) {
        const [last, listed] = [await lastMirror(id), await readListed(context, id)];
        return last === null || listed === null || last.modified !== modifiedOf(listed);
      },
      async measure({ dataset: id }) {
        const listed = await readListed(context, id);
        if (listed === null) return failed('internal', 'the list does not say what it is');
        const answer = await context.mirrors.readRefs(id, context.signal);
        if (answer.kind === 'failed') return answer;
        if (answer.kind === 'denied') return unsettled(answer);
        const refs = answer.kind === 'seen' ? answer.value : null;
        const subject: Subject = { context, id, listed, refs };
        const evidence = await mirrorEvidence(subject, await lastMirror(id), answer.kind);
        if (evidence.kind === 'failed') return evidence;
        return {
          kind: 'together',
          main: documented(mirror, id, evidence.value),
          also: [
            { check: 'tags', result: await measureTags(subject) },
            { check: 'superdataset', result: await measureSuper(subject, readSuper) },
          ],
        } satisfies Together;
      },
    },
    ids,
    flow,
  );
}

interface Subject {
  readonly context: Context;
  readonly id: string;
  readonly listed: DandisetDocument;
  /** Null if nobody can read the mirror. */
  readonly refs: Refs | null;
}

const modifiedOf = ({ open }: DandisetDocument): string | null => open?.draftModified ?? null;

async function mirrorEvidence(
  { context, id, listed, refs }: Subject,
  last: Kept<typeof mirror> | null,
  answer: 'seen' | 'absent' | 'disabled',
): Promise<Seen<MirrorEvidence> | Failed> {
  const { embargo, open } = listed;
  const now = context.now();
  const draft = refs?.branches.get(DRAFT) ?? null;
  const isPublic = open !== null;
  let state: string | null = null;
  if (draft !== null && isPublic) {
    if (last?.draft === draft && !isForced(context)) state = last.state;
    else {
      const files = await context.mirrors.readFiles(id, draft, SMALL_BYTES, context.signal);
      if (files.kind === 'failed') return files;
      if (files.kind === 'absent') return failed('malformed', 'the commit of draft is gone');
      state = stateOf(filesAt(files.value.entries, [STATE_PATH]).get(STATE_PATH));
    }
  }
  const since = (time: string) => ageOf(instantOf(time) ?? 0, now);
  return seen({
    embargo,
    modified: open?.draftModified ?? null,
    repository: answer === 'seen' ? 'readable' : answer === 'disabled' ? 'disabled' : 'not-found',
    head: isPublic && refs?.head ? shown(refs.head) : null,
    draft: isPublic ? draft : null,
    annex: isPublic ? (refs?.branches.get(ANNEX) ?? null) : null,
    refs: refs === null ? 0 : refs.branches.size + refs.tags.size,
    state,
    lag: open === null ? null : since(open.draftModified),
    age: open === null ? null : since(open.created),
  });
}

async function measureTags({ context, id, listed, refs }: Subject): Promise<Measured | Failed> {
  const { open } = listed;
  if (open === null) return without(tags, id, 'embargoed');
  if (refs === null) return without(tags, id, 'no-mirror');
  const last = await readOrNull<Kept<typeof tags>>(context, checkPath(tags, id));
  const listedAs = JSON.stringify([open.recordModified, open.published]);
  const published = await publishedVersions(context, id, open, last, listedAs);
  if (published.kind === 'failed') return published;

  const draft = refs.branches.get(DRAFT) ?? null;
  const commits = published.value.flatMap(({ version }) => refs.tags.get(version) ?? []);
  const at = JSON.stringify([draft, commits]);
  const newest = newestOf(published.value);
  const wanted = { draft, commits, newest: newest && refs.tags.get(newest.version), at };
  const history = await historyOf(context, id, wanted, last);
  if (history.kind === 'failed') return history;
  const now = context.now();
  const versions = published.value.map(({ version, created }) => {
    const commit = refs.tags.get(version) ?? null;
    return {
      version,
      created,
      age: ageOf(instantOf(created) ?? 0, now),
      commit,
      isAnnotated: refs.annotated.has(version),
      isBroken: commit !== null && history.value.broken.has(commit),
    };
  });
  const exists = new Set(versions.map(({ version }) => version));
  const orphaned = [...refs.tags.keys()].filter((tag) => isVersion(tag) && !exists.has(tag));
  const evidence: TagsEvidence = {
    listedAs,
    at,
    versions,
    orphaned: someOf(orphaned.sort(compareVersions)),
    isMerged: history.value.isMerged,
  };
  const held = newestOf(versions.filter(({ commit }) => commit !== null));
  return documented(tags, id, evidence, { version: held?.version ?? null });
}

type Published = readonly Pick<TagsEvidence['versions'][number], 'version' | 'created'>[];

/** Read anew when the record of the dandiset has changed. */
async function publishedVersions(
  context: Context,
  id: string,
  open: OpenDandiset,
  last: TagsEvidence | null,
  listedAs: string,
): Promise<Seen<Published> | Failed> {
  if (open.published === null) return seen([]);
  if (last?.listedAs === listedAs && !isForced(context)) return seen(last.versions);
  const answer = await context.registry.versions(id, context.signal);
  if (answer.kind === 'seen' || answer.kind === 'failed') return answer;
  return failed('malformed', `the versions of a listed dandiset are ${answer.kind}`);
}

interface WantedHistory {
  readonly draft: string | null;
  /** Of the tags of published versions. */
  readonly commits: readonly string[];
  /** That of the newest version, if it has a tag. */
  readonly newest: string | undefined;
  /** All of them as text. */
  readonly at: string;
}

interface TagHistory {
  /** Objects that are no commits. */
  readonly broken: ReadonlySet<string>;
  readonly isMerged: boolean | null;
}

/** One request when the draft or a tag has moved. */
async function historyOf(
  context: Context,
  id: string,
  { draft, commits, newest, at }: WantedHistory,
  last: TagsEvidence | null,
): Promise<Seen<TagHistory> | Failed> {
  if (commits.length === 0) return seen({ broken: new Set(), isMerged: null });
  if (last?.at === at && !isForced(context)) {
    const broken = last.versions.flatMap(({ commit, isBroken }) =>
      commit !== null && isBroken ? [commit] : [],
    );
    return seen({ broken: new Set(broken), isMerged: last.isMerged });
  }
  const wants = [...new Set([...(draft === null ? [] : [draft]), ...commits])];
  const answer = await context.mirrors.readHistory(id, wants, DEPTH, context.signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'absent') return failed('malformed', 'a commit of the refs is gone');
  const broken = new Set(commits.filter((commit) => answer.value.get(commit) == null));
  const isKnown = draft !== null && newest !== undefined && !broken.has(newest);
  return seen({ broken, isMerged: isKnown ? isMerged(answer.value, draft, newest) : null });
}

async function measureSuper(
  { context, id, listed, refs }: Subject,
  read: ReturnType<typeof openSuperdataset>,
): Promise<Measured | Failed> {
  const { open } = listed;
  if (open === null) return without(superdataset, id, 'embargoed');
  if (refs === null) return without(superdataset, id, 'no-mirror');
  const whole = await read();
  if (whole.kind === 'failed') return whole;
  const { byPath, twice, gitlinks } = whole.value;
  const section = byPath.get(id) ?? [...byPath.values()].find(({ name }) => name === id);
  const gitlink = gitlinks.get(id) ?? null;
  const draft = refs.branches.get(DRAFT) ?? null;
  const now = context.now();
  const last = await readOrNull<Kept<typeof superdataset>>(context, checkPath(superdataset, id));
  const differs = gitlink !== null && draft !== null && gitlink !== draft;
  // Where the superdataset has moved since, it only was not the last to move.
  const before = last?.gitlink === gitlink ? last?.differsSince : null;
  const differsSince = differs ? (before ?? now.toISOString()) : null;
  return documented(superdataset, id, {
    section: twice.has(id) ? 'several' : section === undefined ? 'none' : 'one',
    path: section?.path === id ? id : null,
    url: section?.url == null ? null : shown(section.url),
    expected: `${context.organization}/${id}`,
    access: section?.access == null ? null : shown(section.access),
    gitlink,
    draft,
    age: ageOf(instantOf(open.created) ?? 0, now),
    differsSince,
    differsFor: differsSince === null ? 0 : ageOf(Date.parse(differsSince) * 1000, now),
  });
}
