// One share of a check. When time is nearly up, it keeps what is done, and the state machine sends
// another function for the rest. After one that died, the next work on one dataset at a time and say
// which: what kills again is recorded as `killed` and left out, so that the others are measured
// (docs/checks.md#unverified).

import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import { isNeeded, servedBy } from '../../core/monitor/archive.ts';
import { madeBy } from '../../core/monitor/context.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import { recordUnreported } from '../../core/monitor/record-unreported.ts';
import type { CheckResult, Run, ShardRef } from '../contract.ts';
import { documentsOnly, trackingStore } from '../dataset-state.ts';
import { OUT_OF_TIME } from '../names.ts';
import { beginShard, writeInWork, writeReport } from '../run-files/reports.ts';
import { readShard } from '../run-files/shards.ts';
import { writeStates } from '../run-files/states.ts';
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
  const earlier = await beginShard(store, run, who);
  const known = trackingStore(store, definition, earlier.any ? documentsOnly(handed) : handed);
  const context = stageContext(tools, run, known);
  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (!registry) throw new Error('the registry cannot be read');
  const through: string[] = [];
  const made = madeBy(context, measurement.id);
  const wanted = made.length > 0 ? datasets : [];
  const killers = wanted.filter((dataset) => earlier.killers.has(dataset));
  await recordUnreported(
    context,
    registry,
    made.map((check) => ({ check, datasets: killers, reason: 'killed' })),
  );
  const others = wanted.filter((dataset) => !earlier.killers.has(dataset));
  const working = earlier.died
    ? { ...context, options: { ...context.options, concurrency: 1 } }
    : context;
  const report = await measurement.run(working, registry, others, {
    through: (dataset) => through.push(dataset),
    ...(earlier.died && {
      from: eachBegun(others, (dataset) => writeInWork(store, run, who, dataset)),
    }),
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
    skipped: report.skipped,
    failed: [...report.failed, ...killers.map((dataset) => ({ dataset, reason: 'killed' }))],
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
    total: report.total + killers.length,
    done: report.done - report.failed.length,
    failed: report.failed.length + killers.length,
  };
}

/** Each dataset after it was told that it begins; undefined when all are done. */
async function* eachBegun(
  datasets: readonly string[],
  begin: (dataset: string | undefined) => Promise<void>,
): AsyncGenerator<string> {
  for (const dataset of datasets) {
    await begin(dataset);
    yield dataset;
  }
  await begin(undefined);
}
