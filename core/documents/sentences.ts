// The sentences above the numbers, on the page and in the plain summary: the summary in one
// sentence, and what a reader must know before trusting it.

import type { RunStatus } from './documents.ts';
import { age, counted, listed, moment, number } from './format.ts';
import { type Message, registryNote } from './provenance.ts';
import { STATUSES, type Status } from './vocabulary.ts';

/** @param counts datasets by status, in the order of STATUSES */
export function sentence(counts: readonly number[]): string {
  const of = (status: Status): number => counts[STATUSES.indexOf(status)] ?? 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'No dataset has been checked yet.';
  if (of('ok') === total) return `All ${number(total)} datasets agree everywhere.`;
  const work = of('error') + of('version-mismatch');
  const parts = [
    work > 0 && `${number(work)} ${work === 1 ? 'needs' : 'need'} work`,
    of('warning') > 0 &&
      `${number(of('warning'))} ${of('warning') === 1 ? 'has' : 'have'} a warning`,
    of('pending') > 0 && `${number(of('pending'))} ${of('pending') === 1 ? 'is' : 'are'} pending`,
  ].filter((part) => part !== false);
  return `${number(of('ok'))} of ${number(total)} datasets agree everywhere; ${listed(parts)}.`;
}

/** Where the report does not say how often runs are scheduled. */
const USUAL_HOURS = 24;
/** From the start of a run until it is published. */
const GRACE_HOURS = 2;
const HOUR_MS = 3_600_000;

/** Shown if a person may see results of a held run. */
const HELD_PAGES = 'Pages of datasets may show what that run measured, and then say so.';

/** Whether a scheduled run should have published since. Arguments as for `runMessage`. */
export function isOverdue(status: RunStatus | null, published: string, time: number): boolean {
  const freshHours = (status?.everyHours ?? USUAL_HOURS) + GRACE_HOURS;
  return time - Date.parse(published) > freshHours * HOUR_MS;
}

/**
 * What a reader must know before trusting the summary; null if there is nothing.
 * @param status of the last run; null if unknown
 * @param published when the shown summary was published
 * @param time the present time for its age, in milliseconds since 1970
 */
export function runMessage(
  status: RunStatus | null,
  published: string,
  time: number,
): Message | null {
  const shown = `What you see is from ${moment(published)}.`;
  const registry = [registryNote(status) ?? []].flat();
  if (status !== null && status.lastRun.outcome !== 'published') {
    const { outcome, finishedAt, why } = status.lastRun;
    const what =
      outcome === 'held'
        ? `Publishing was held at ${moment(finishedAt)}.`
        : `The run of ${moment(finishedAt)} failed.`;
    const pages = outcome === 'held' ? [HELD_PAGES] : [];
    return { title: `${what} ${shown}`, why: [...new Set([...why, ...registry, ...pages])] };
  }
  if (isOverdue(status, published, time)) {
    return { title: `Nothing new for ${age(published, time)}. ${shown}`, why: registry };
  }
  const [title, ...why] = registry;
  return title === undefined ? null : { title, why };
}

/** @param datasets judged by other rules than in the summary published before */
export const rulesNote = (datasets: number): string =>
  `The rules have changed since the summary before (${counted(datasets, 'dataset')}): what turned by that is no news.`;
