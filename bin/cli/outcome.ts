// The outcome of a run, as a table for people or as JSON.

import {
  type Catalogue,
  checkOf,
  sentenceWordsOf,
  subtypeOf,
} from '../../core/documents/catalogue.ts';
import { countIssues, countStatuses } from '../../core/documents/counts.ts';
import { counted, date, number } from '../../core/documents/format.ts';
import { headline } from '../../core/documents/headline.ts';
import type { Row } from '../../core/documents/rows.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { PENDING_WORDS } from '../../core/documents/words.ts';
import { worstFirst } from '../../core/documents/worst-first.ts';
import type { Stage } from '../../core/monitor/context.ts';
import { discardedResults } from '../../core/monitor/frame.ts';
import { isUnverified } from '../../core/monitor/hold.ts';
import type { RunResult } from '../../core/monitor/run.ts';
import type { Traffic } from '../../core/traffic.ts';
import type { DryRunChanges } from '../store/dry-run.ts';
import { bytes, duration, plain, statusText } from './format.ts';
import { ownCommand, shellWord } from './own-command.ts';

export interface OutcomeFacts {
  readonly outcome: RunResult['outcome'];
  readonly why: readonly string[];
  readonly runStart: string;
  readonly out: string;
  readonly durationSeconds: number;
  /** Datasets by overall status; null if nothing was summarized. */
  readonly statuses: Readonly<Record<Status, number>> | null;
  /** Datasets with each issue, by check and the most frequent first; `label` is the page's text. */
  readonly subtypes: readonly {
    check: string;
    subtype: string;
    label: string;
    datasets: number;
  }[];
  /** The datasets that need somebody most, each with its worst finding in a sentence. */
  readonly worst: readonly {
    id: string;
    status: Status;
    since: string | null;
    says: string;
  }[];
  /** Datasets with a check whose newest attempt failed. */
  readonly unverified: number;
  /** Datasets with findings that do not count yet. */
  readonly justPublished: number;
  readonly stages: readonly {
    stage: Stage;
    total: number;
    done: number;
    skipped: number;
    notMeasured: number;
    notes: readonly string[];
  }[];
  readonly traffic: Traffic;
  /** The writes that a dry run would make; null for another run. */
  readonly dryRun: DryRunChanges | null;
}

export function gatherFacts(
  catalogue: Catalogue,
  result: RunResult,
  run: Pick<OutcomeFacts, 'runStart' | 'out' | 'durationSeconds' | 'traffic' | 'dryRun'>,
): OutcomeFacts {
  const rows = result.summary?.datasets ?? [];
  return {
    outcome: result.outcome,
    why: result.why,
    ...run,
    statuses: result.summary && countStatuses(result.summary.datasets),
    subtypes: issueFacts(catalogue, rows),
    worst: worstFacts(catalogue, rows),
    unverified: countUnverified(result),
    justPublished: rows.filter((row) => row.pending !== null).length,
    stages: result.reports.map(({ stage, total, done, skipped, failed, notes }) => ({
      stage,
      total,
      done,
      skipped,
      notMeasured: failed.length,
      notes,
    })),
  };
}

/** Unverified datasets of the summary, plus those whose result of this run was not kept. */
function countUnverified({ summary, reports }: RunResult): number {
  if (!summary) return 0;
  const rows = summary.datasets.filter(isUnverified).map(({ id }) => id);
  return discardedResults(reports).union(new Set(rows)).size;
}

function issueFacts(catalogue: Catalogue, rows: readonly Row[]): OutcomeFacts['subtypes'] {
  const found = Array.from(countIssues(catalogue, rows), ([issue, datasets]) => ({
    check: checkOf(issue),
    subtype: subtypeOf(issue),
    label: catalogue.issues.get(issue)?.label ?? '',
    datasets,
  })).filter(({ datasets }) => datasets > 0);
  // By check, the most frequent first.
  return catalogue.checks.flatMap(({ id }) =>
    found.filter(({ check }) => check === id).sort((a, b) => b.datasets - a.datasets),
  );
}

/** More are in the list that `serve` shows. */
const MOST_WORST = 5;

function worstFacts(catalogue: Catalogue, rows: readonly Row[]): OutcomeFacts['worst'] {
  const faulty = rows.filter(({ status }) => status !== 'ok' && status !== 'pending');
  return worstFirst(catalogue, faulty)
    .slice(0, MOST_WORST)
    .map((row) => {
      const { id, status } = row;
      const { says, since } = headline(catalogue, row, sentenceWordsOf(catalogue));
      return { id, status, since, says };
    });
}

const HEADLINES: Readonly<Record<RunResult['outcome'], string>> = {
  published: 'Published',
  checked: 'Checked; nothing was summarized (run the stage summarize for that)',
  unchanged: 'Nothing has changed, so nothing was measured and nothing published',
  held: 'Held: the summary was not replaced',
  failed: 'Failed: nothing was published',
  interrupted: 'Interrupted; what was measured is kept',
  refused: 'Refused: nothing was done',
};

/** The table for people; in colour if the stream supports it and NO_COLOR is unset. */
export function outcomeText(facts: OutcomeFacts, stream: NodeJS.WritableStream): string {
  const sections = [
    title(facts),
    statusTable(facts, stream),
    subtypeTable(facts),
    trafficTable(facts.traffic),
    notes(facts),
    worstTable(facts, stream),
    closing(facts),
  ];
  return `${sections.filter((lines) => lines.length > 0).join('\n\n')}\n`;
}

function title({ outcome, why, dryRun }: OutcomeFacts): string {
  const said = dryRun && outcome === 'published' ? 'Would be published' : HEADLINES[outcome];
  return [said, ...why.map((sentence) => `  ${plain(sentence)}`)].join('\n');
}

function statusTable({ statuses }: OutcomeFacts, stream: NodeJS.WritableStream): string {
  if (!statuses) return '';
  const total = Object.values(statuses).reduce((sum, datasets) => sum + datasets, 0);
  const found = STATUSES.filter((status) => statuses[status] > 0);
  const rows = found.map((status) => [status, number(statuses[status])]);
  const [head = '', ...lines] = table([['status', 'datasets'], ...rows, ['all', number(total)]], 1);
  const colored = lines.map((line, i) => {
    const status = found[i];
    if (!status) return line;
    return statusText(status, status, stream) + line.slice(status.length);
  });
  return [head, ...colored].join('\n');
}

function subtypeTable({ subtypes }: OutcomeFacts): string {
  if (subtypes.length === 0) return '';
  const rows = subtypes.map(({ check, subtype, label, datasets }) => [
    check,
    `${label} (${subtype})`,
    number(datasets),
  ]);
  return table([['check', 'finding', 'datasets'], ...rows], 2).join('\n');
}

function worstTable({ worst }: OutcomeFacts, stream: NodeJS.WritableStream): string {
  if (worst.length === 0) return '';
  const isDated = worst.some(({ since }) => since !== null);
  const row = (id: string, status: string, since: string, says: string) =>
    isDated ? [id, status, since, says] : [id, status, says];
  const rows = worst.map(({ id, status, since, says }) =>
    row(id, status, since === null ? '' : date(since), says),
  );
  const [head = '', ...lines] = table([row('worst', 'status', 'since', ''), ...rows], 4);
  const colored = lines.map((line, i) => {
    const status = worst[i]?.status ?? 'ok';
    return line.replace(status, statusText(status, status, stream));
  });
  return [head, ...colored].join('\n');
}

function trafficTable(traffic: Traffic): string {
  const used = Object.values(traffic).filter(({ requests }) => requests > 0);
  if (used.length === 0) return '';
  const row = (name: string, counts: typeof used) => {
    const sum = (field: 'requests' | 'retries' | 'bytes') =>
      counts.reduce((total, count) => total + count[field], 0);
    return [name, number(sum('requests')), number(sum('retries')), bytes(sum('bytes'))];
  };
  return table(
    [
      ['kind', 'requests', 'retries', 'received'],
      ...Object.entries(traffic).flatMap(([kind, count]) =>
        count.requests > 0 ? [row(kind, [count])] : [],
      ),
      row('all', used),
    ],
    1,
  ).join('\n');
}

function notes({ stages }: OutcomeFacts): string {
  return stages
    .filter(({ stage }) => stage !== 'summarize')
    .flatMap(({ stage, notes }) => notes.map((note) => `${stage}: ${plain(note)}`))
    .join('\n');
}

function closing(facts: OutcomeFacts): string {
  const { statuses, unverified, justPublished, stages, durationSeconds, dryRun, out } = facts;
  const checks = stages.filter(({ stage }) => stage !== 'fetch-registry');
  const failures = checks.reduce((sum, { notMeasured }) => sum + notMeasured, 0);
  const lines = [];
  if (unverified > 0) {
    lines.push(`Unverified: ${counted(unverified, 'dataset')} whose newest measurement failed`);
  } else if (statuses === null && failures > 0) {
    lines.push(`Not measured: ${counted(failures, 'check')}`);
  }
  if (justPublished > 0) {
    const { label } = PENDING_WORDS['just-published'];
    lines.push(
      `${label}: ${counted(justPublished, 'dataset')} with findings that do not count yet`,
    );
  }
  lines.push(`Took ${duration(durationSeconds * 1000)}`);
  if (dryRun) {
    const documents = counted(dryRun.documents.length, 'document');
    lines.push(
      `Dry run: nothing was written to ${out}; it would have been ${documents}, ` +
        `${counted(dryRun.records, 'record')} and ${counted(dryRun.trees, 'list of files', 'lists of files')}, ` +
        `${number(dryRun.unchanged)} unchanged`,
    );
    if (dryRun.removed.length > 0) {
      const datasets = counted(dryRun.removed.length, 'withdrawn dataset');
      lines.push(`The documents and records of ${datasets} would have been removed`);
    }
  } else {
    lines.push(...next(facts));
  }
  return lines.join('\n');
}

/** The person's next steps. */
function next({ outcome, out, statuses, why }: OutcomeFacts): string[] {
  switch (outcome) {
    case 'published':
      return statuses === null
        ? []
        : [
            `The results are in ${out}; look at them with:`,
            `${ownCommand()} serve --out ${shellWord(out)}`,
          ];
    case 'held':
      return [
        `The measurements are in ${out}, the last good summary stays. Run again when the cause is gone; --publish-anyway overrules the hold`,
      ];
    case 'failed':
      return why.some((sentence) => sentence.includes('--accept-shrink'))
        ? []
        : [`What ${out} held before is unchanged. Run again when the cause is gone`];
    case 'refused':
      return ['Correct the command'];
    case 'interrupted':
      return ['Run the same command again to continue from here'];
    case 'unchanged':
      return [`${out} is as it was`];
    case 'checked':
      return [`Documents are in ${out}`];
  }
}

/** Aligned columns; from the given column on they are numbers, aligned right. */
function table(rows: readonly (readonly string[])[], firstNumber: number): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i < firstNumber ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
