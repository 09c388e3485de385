// What is in the bucket beside the public datasets. Reads the names of its top folders and asks the
// registry about those that it did not list; writes leftovers.json (docs/checks.md#leftovers).

import type { Registry } from '../../../core/documents/documents.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import type { Failed } from '../../../core/failure.ts';
import { isMade } from '../../../core/monitor/context.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { Leftovers } from '../documents.ts';
import { isDatasetId } from '../ids.ts';
import { LEFTOVERS_PATH } from '../paths.ts';
import { judgeLeftovers, suspects } from '../rules/leftovers.ts';
import type { Context } from '../sources.ts';

/**
 * Call only after a whole reading of the registry: what it did not show would count as a leftover.
 * @returns one sentence for a person; null when there is nothing to say.
 */
export async function findLeftovers(context: Context, registry: Registry): Promise<string | null> {
  if (!isMade(context, 'leftovers')) return null;
  const found = await look(context, registry);
  if (found.kind === 'failed') {
    context.log('warn', 'leftovers not looked for', { reason: found.reason, detail: found.detail });
    const last = await readOrNull<Leftovers>(context, LEFTOVERS_PATH);
    const lastAttempt = { at: context.now().toISOString(), reason: found.reason };
    if (last) await context.store.writeDocument(LEFTOVERS_PATH, { ...last, lastAttempt });
    return `The bucket's folders could not be compared with the registry (${found.reason}).`;
  }
  const { leftovers } = found.document;
  await context.store.writeDocument(LEFTOVERS_PATH, found.document);
  if (leftovers.length === 0) return null;
  return `${leftovers.length} dataset${leftovers.length === 1 ? '' : 's'} in the bucket ${leftovers.length === 1 ? 'is' : 'are'} not public.`;
}

async function look(
  context: Context,
  registry: Registry,
): Promise<{ readonly kind: 'found'; readonly document: Leftovers } | Failed> {
  const folders = await context.export.listFolders(context.signal);
  if (folders.kind === 'failed') return folders;
  const known = new Set([
    ...Object.keys(registry.latestSnapshots),
    ...Object.keys(registry.skipped),
  ]);
  const ids = suspects(folders.value, known);
  const answers = await context.registry.askDatasets(ids, context.signal);
  if (answers.kind === 'failed') return answers;
  const document: Leftovers = {
    schemaVersion: SCHEMA_VERSION,
    lastChecked: context.now().toISOString(),
    listed: folders.value.filter(isDatasetId).length,
    leftovers: judgeLeftovers(answers.value),
    lastAttempt: null,
  };
  return { kind: 'found', document };
}
