// What is said above the numbers, on the page and in the plain summary alike: the summary as a
// person would say it, and what is to be known before it is believed. No imports but words.

import type { Archive, RunStatus } from './documents.ts';
import { age, counted, moment, number } from './format.ts';
import { STATUSES, type Status } from './vocabulary.ts';

/** @param counts datasets by status, in the order of STATUSES */
export function sentence(counts: readonly number[]): string {
  const of = (status: Status): number => counts[STATUSES.indexOf(status)] ?? 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'No dataset has been looked at yet.';
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

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** A daily run and two hours: the alarm "not run for 26 h" of docs/architecture.md. */
const STALE_AFTER = 26 * 3_600_000;

export interface Message {
  readonly title: string;
  /** One sentence each. */
  readonly why: readonly string[];
}

/**
 * What a reader must know before the summary is believed; null when there is nothing.
 * @param status of the last run; null when not known
 * @param published when the summary on show was published
 * @param time to count its age to, in milliseconds since 1970
 */
export function runMessage(
  status: RunStatus | null,
  published: string,
  time: number,
): Message | null {
  const shown = `What you see is from ${moment(published)}.`;
  if (status !== null && status.lastRun.outcome !== 'published') {
    const { outcome, finishedAt, why } = status.lastRun;
    const what =
      outcome === 'held'
        ? `Publishing was held at ${moment(finishedAt)}.`
        : `The run of ${moment(finishedAt)} failed.`;
    return { title: `${what} ${shown}`, why };
  }
  if (time - Date.parse(published) <= STALE_AFTER) return null;
  return { title: `Nothing new for ${age(published, time)}. ${shown}`, why: [] };
}

/** @param datasets that were judged by other rules than in the summary published before */
export const rulesNote = (datasets: number): string =>
  `The rules have changed since the summary before (${counted(datasets, 'dataset')}): what turned by that is no news.`;

const ARCHIVE_MESSAGES: Readonly<Record<Archive['origin'], Message | null>> = {
  live: null,
  sample: {
    title: 'Sample archive: invented data',
    why: ['None of these datasets exists, so there are no links and no commands.'],
  },
  replay: {
    title: 'Replay of recorded data',
    why: [
      'Refs, DOIs and file names were recorded. Sizes, contents, permissions and the git-annex branch were not, so those checks are not made.',
      'There are no links and no commands.',
    ],
  },
};

/** What must be known before anything is believed of an archive that is not the real one. */
export const archiveMessage = (archive: Archive | null): Message | null =>
  archive && ARCHIVE_MESSAGES[archive.origin];
