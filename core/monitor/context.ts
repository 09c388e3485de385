// The context of a stage, and which checks and measurements a run makes.

import { allChecks, type Checked } from './check.ts';
import type { StageOptions } from './stage.ts';

export type { StageContext } from './archive.ts';
export type { Log, Progress, Stage, StageOptions, StageReport } from './stage.ts';

interface Chosen {
  readonly archive: Checked;
  readonly options: Pick<StageOptions, 'checks'>;
}

/** Whether a run makes a content check. */
export const isMade = ({ options }: Pick<Chosen, 'options'>, name: string): boolean =>
  options.checks?.has(name) ?? true;

/** The checks of an entry that a run makes, in order; name checks always. */
export function madeChecks(context: Chosen): readonly string[] {
  return context.archive.checks.flatMap(({ id, of }) =>
    of === 'names' || isMade(context, id) ? [id] : [],
  );
}

/** The checks that a run makes with a measurement. */
export function madeBy(context: Chosen, measurement: string): readonly string[] {
  const served = allChecks(context.archive).filter(({ stage }) => stage === measurement);
  return served.flatMap(({ id, of }) => (of === 'names' || isMade(context, id) ? [id] : []));
}

/** Whether a run makes any check that the measurement serves. */
export const isWanted = (context: Chosen, measurement: string): boolean =>
  madeBy(context, measurement).length > 0;
