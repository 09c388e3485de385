// `mirrorwatch status`: the last runs of the deployed monitor, from its records.

import { number } from '../../core/documents/format.ts';
import { type RunRecord, runRecordSchema } from '../../core/documents/records.ts';
import { rulesNote } from '../../core/documents/sentences.ts';
import { RUNS } from '../../lambdas/names.ts';
import { duration, plain } from '../cli/format.ts';
import { ownCommand } from '../cli/own-command.ts';
import type { StatusOptions } from './options.ts';
import { askingAws, findStack } from './stack.ts';

/** @returns 0 if the newest ended run was published and nobody needs to look at it, else 1 */
export async function statusCommand(options: StatusOptions): Promise<number> {
  const runs = await askingAws(options.stack, () => lastRuns(options));
  process.stdout.write(options.json ? `${JSON.stringify(runs)}\n` : `${statusText(runs)}\n`);
  return statusCode(runs);
}

export function statusCode(runs: readonly RunRecord[]): number {
  const newest = runs.find(({ outcome }) => outcome !== 'running');
  return newest?.outcome === 'published' && newest.why.length === 0 ? 0 : 1;
}

async function lastRuns({ stack, last }: StatusOptions): Promise<RunRecord[]> {
  const { tableName } = await findStack(stack);
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient, QueryCommand } = await import('@aws-sdk/lib-dynamodb');
  const { Items = [] } = await DynamoDBDocumentClient.from(new DynamoDBClient()).send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :runs',
      ExpressionAttributeValues: { ':runs': RUNS },
      ScanIndexForward: false,
      Limit: last,
    }),
  );
  return Items.flatMap((item) => runRecordSchema.safeParse(item).data ?? []);
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

/** A table, the newest run first; below it why one was not published, and changed rules. */
export function statusText(runs: readonly RunRecord[]): string {
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
  return [...table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function cellsOf({ runStart, finishedAt, outcome, totals }: RunRecord): readonly string[] {
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
