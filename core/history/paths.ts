// Where the history of an archive is, below the root of its tree (docs/history.md).

export const HISTORY_FOLDER = 'history';

export const RUNS_FOLDER = `${HISTORY_FOLDER}/runs`;
export const INDEX_PATH = `${HISTORY_FOLDER}/index.json`;

/** `2026-08-08T06:00:00.000Z` is `runs/2026/2026-08-08T060000Z.json`; milliseconds are kept if any. */
export const runPath = (run: string): string =>
  `${RUNS_FOLDER}/${run.slice(0, 4)}/${compactRun(run)}.json`;
/** The day of a path that runPath gave. */
export const dayOfRunPath = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).slice(0, '2026-08-08'.length);
/** `2026-08-08T060000Z` */
export const compactRun = (run: string): string => run.replaceAll(':', '').replace('.000Z', 'Z');
/** Which paths runPath gives. */
export const RUN_PATH = /^history\/runs\/\d{4}\/\d{4}-\d{2}-\d{2}T\d{6}(\.\d{1,9})?Z\.json$/;

export const SENT_PATH = `${HISTORY_FOLDER}/sent.json`;
export const NOTICES_PATH = `${HISTORY_FOLDER}/notices.json`;
/** How long new snapshots take to arrive. */
export const SYNC_PATH = `${HISTORY_FOLDER}/sync.json`;
/** Names of the series that a curve can be asked of. */
export const SERIES_PATH = `${HISTORY_FOLDER}/series.json`;

/** How an imported history ends. */
export const IMPORTED_PATH = `${HISTORY_FOLDER}/imported.json`;

/** @param month `2026-08` */
export const changesPath = (month: string): string => `${HISTORY_FOLDER}/changes/${month}.json`;
export const countsPath = (month: string): string => `${HISTORY_FOLDER}/counts/${month}.json`;
export const MONTH_PATH = /^history\/(changes|counts)\/\d{4}-\d{2}\.json$/;

export const stripsPath = (id: string): string => `datasets/${id}/history.json`;

export const BADGE_FORMS = ['json', 'svg'] as const;
export type BadgeForm = (typeof BADGE_FORMS)[number];
export const badgePath = (id: string, form: BadgeForm): string => `datasets/${id}/badge.${form}`;
/** Of the archive as a whole. */
export const archiveBadgePath = ({ id }: { readonly id: string }, form: BadgeForm): string =>
  `badges/${id}.${form}`;

export const feedPath = (id: string): string => `datasets/${id}/feed.atom`;
export const archiveFeedPath = ({ id }: { readonly id: string }): string => `feeds/${id}.atom`;

/** All times are UTC: a day is `2026-08-08`. */
export const dayOf = (instant: string): string => instant.slice(0, 10);
/** `2026-08-08T06:00Z` */
export const minuteOf = (instant: string): string => `${instant.slice(0, 16)}Z`;
export const monthOf = (instant: string): string => instant.slice(0, 7);

const MADE_AGAIN: readonly string[] = [INDEX_PATH, NOTICES_PATH, SYNC_PATH, SERIES_PATH];
/** Documents that are made of the files of the runs, and can be made again. */
export const isMadeAgain = (path: string): boolean =>
  MADE_AGAIN.includes(path) ||
  MONTH_PATH.test(path) ||
  /^datasets\/[^/]+\/history\.json$/.test(path);

/** Files of a dataset that stay when it is withdrawn: verdicts and days, nothing of its content. */
const STAYS = ['history.json', 'badge.json', 'badge.svg', 'feed.atom'];
export const staysAfterRemoval = (path: string): boolean =>
  STAYS.includes(path.slice(path.lastIndexOf('/') + 1));
