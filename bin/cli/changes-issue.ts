// The faults as a task list for a GitHub issue, by cause, each with the command that fixes it. It
// names no present time, so what differs between two lists is what changed.

import { compareBytes } from '../../core/compare/byte-order.ts';
import type { Cause } from '../../core/documents/catalogue.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { counted, number } from '../../core/documents/format.ts';
import { fenced, findingWords, foreign, numbersText } from '../../core/documents/issue-text.ts';
import type { LikelyCause } from '../../core/documents/likely-causes.ts';
import { STATUS_PATH } from '../../core/documents/paths.ts';
import { archiveMessage } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { isFault } from '../../core/documents/vocabulary.ts';
import type { ChangesSince } from '../../core/history/read-changes.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { sinceWords } from '../../core/history/words.ts';
import type { Results } from './results.ts';

/** A dataset, and its checks that are at fault. */
interface Task {
  readonly row: Row;
  readonly checks: readonly string[];
}

/**
 * @param found null: all faults that stand; otherwise those of them that began since then, and
 * what was fixed, as done
 */
export async function changesIssue(results: Results, found: ChangesSince | null): Promise<string> {
  const { catalogue, readRows, readFirstRun, readCauses, read } = results;
  const { ids, rowOf } = await readRows();
  const rows = [...ids].sort(compareBytes).flatMap((id) => rowOf(id) ?? []);
  const tasksOf = (isOne: (row: Row, check: string) => boolean): Task[] =>
    rows.flatMap((row) => {
      const checks = Object.keys(row.checks).filter((check) => isOne(row, check));
      return checks.length === 0 ? [] : [{ row, checks }];
    });
  const told = new Set(
    found?.changes.flatMap(({ because, kind, id, check }) =>
      because === undefined ? [`${kind} ${id} ${check}`] : [],
    ),
  );
  const isNew = (id: string, check: string) =>
    // All faults of a dataset that was listed since then.
    [check, OVERALL].some((one) => told.has(`new-fault ${id} ${one}`));
  const faults = tasksOf(
    (row, check) => isFaulty(row, check) && (found === null || isNew(row.id, check)),
  );
  const mended = tasksOf(
    (row, check) => !isFaulty(row, check) && told.has(`mended ${row.id} ${check}`),
  );

  const firstRun = await readFirstRun();
  const about = ({ row, checks }: Task): string => {
    const name = row.name === null ? '' : ` (${foreign(row.name)})`;
    const says = checks.map((check) => {
      const own = row.checks[check];
      const facts = [
        findingWords(catalogue, row, check),
        numbersText(catalogue, row, check),
        own && isFaulty(row, check) ? sinceWords(own.since, firstRun) : '',
      ];
      return facts.filter((fact) => fact !== '').join(', ');
    });
    return `**${foreign(row.id)}**${name} ${says.join('; ')}`;
  };

  const { title, entry } = catalogue.words;
  const message = archiveMessage((await read<RunStatus>(STATUS_PATH))?.archive ?? null);
  const what = found === null ? 'faults' : 'new faults';
  const sections = [
    `## ${title}: ${counted(faults.length, entry)} with ${what}`,
    ...(message === null ? [] : [`**${message.title}**`]),
  ];
  for (const cause of [...catalogue.causes, null]) {
    const tasks = faults.filter(({ row: { causes } }) =>
      cause === null ? (causes ?? []).length === 0 : causes?.includes(cause.id),
    );
    if (tasks.length === 0) continue;
    const items = [];
    for (const task of tasks) {
      const causes = cause === null ? [] : await readCauses(task.row.id);
      const own = causes.find((one) => one.cause === cause?.id);
      items.push([`- [ ] ${about(task)}`, ...commandLines(own)].join('\n'));
    }
    const isLong = items.some((item) => item.includes('\n'));
    sections.push(...heading(cause, tasks.length), items.join(isLong ? '\n\n' : '\n'));
  }
  if (mended.length > 0) {
    sections.push(`### Fixed (${number(mended.length)})`);
    sections.push(mended.map((task) => `- [x] ${about(task)}`).join('\n'));
  }
  return `${sections.join('\n\n')}\n`;
}

const isFaulty = ({ checks }: Row, check: string): boolean => {
  const own = checks[check];
  return own !== undefined && isFault(own.status);
};

function heading(cause: Cause | null, tasks: number): string[] {
  if (cause === null) return [`### Cause not determined (${number(tasks)})`];
  const { label, says, caution } = cause;
  const sentences = caution === null ? says : `${says} ${caution}`;
  return [`### ${label} (${number(tasks)})`, sentences];
}

function commandLines(cause: LikelyCause | undefined): string[] {
  if (cause?.mend == null) return [];
  const caution = cause.untested ? ['  *Never tested:*', ''] : [];
  return ['', ...caution, ...fenced(cause.mend).map((line) => `  ${line}`)];
}
