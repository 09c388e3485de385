// Before files are compared: shares of equal cost, by the number of files last counted.

import { balance, filesCost } from '../../core/monitor/plan.ts';
import type { PlanResult, Run } from '../contract.ts';
import { readDatasets, writeShards } from '../run-files.ts';
import { asksFor, keepLock, type Tools } from './tools.ts';

/** Requests of one share: at 50 ms each some twelve seconds of waiting, spread over a function's datasets. */
const REQUESTS_A_SHARE = 250;
const MOST_SHARES = 300;

export async function planStep(tools: Tools, run: Run): Promise<PlanResult> {
  await keepLock(tools, run);
  if (!asksFor(run, 'check-s3-files')) return { run, shards: [] };
  const datasets = await readDatasets(tools.store, run);
  const known = await tools.store.readRecords(datasets, 's3Files');
  const costs = datasets.map((dataset) => ({
    dataset,
    cost: filesCost(known.get(dataset)?.numbers?.files),
  }));
  const shares = balance(costs, { target: REQUESTS_A_SHARE, most: MOST_SHARES });
  return { run, shards: await writeShards(tools.store, run, 'check-s3-files', shares) };
}
