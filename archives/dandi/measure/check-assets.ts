// Stage: has the mirror what the draft lists, and each tag what was published? Reads the assets
// between two looks at the dandiset, the metadata, the mirror's tree, and its two large records.
// Writes assets.json, listing.json, record.json, metadata.json, versions.json and embargo.json.

import type { Registry } from '../../../core/documents/documents.ts';
import { checkPath } from '../../../core/documents/paths.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import { isMade, type StageReport } from '../../../core/monitor/context.ts';
import {
  type Companion,
  readOrNull,
  runCheck,
  type Together,
} from '../../../core/monitor/frame.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { Flow } from '../../../core/monitor/stage.ts';
import type { Session } from '../../../core/monitor/store.ts';
import { assets } from '../checks/assets.ts';
import { embargo } from '../checks/embargo.ts';
import { listing } from '../checks/listing.ts';
import { metadata } from '../checks/metadata.ts';
import { record } from '../checks/record.ts';
import { versions } from '../checks/versions.ts';
import { modeOf } from '../modes.ts';
import type { Context } from '../sources/index.ts';
import { compareDraft } from './compare-draft.ts';
import { compareVersionsOf } from './compare-versions.ts';
import { type Subject, subjectOf } from './subject.ts';
import { type Kept, without } from './without.ts';

/** Everything is compared once in so many days, changed or not. */
export const SLICES = 14;

/** The checks beside that of the assets. */
const BESIDE = [listing, record, metadata, versions, embargo];

export async function checkAssets(
  context: Context,
  registry: Registry,
  ids: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openLastRecords(context, registry);
  const lastAssets = (id: string) =>
    readOrNull<Kept<typeof assets>>(context, checkPath(assets, id));
  return runCheck(
    context,
    {
      stage: 'check-assets',
      check: 'assets',
      waitsUntil: waitOf(context, registry),
      lastRecord: (session) => known.record(session, 'assets'),
      async lastDocument(id) {
        const value = await lastAssets(id);
        return value && { path: checkPath(assets, id), value };
      },
      async outdated({ dataset: id }, previous) {
        const subject = await subjectOf(context, id);
        return 'kind' in subject || !(await isOfToday(context, id, subject, previous));
      },
      async measure(session, previous) {
        const id = session.dataset;
        const subject = await subjectOf(context, id);
        if ('kind' in subject) return subject;
        if (isStillGood(context, session, previous)) {
          if (await isOfToday(context, id, subject, previous)) return { kind: 'still-good' };
        }
        if (subject.without !== null) return nothing(context, id, subject.without);
        const draft = await compareDraft(context, subject, await lastAssets(id));
        if (draft.kind === 'failed') return draft;
        const compared = await compareVersionsOf(context, subject);
        const also = [...draft.also, { check: 'versions', result: compared }];
        return together(context, draft.main, also);
      },
    },
    ids,
    flow,
  );
}

/** Measured well by today's rules, nothing of it waits, and its day has not come since. */
function isStillGood(context: Context, session: Session, last: CheckRecord | undefined): boolean {
  const { archive, runStart } = context;
  if (modeOf(context) !== 'timestamp' || last?.checkedAt == null) return false;
  if (last.lastAttempt || last.rulesVersion !== archive.rules) return false;
  for (const { id } of [assets, ...BESIDE]) {
    if (!isMade(context, id)) continue;
    const record = session.record(id);
    if (!record || record.lastAttempt || isWaiting(record)) return false;
  }
  return (
    turnOf(session.dataset, SLICES, last.checkedAt) === turnOf(session.dataset, SLICES, runStart)
  );
}

/** Something that will be different without any change. */
const isWaiting = ({ status, notCompared }: CheckRecord): boolean =>
  status === 'pending' && notCompared !== 'embargoed' && notCompared !== 'record-unreadable';

/** The last comparison is of the present draft, mirror and tags. */
async function isOfToday(
  context: Context,
  id: string,
  subject: Subject,
  previous: CheckRecord | undefined,
): Promise<boolean> {
  if (subject.without !== null) return previous?.notCompared === subject.without;
  const last = await readOrNull<Kept<typeof assets>>(context, checkPath(assets, id));
  if (last?.modified !== subject.modified || last.commit !== subject.mirror.draft) return false;
  const compared = await readOrNull<Kept<typeof versions>>(context, checkPath(versions, id));
  const done = new Set(compared?.versions.map(({ version, commit }) => `${version} ${commit}`));
  const wanted = subject.tags?.versions ?? [];
  return wanted.every(({ version, commit }) => commit === null || done.has(`${version} ${commit}`));
}

function nothing(context: Context, id: string, reason: string): Together {
  const also = BESIDE.map((check) => ({ check: check.id, result: without(check, id, reason) }));
  return together(context, without(assets, id, reason), also);
}

const together = (
  context: Context,
  main: Together['main'],
  also: readonly Companion[],
): Together => ({
  kind: 'together',
  main,
  also: also.filter(({ check }) => isMade(context, check)),
});
