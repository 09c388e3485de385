// Tells CloudWatch for how long no run over everything was published. Without any, it says nothing,
// which counts as silence, too.

import { ALARM_METRICS } from '../names.ts';
import { lastHealth } from './close-run.ts';
import type { Tools } from './tools.ts';

const HOUR_MS = 60 * 60 * 1000;

export async function watchSilenceStep(tools: Tools): Promise<void> {
  const { publishedAt } = await lastHealth(tools);
  if (publishedAt === null) return;
  const silent = tools.now().getTime() - Date.parse(publishedAt);
  tools.metric(ALARM_METRICS.silentHours, Math.max(0, silent / HOUR_MS));
}
