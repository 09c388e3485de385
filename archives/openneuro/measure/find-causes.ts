// The likely causes of what all checks of a dataset found, determined after the last of them:
// writes causes.json, and adds the causes to the record of the file check.

import { causesPath } from '../../../core/documents/paths.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { readOrNull, type Together } from '../../../core/monitor/frame.ts';
import { storing } from '../../../core/monitor/save-result.ts';
import type { MeasuredAs } from '../../../core/monitor/verdict.ts';
import { access } from '../checks/s3-access.ts';
import type { AnnexRecord, Causes, S3Access, S3Content, Snapshots } from '../documents.ts';
import { accessPath, annexRecordPath, contentPath, snapshotsPath } from '../paths.ts';
import { likelyCauses } from '../rules/causes.ts';
import { readStrays } from '../snapshots.ts';
import { CONTENT_CHECKS } from '../vocabulary.ts';
import type { Outcome } from './check-export.ts';
import type { Task } from './export-task.ts';

/** Without a new comparison the previous causes stay, as its verdict does. */
export async function withCauses(
  task: Task,
  outcome: Outcome,
  previous: CheckRecord | undefined,
): Promise<Together> {
  const also = CONTENT_CHECKS.flatMap((check) => {
    const result = outcome[check];
    return result ? [{ check, result }] : [];
  });
  const main = outcome.s3Files;
  if (main.kind === 'failed') return { kind: 'together', main, also };

  const { context, dataset, latest, before } = task;
  const snapshots = await readOrNull<Snapshots>(context, snapshotsPath(dataset));
  const causes = likelyCauses({
    archive: context.about,
    id: dataset,
    latest,
    tags: snapshots?.tags ?? [latest],
    github: before.github,
    s3Version: before.s3Version,
    s3Diff: main.document.value,
    s3Content: await known<S3Content>(task, outcome.s3Content, contentPath(dataset)),
    access: await known<S3Access>(task, outcome[access.id], accessPath(dataset)),
    annexRecord: await known<AnnexRecord>(task, outcome.annexRecord, annexRecordPath(dataset)),
    bigFiles: outcome.bigFiles,
    strays: before.github ? await readStrays(context, dataset, before.github) : [],
    waitsUntil: task.waitsUntil,
  });
  // Most datasets have none and never had: they need no document that says so.
  if (causes.length > 0 || (previous?.causes?.length ?? 0) > 0) {
    const document: Causes = { schemaVersion: SCHEMA_VERSION, datasetId: dataset, causes };
    await storing(context.store.writeDocument(causesPath(dataset), document));
  }
  const facts = { ...main.facts, causes: causes.map(({ cause }) => cause) };
  return { kind: 'together', main: { ...main, facts }, also };
}

/** What was measured now, else last time; nothing for a check that is switched off. */
async function known<T extends object>(
  { context }: Task,
  result: MeasuredAs<T> | { readonly kind: 'failed' } | undefined,
  path: string,
): Promise<T | null> {
  if (result === undefined) return null;
  return result.kind === 'measured' ? result.document.value : readOrNull<T>(context, path);
}
