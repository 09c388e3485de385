// Before the measurements of a further level: shares of equal cost, by what was last measured.

import { levelsOf, lookedAt, servedBy } from '../../core/monitor/archive.ts';
import { balance } from '../../core/monitor/plan.ts';
import type { PlanResult, Run, ShardRef } from '../contract.ts';
import { stateName } from '../names.ts';
import { readDatasets, writeShards } from '../run-files.ts';
import { asksFor, keepLock, type Tools } from './tools.ts';

const MOST_SHARES = 300;

export async function planStep(
  tools: Tools,
  { run, level }: { readonly run: Run; readonly level: number },
): Promise<PlanResult> {
  await keepLock(tools, run);
  const { definition } = tools.archive;
  const shards: Record<string, readonly ShardRef[]> = {};
  for (const { id, cost = () => 1, share: target } of levelsOf(definition)[level] ?? []) {
    shards[stateName(id)] = [];
    if (!asksFor(run, id)) continue;
    const datasets = lookedAt(definition, id, await readDatasets(tools.store, run));
    const [check = ''] = servedBy(definition, id);
    const known = await tools.store.readRecords(datasets, check);
    const costs = datasets.map((dataset) => ({ dataset, cost: cost(known.get(dataset)) }));
    const shares = balance(costs, { target, most: MOST_SHARES });
    shards[stateName(id)] = await writeShards(tools.store, run, id, shares);
  }
  return { run, shards };
}
