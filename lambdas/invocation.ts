// One invocation of a function: checks its event, tracks its time, writes its logs and metrics.

import * as z from 'zod';
import { foldingLog } from '../core/fold-log.ts';
import { openTools } from './context.ts';
import type { Run } from './contract.ts';
import { beginLog, type LambdaContext, publishMetrics } from './logging.ts';
import { INVALID_INPUT, OUT_OF_TIME } from './names.ts';
import { named, type Tools } from './steps/tools.ts';

/** Enough to save the datasets in work, the record and the report. */
const STOP_BEFORE_MS = 10_000;

/** The handler of a step. It throws errors whose names the state machine knows. */
export function handlerOf<E extends { readonly run?: Run }, R>(
  schema: z.ZodType<E>,
  step: (tools: Tools, event: E) => Promise<R>,
): (event: unknown, context: LambdaContext) => Promise<R> {
  return async (input, context) => {
    const parsed = schema.safeParse(input);
    const warnings = foldingLog(beginLog(context, parsed.data?.run), {
      now: Date.now,
      // Each dataset has its own lines, so that they can be found by its id.
      apart: ['milliseconds'],
    });
    const { log } = warnings;
    if (!parsed.success) {
      const detail = z.prettifyError(parsed.error);
      log('error', 'input refused', { detail });
      throw named(INVALID_INPUT, detail);
    }
    const time = new AbortController();
    const timer = setTimeout(
      () => time.abort(named(OUT_OF_TIME, 'the time is nearly up')),
      Math.max(0, context.getRemainingTimeInMillis() - STOP_BEFORE_MS),
    );
    const tools = await openTools(log, time.signal, parsed.data.run);
    try {
      const result = await step(tools, parsed.data);
      log('info', 'ended', { result: withoutRun(result) });
      return result;
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      log('error', 'failed', { name, detail: message });
      throw error;
    } finally {
      clearTimeout(timer);
      warnings.flush();
      publishMetrics();
      await tools.close();
    }
  };
}

/** Every line already names the run. */
function withoutRun(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const { run: _, shards: __, ...rest } = result as Record<string, unknown>;
  return rest;
}
