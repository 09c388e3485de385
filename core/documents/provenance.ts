// Sentences about whose data this is and which run it is from. The list and a dataset's page show
// them; sentences.ts has the others, which a dataset's page does not load.

import type { AboutArchive, RunStatus } from './documents.ts';
import { moment } from './format.ts';

/** What a reader must know before believing the numbers. */
export interface Message {
  readonly title: string;
  /** One sentence each. */
  readonly why: readonly string[];
}

const ARCHIVE_MESSAGES: Readonly<Record<AboutArchive['origin'], Message | null>> = {
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

/** What a reader must know about an archive that is not the real one. */
export const archiveMessage = (archive: AboutArchive | null): Message | null =>
  archive && ARCHIVE_MESSAGES[archive.origin];

/** The run whose measurements are not published; null if there is none or it was published. */
export function unpublishedRun(status: RunStatus | null): string | null {
  if (status === null || status.lastRun.outcome === 'published') return null;
  const what = status.lastRun.outcome === 'held' ? 'was held back' : 'failed';
  return `a run that ${what} on ${moment(status.lastRun.finishedAt)}`;
}

/** @param readAt when the registry was last read */
export const registrySentence = (readAt: string): string =>
  `The registry could not be read since ${moment(readAt)}; the list of datasets is of that time.`;

/** Null if the last reading succeeded, or nobody knows. */
export const registryNote = (status: RunStatus | null): string | null =>
  status?.registry?.lastAttempt ? registrySentence(status.registry.readAt) : null;

const NOWHERE = { registryUrl: null, mirrorUrl: null, exportUrl: null } as const;

/** All invented, so there is no place to look at it. */
export const SAMPLE_ARCHIVE: AboutArchive = {
  name: 'Sample archive',
  origin: 'sample',
  ...NOWHERE,
};

/** Recorded ids with other files than the recorded ones: the real addresses hold something else. */
export const REPLAYED_ARCHIVE: AboutArchive = { name: 'Replay', origin: 'replay', ...NOWHERE };
