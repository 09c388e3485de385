// `mirrorwatch changes`: what changed from one published run to another.

import { ARCHIVES } from '../../archives/index.ts';
import { csvText } from '../../core/documents/csv.ts';
import { countChanges } from '../../core/history/classify.ts';
import { type ChangesSince, readChanges } from '../../core/history/read-changes.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { Problem } from '../../core/problem.ts';
import { changesIssue } from './changes-issue.ts';
import { changesText } from './changes-text.ts';
import { plainJson } from './format.ts';
import type { ChangesOptions } from './reading-commands.ts';
import { FOUND } from './report.ts';
import { openResults, type Results } from './results.ts';

/**
 * @returns 0, or FOUND if `failOn` names what there is
 * @throws Problem if the folder has no history
 */
export async function changesCommand(
  options: ChangesOptions,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  const { out, since = 'yesterday', format, failOn } = options;
  const results = await openResults(options, archives);
  const found = await readChanges(results.read, since);
  if (found === null) {
    throw new Problem(`${out} holds no history; the next run that publishes begins it`);
  }
  const asked = options.since === undefined ? null : found;
  const output =
    format === 'issue' ? await changesIssue(results, asked) : written(results, found, format);
  process.stdout.write(output);
  const faults = countChanges(found.changes).get('new-fault') ?? 0;
  return failOn !== undefined && faults > 0 ? FOUND : 0;
}

function written(
  { archive, catalogue }: Results,
  found: ChangesSince,
  format: Exclude<ChangesOptions['format'], 'issue'>,
): string {
  const { since, until, changes } = found;
  switch (format) {
    case 'text':
      return changesText(catalogue, found);
    case 'json': {
      const counts = Object.fromEntries(countChanges(changes));
      return `${plainJson({ archive: archive.id, since, until, counts, changes })}\n`;
    }
    case 'csv':
      return csvText([
        ['run', 'id', 'kind', 'check', 'from', 'to', 'because'],
        ...changes.map(({ run, id, kind, check, from, to, because = null }) => [
          ...[run, id, kind, check, from, to, because],
        ]),
      ]);
  }
}
