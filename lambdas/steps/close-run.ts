// The end of a run on AWS: its record, with the problems that stand after it; the metrics that the
// alarms watch; and a mail where the problems changed. CloudWatch's own mail can only say that there
// are some.

import type { RunRecord } from '../../core/documents/records.ts';
import { visible } from '../../core/documents/visible.ts';
import { isWhole, type Run } from '../contract.ts';
import { ALARM_METRICS } from '../names.ts';
import { type Findings, mailOf, type Standing, standingAfter } from '../problems.ts';
import type { Tools } from './tools.ts';

/** Of runs that may lie between one that ended and the one before. */
const RUNS_LOOKED_AT = 50;
/** A sentence about a problem may name what somebody else chose: a tag, a path. */
const LONGEST_SENTENCE = 500;

/**
 * @param write keeps the record; false when it did not, and then nothing is sent
 * @returns whether it was recorded
 */
export async function closeRun(
  tools: Tools,
  run: Run,
  record: RunRecord,
  findings: Findings,
  write: (record: RunRecord) => Promise<unknown> = tools.store.writeRun,
): Promise<boolean> {
  const { metric, log, deployment } = tools;
  const before = await lastHealth(tools, run.start);
  const now = bounded(standingAfter(before.problems, findings));
  const whole = isWhole(run.input);
  const published = whole && record.outcome === 'published';
  const publishedAt = published ? record.finishedAt : before.publishedAt;
  const written = await write({ ...record, health: { problems: now, publishedAt } });
  if (written === false) return false;

  let count = Object.keys(now).length;
  const mail = mailOf(deployment.name, before.problems, now);
  if (mail !== null) {
    try {
      await deployment.tell(mail);
    } catch (error) {
      const { name, message } = error as Error;
      log('error', 'the operator could not be notified', {
        name,
        detail: message,
        mail: mail.subject,
      });
      // The alarm RunHealth then rings by the metric alone.
      count = Math.max(1, count);
    }
  }
  if (whole) metric(ALARM_METRICS.published, published ? 1 : 0);
  if (whole || mail !== null) metric(ALARM_METRICS.problems, count);
  return true;
}

/** A whole run that failed is made up for by a whole one only. */
export function failureOf(run: Run, why: string): Findings {
  return isWhole(run.input) ? { RunFailed: why } : { PartialRunFailed: why };
}

type Health = NonNullable<RunRecord['health']>;

/**
 * As the last run left it.
 * @param before start of a run that does not count, nor does any later one
 */
export async function lastHealth({ store }: Tools, before?: string): Promise<Health> {
  const runs = await store.listRuns(RUNS_LOOKED_AT);
  const last = runs.find(
    ({ runStart, health }) => health && (before === undefined || runStart < before),
  );
  return last?.health ?? { problems: {}, publishedAt: null };
}

function bounded(standing: Standing): Standing {
  return Object.fromEntries(
    Object.entries(standing).map(([name, said]) => {
      const text = visible(said);
      const isLong = text.length > LONGEST_SENTENCE;
      return [name, isLong ? `${text.slice(0, LONGEST_SENTENCE)}…` : text];
    }),
  );
}
