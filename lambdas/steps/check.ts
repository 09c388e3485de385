// One share of a check. When time is nearly up, it keeps what is done, and the state machine sends
// another function for the rest.

import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import { isNeeded, servedBy } from '../../core/monitor/archive.ts';
import { isWanted } from '../../core/monitor/context.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import type { CheckResult, Run, ShardRef } from '../contract.ts';
import { documentsOnly, trackingStore } from '../dataset-state.ts';
import { OUT_OF_TIME } from '../names.ts';
import { beginShard, readShard, writeReport, writeStates } from '../run-files.ts';
import { keepLock, named, stageContext, type Tools } from './tools.ts';

/** @throws OutOfTime when datasets are left, Superseded when another run has begun */
export async function checkStep(
  tools: Tools,
  { run, shard }: { readonly run: Run; readonly shard: ShardRef },
): Promise<CheckResult> {
  const { store, now, archive, invocation } = tools;
  const { definition } = archive;
  const measurement = definition.measurements.find(({ id }) => id === tools.measurement);
  if (!measurement) throw new Error(`no measurement ${tools.measurement}`);
  await keepLock(tools, run);
  const began = now().getTime();
  const { datasets, handed } = await readShard(store, run, shard);
  const who = { stage: measurement.id, shard: shard.id, invocation };
  const isFirst = await beginShard(store, run, who);
  const known = trackingStore(store, definition, isFirst ? handed : documentsOnly(handed));
  const context = stageContext(tools, run, known);
  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (!registry) throw new Error('the registry cannot be read');
  const through: string[] = [];
  const wanted = isWanted(context, measurement.id) ? datasets : [];
  const report = await measurement.run(context, registry, wanted, {
    through: (dataset) => through.push(dataset),
  });
  if (isNeeded(definition, measurement.id)) {
    const served = servedBy(definition, measurement.id);
    const all = new Map(through.map((dataset) => [dataset, known.changesOf(dataset, served)]));
    await writeStates(store, run, who, all);
  }
  const complete = report.done === report.total;
  await writeReport(store, run, invocation, {
    stage: report.stage,
    shard: shard.id,
    complete,
    total: report.total,
    done: report.done,
    failed: [...report.failed],
    ...(report.fromFuture !== undefined && { fromFuture: report.fromFuture }),
    ...(tools.tokenFault && { tokenFault: tools.tokenFault() }),
    milliseconds: now().getTime() - began,
    memoryBytes: tools.memoryBytes(),
    traffic: archive.traffic,
  });
  if (!complete) {
    const left = report.total - report.done;
    throw named(OUT_OF_TIME, `${left} of ${report.total} datasets are left`);
  }
  return {
    ok: true,
    shard: shard.id,
    total: report.total,
    done: report.done - report.failed.length,
    failed: report.failed.length,
  };
}
