// The summary of a recorded run. A field that no version of the schema has is left out, and does not
// cost the run.

import { checkValue, parseJson } from '../../documents/json.ts';
import { SUMMARY_PATH } from '../../documents/paths.ts';
import { PLAIN_LAYOUT, type Rows, readSummary } from '../../documents/rows.ts';
import type { Archive } from '../../monitor/archive.ts';
import { StoredDocumentError } from '../../monitor/store.ts';
import type { RecordedTree } from './tree.ts';

/** @returns the recorded rows, or in one sentence why there are none */
export async function readRecordedSummary(
  archive: Archive,
  tree: RecordedTree,
): Promise<Rows | string> {
  try {
    const document = await tree.readDocument(SUMMARY_PATH);
    if (document === undefined) return 'it has no summary';
    return readSummary(document as object, archive.summary);
  } catch (error) {
    if (!(error instanceof StoredDocumentError)) throw error;
    return (await repaired(archive, tree)) ?? `its summary cannot be read: ${error.message}`;
  }
}

async function repaired(archive: Archive, tree: RecordedTree): Promise<Rows | null> {
  const bytes = await tree.readBytes(SUMMARY_PATH);
  const json = parseJson(bytes?.toString() ?? '');
  if (!json.ok) return null;
  const upgraded = archive.documents.upgrade?.('summary', json.value) ?? {
    ok: true as const,
    value: json.value,
  };
  if (!upgraded.ok) return null;
  const { schema, rowSchema } = archive.summary ?? PLAIN_LAYOUT;
  const whole = upgraded.value as { datasets?: unknown };
  if (!Array.isArray(whole.datasets)) return null;
  const datasets: unknown[] = [];
  for (const row of whole.datasets) {
    const { issues } = withIssues(checkValue(rowSchema, row));
    datasets.push(issues.reduce((fixed, { field }) => withoutField(fixed, field), row));
  }
  const checked = checkValue(schema, { ...whole, datasets });
  return checked.ok ? readSummary(checked.value as object, archive.summary) : null;
}

const withIssues = (checked: ReturnType<typeof checkValue>) =>
  checked.ok ? { issues: [] } : checked;

/** @param field `issueSubtypes.github` */
function withoutField(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [name = '', ...rest] = field.split('.');
  const before: unknown = Reflect.get(value, name);
  return { ...value, [name]: rest.length === 0 ? null : withoutField(before, rest.join('.')) };
}
