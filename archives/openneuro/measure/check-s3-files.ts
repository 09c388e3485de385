// Stage 3: are the export's files those of the tag, with the same contents? Reads github.json and
// s3-version.json, the tag's tree (once per commit), the git-annex branch (when it has moved) and
// the listing (on every run, once for all checks); writes s3-diff.json, s3-content.json,
// s3-access.json, annex-record.json, causes.json and the tag's files.json (docs/checks.md#files,
// #contents, #access, #record and #causes).

import type { Registry } from '../../../core/documents/documents.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import { isMade, type StageReport } from '../../../core/monitor/context.ts';
import { readOrNull, runCheck, type Together } from '../../../core/monitor/frame.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { Flow } from '../../../core/monitor/stage.ts';
import type { StillGood } from '../../../core/monitor/verdict.ts';
import type { AnnexRecord, S3Diff } from '../documents.ts';
import { withS3FilesVerdict } from '../legacy/verdicts.ts';
import { annexRecordPath, diffPath } from '../paths.ts';
import { NO_RECORD } from '../rules/exported-commit.ts';
import { RULES_VERSION } from '../rules-version.ts';
import { readStrays } from '../snapshots.ts';
import type { Context } from '../sources.ts';
import { CONTENT_CHECKS } from '../vocabulary.ts';
import { isOfToday } from './annex-branch.ts';
import { measureComparable, measureOthers } from './check-export.ts';
import { findSubject, isOf, readBefore, type Subject } from './comparison-subject.ts';
import { createTask, exportRecord, type Task } from './export-task.ts';
import { withCauses } from './find-causes.ts';

export async function checkS3Files(
  context: Context,
  registry: Registry,
  datasets: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openLastRecords(context, registry);
  const waitsUntil = waitOf(context, registry);
  const wanted = new Set(CONTENT_CHECKS.filter((check) => isMade(context, check)));
  const isRead = wanted.has('annexRecord');
  const lastDiff = (dataset: string) => readOrNull<S3Diff>(context, diffPath(dataset));
  return runCheck(
    context,
    {
      stage: 'check-s3-files',
      check: 's3Files',
      waitsUntil,
      lastRecord: (session) => known.record(session, 's3Files'),
      async lastDocument(dataset) {
        const value = await lastDiff(dataset);
        return value && { path: diffPath(dataset), value: withS3FilesVerdict(value) };
      },
      async outdated(session, record) {
        const { dataset } = session;
        const before = await readBefore(context, dataset);
        const subject = await findSubject(context, session, before, {
          isRead,
          read: async () =>
            (await readOrNull<AnnexRecord>(context, annexRecordPath(dataset))) ?? NO_RECORD,
        });
        return !isOf(record, await lastDiff(dataset), subject);
      },
      async measure(session, previous) {
        const { dataset } = session;
        const before = await readBefore(context, dataset);
        const task = createTask({
          context,
          session,
          latest: registry.latestSnapshots[dataset] as string,
          before,
          last: await lastDiff(dataset),
          wanted,
          waitsUntil: waitsUntil(dataset),
        });
        const subject = await findSubject(context, session, before, {
          isRead,
          read: () => exportRecord(task),
        });
        return measure(task, subject, previous);
      },
    },
    datasets,
    flow,
  );
}

async function measure(
  task: Task,
  subject: Subject,
  previous: CheckRecord | undefined,
): Promise<Together | StillGood> {
  if (subject.kind === 'comparable' && (await isStillGood(task, subject, previous))) {
    return { kind: 'still-good' };
  }
  const outcome =
    subject.kind === 'comparable'
      ? await measureComparable(task, subject)
      : await measureOthers(task, subject);
  return withCauses(task, outcome, previous);
}

/**
 * Within --max-age: the same commit, version and refs, and all wanted checks made with it. An
 * export in progress is checked every time, and once more when its findings begin to count.
 */
async function isStillGood(
  { context, session, dataset, latest, before, last, wanted, waitsUntil }: Task,
  subject: Subject,
  previous: CheckRecord | undefined,
): Promise<boolean> {
  const { maxAge, force } = context.options;
  if (maxAge === 0 || force || waitsUntil !== null || !isGood(previous)) return false;
  const age = context.now().getTime() - Date.parse(previous.checkedAt);
  // A record from the future has no age.
  if (age < 0 || age >= maxAge || !isOf(previous, last, subject)) return false;
  for (const check of wanted) {
    const record = session.record(check);
    // A check that was off at the last comparison is of an older export.
    if (!isGood(record) || record.runStart !== previous.runStart) return false;
  }
  if (!wanted.has('annexRecord')) return true;
  // It depends on the refs and the registry more than on the files.
  const annex = await readOrNull<AnnexRecord>(context, annexRecordPath(dataset));
  if (annex === null || before.github === null) return false;
  const strays = await readStrays(context, dataset, before.github);
  return isOfToday(annex, before.github, latest, strays);
}

/** Measured successfully, by today's rules, and nothing of it waits. */
function isGood(
  record: CheckRecord | undefined,
): record is CheckRecord & { readonly checkedAt: string } {
  const isMeasured = record?.checkedAt != null && !record.lastAttempt && !record.pending;
  return isMeasured && record.rulesVersion === RULES_VERSION;
}
