// The functions of an archive's pipeline, and the memory that each has for the archive's size.

import { type Archive, FIRST_STAGE, LAST_STAGE } from '../core/monitor/archive.ts';
import { WATCH } from '../lambdas/names.ts';

/** Divides the measurements of a later level into shards. */
export const PLAN = 'plan';

/** The functions of an archive's pipeline. */
export function pipelineStages({ measurements }: Archive): readonly string[] {
  return [FIRST_STAGE, ...measurements.map(({ id }) => id), PLAN, LAST_STAGE];
}

/**
 * With more datasets the registry takes longer to read than the hourly look has, and three functions
 * need more of a processor (docs/aws.md, "What the functions need").
 */
export const LARGE = 50_000;
/** No more were simulated (test/scale). */
export const MOST_DATASETS = 100_000;

/** @param datasets that there may be, by the setting */
export const sizedFor = (datasets: number): number => (datasets > LARGE ? MOST_DATASETS : LARGE);

/**
 * Twice the worst case that the benchmark measured on the archive, and at least 512 MB: with less,
 * a function has little room and starts slowly. docs/aws.md, "What the functions need", has the
 * figures.
 */
export const memoryOf = ({ measurements }: Archive, datasets: number): Record<string, number> => ({
  [FIRST_STAGE]: datasets > LARGE ? 1024 : 640,
  ...Object.fromEntries(measurements.map(({ id, workers }) => [id, workers.memory])),
  [PLAN]: datasets > LARGE ? 1769 : 1024,
  [LAST_STAGE]: datasets > LARGE ? 1769 : 1024,
  // It holds no more than the registry and the published summary, and mostly waits.
  [WATCH]: 256,
});
