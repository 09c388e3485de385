// Does the bucket hold datasets that are not public? Reads the names of its top folders and asks the
// registry about those that its list lacks; writes leftovers.json (docs/checks.md#leftovers).

import { counted } from '../../../core/documents/format.ts';
import { failed } from '../../../core/failure.ts';
import type { Measurement } from '../../../core/monitor/archive.ts';
import { askEach } from '../../../core/monitor/ask-each.ts';
import { leftovers as check } from '../checks/leftovers.ts';
import { isDatasetId } from '../ids.ts';
import { leftoversOf, suspects } from '../rules/leftovers.ts';
import type { Sources } from '../sources.ts';

export const checkLeftovers: Measurement<Sources>['run'] = async (context, registry, ids, flow) => {
  const { latestSnapshots, skipped, lastAttempt } = registry;
  const known = new Set([...Object.keys(latestSnapshots), ...Object.keys(skipped)]);
  let note: string | null = null;
  const look = askEach<Sources, typeof check>(check, async ({ signal, now, ...sources }) => {
    if (lastAttempt !== null) return failed(lastAttempt.reason, 'the registry was not read');
    const folders = await sources.export.listFolders(signal);
    if (folders.kind === 'failed') return folders;
    const answers = await sources.registry.askDatasets(suspects(folders.value, known), signal);
    if (answers.kind === 'failed') return answers;
    const leftovers = leftoversOf(answers.value);
    if (leftovers.length > 0) {
      note = `${counted(leftovers.length, 'dataset')} in the bucket ${leftovers.length === 1 ? 'is' : 'are'} not public.`;
    }
    const listed = folders.value.filter(isDatasetId).length;
    return { lastChecked: now().toISOString(), listed, leftovers };
  });
  const report = await look(context, registry, ids, flow);
  const [failure] = report.failed;
  if (failure) {
    note = `The bucket's folders could not be compared with the registry (${failure.reason}).`;
  }
  return note === null ? report : { ...report, notes: [...report.notes, note] };
};
