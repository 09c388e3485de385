// `mirrorwatch status`: the last runs of the deployed monitor, from its records. Whether a run that
// did not record its end is still on, Step Functions knows.

import { number } from '../../core/documents/format.ts';
import { type RunRecord, runRecordSchema } from '../../core/documents/records.ts';
import { rulesNote } from '../../core/documents/sentences.ts';
import { keysOf, LONGEST_RUN_MS } from '../../lambdas/names.ts';
import { duration, plain } from '../cli/format.ts';
import { ownCommand } from '../cli/own-command.ts';
import type { StatusOptions } from './options.ts';
import { askingAws, findStack, type StackParts } from './stack.ts';

/** A run as it is shown. */
export interface ShownRun extends Omit<RunRecord, 'outcome'> {
  /** `died`: it is over, and nothing recorded its end. */
  readonly outcome: RunRecord['outcome'] | 'died';
}

/** @returns 0 if the newest ended run was published and no problem stands after it, else 1 */
export async function statusCommand(options: StatusOptions): Promise<number> {
  const runs = await askingAws(options.stack, () => lastRuns(options));
  process.stdout.write(options.json ? `${JSON.stringify(runs)}\n` : `${statusText(runs)}\n`);
  return statusCode(runs);
}

export function statusCode(runs: readonly ShownRun[]): number {
  const newest = runs.find(({ outcome }) => outcome !== 'running');
  const isWell = newest?.outcome === 'published' && newest.why.length === 0;
  return isWell && problemsOf(newest).length === 0 ? 0 : 1;
}

async function lastRuns(options: StatusOptions): Promise<ShownRun[]> {
  const parts = await findStack(options);
  const { tableName } = parts;
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient, QueryCommand } = await import('@aws-sdk/lib-dynamodb');
  const { Items = [] } = await DynamoDBDocumentClient.from(new DynamoDBClient()).send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :runs',
      ExpressionAttributeValues: { ':runs': keysOf(options.folder).run('').pk },
      ScanIndexForward: false,
      Limit: options.last,
    }),
  );
  const runs = Items.flatMap((item) => runRecordSchema.safeParse(item).data ?? []);
  const ask = asking(parts);
  return Promise.all(runs.map((run) => shownRun(run, new Date(), ask)));
}

/** How an execution ended, by its name; null if it is on. */
type AskEnd = (execution: string) => Promise<string | null>;

/** A run that recorded no end is on only if its execution is. */
export async function shownRun(run: RunRecord, now: Date, ask: AskEnd): Promise<ShownRun> {
  if (run.outcome !== 'running') return run;
  const died = (why: string): ShownRun => ({ ...run, outcome: 'died', why: [...run.why, why] });
  if (now.getTime() - Date.parse(run.runStart) > LONGEST_RUN_MS) {
    return died('It did not end within the time that a run may take.');
  }
  const ended = run.execution === undefined ? null : await ask(run.execution);
  return ended === null ? run : died(`Its execution is over (${ended}), and nothing recorded why.`);
}

function asking({ stateMachineArn }: Pick<StackParts, 'stateMachineArn'>): AskEnd {
  return async (execution) => {
    const { DescribeExecutionCommand, SFNClient } = await import('@aws-sdk/client-sfn');
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
    try {
      const { status } = await new SFNClient().send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === undefined ? null : status;
    } catch (error) {
      // It was deleted with its state machine.
      if ((error as Error).name === 'ExecutionDoesNotExist') return 'it does not exist';
      throw error;
    }
  };
}

const COLUMNS = [
  'started',
  'took',
  'outcome',
  'datasets',
  'bad',
  'unverified',
  'requests',
] as const;

/**
 * A table, the newest run first; below it why one was not published, and changed rules; below them
 * the problems that stand (docs/runbook.md).
 */
export function statusText(runs: readonly ShownRun[]): string {
  if (runs.length === 0) return `There was no run yet; start one with: ${ownCommand()} rerun`;
  const rows = [COLUMNS, ...runs.map(cellsOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = runs.flatMap(({ runStart, why, totals }) => {
    const rules = totals?.rulesChanged ? [rulesNote(totals.rulesChanged)] : [];
    const said = [...why, ...rules, ...(totals?.notes ?? [])];
    return said.length > 0 ? [`${minute(runStart)}: ${plain(said.join(' '))}`] : [];
  });
  const newest = runs.find(({ outcome }) => outcome !== 'running');
  const problems = problemsOf(newest).map(([name, said]) => `${name}: ${plain(said)}`);
  return [table, notes, problems]
    .flatMap((part, at) => (at > 0 && part.length > 0 ? ['', ...part] : part))
    .join('\n');
}

const problemsOf = (run: ShownRun | undefined) => Object.entries(run?.health?.problems ?? {});

function cellsOf({ runStart, finishedAt, outcome, totals }: ShownRun): readonly string[] {
  const took = finishedAt === null ? '' : duration(Date.parse(finishedAt) - Date.parse(runStart));
  const began = [minute(runStart), took, outcome];
  if (!totals) return [...began, '', '', '', ''];
  const { overall, traffic } = totals;
  const requests = Object.values(traffic).reduce((sum, { requests }) => sum + requests, 0);
  const bad = overall.error + overall['version-mismatch'];
  return [...began, ...[totals.datasets, bad, totals.unverified, requests].map(number)];
}

/** `2026-08-01 06:00` in UTC. */
const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
