// `mirrorwatch show ID`: all that is published about one dataset, for a terminal or a CI job.

import { InvalidArgumentError } from 'commander';
import { ARCHIVES } from '../../archives/index.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { date } from '../../core/documents/format.ts';
import { leastChangeFirst } from '../../core/documents/likely-causes.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import type { HistoryIndex } from '../../core/history/documents.ts';
import { INDEX_PATH } from '../../core/history/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { plain, plainJson } from './format.ts';
import { noIdsText } from './options.ts';
import type { ShowOptions } from './reading-commands.ts';
import { FOUND, WRONG_USAGE } from './report.ts';
import { openResults, type Results } from './results.ts';
import { showJson, showText } from './show-text.ts';

/**
 * @returns 0; FOUND if the dataset's status is `failOn` or worse; WRONG_USAGE if it is not there
 * @throws Problem if the folder has no results
 */
export async function showCommand(
  id: string,
  options: ShowOptions,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  const { format, failOn } = options;
  const results = await openResults(options, archives);
  if (!results.archive.isId(id)) {
    throw new InvalidArgumentError(`${noIdsText(results.archive, [id])}.`);
  }
  const { rowOf, lastUpdated, notes, about } = await results.readRows();
  const row = rowOf(id);
  if (row === undefined) {
    process.stderr.write(`mirrorwatch: ${plain(await absence(results, id))}\n`);
    return WRONG_USAGE;
  }
  const firstRun = await results.readFirstRun();
  const likely =
    results.archive.likelyCauses?.(about, row, results.catalogue) ?? (await results.readCauses(id));
  const causes = leastChangeFirst(results.catalogue, likely);
  const shown = { row, lastUpdated, notes, firstRun, causes };
  const { catalogue } = results;
  process.stdout.write(
    format === 'json'
      ? `${plainJson(showJson(catalogue, shown))}\n`
      : showText(catalogue, shown, process.stdout),
  );
  const rank = STATUSES.indexOf(row.status);
  return failOn !== undefined && rank <= STATUSES.indexOf(failOn) ? FOUND : 0;
}

async function absence({ archive, read }: Results, id: string): Promise<string> {
  const { title, entry } = archive.words;
  const registry = await read<Registry>(REGISTRY_PATH);
  const withdrawn = registry?.withdrawn?.find((one) => one.id === id);
  if (withdrawn) return `${id} was withdrawn on ${date(withdrawn.since)}; its results are not kept`;
  const left = (await read<HistoryIndex>(INDEX_PATH))?.withdrawn[id];
  const none = `the published results of ${title} have no ${entry} ${id}`;
  return left === undefined ? none : `${none}; since ${date(left)} it is no longer listed`;
}
