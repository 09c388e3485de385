// The feeds that a run has something to tell in. All of them if they are made with something
// else than before.

import { hash } from 'node:crypto';
import type { Catalogue } from '../documents/catalogue.ts';
import { archiveMessage } from '../documents/provenance.ts';
import type { Row } from '../documents/rows.ts';
import { siteAddresses } from '../documents/site.ts';
import type { StageContext } from '../monitor/archive.ts';
import { readOrNull } from '../monitor/frame.ts';
import type { Changes, HistoryIndex, RunHistory, RunNotice } from './documents.ts';
import type { DatasetFiles } from './each-dataset.ts';
import type { Notice } from './events.ts';
import { NOTICE_KINDS } from './events.ts';
import { archiveFeed, datasetFeed, type FeedContext, LEAST_MS, MOST_ENTRIES } from './feeds.ts';
import { archiveFeedPath, changesPath, feedPath } from './paths.ts';

type Feeds = NonNullable<HistoryIndex['feeds']>;
type Context = Pick<StageContext, 'archive' | 'about' | 'store' | 'log' | 'signal' | 'options'>;

/** Said once, when the history begins. */
export const NO_FEEDS =
  'No feeds are written: tell the address of the site (--site-url) for links that lead there.';

/** What the feeds of a run are made with; undefined if it is what they were made with before. */
export function feedsOf(
  context: Context,
  catalogue: Catalogue,
  run: string,
  before: Feeds | undefined,
): Feeds | undefined {
  const { siteUrl } = context.options;
  if (siteUrl === undefined) {
    return before === undefined || before.form === null ? undefined : { ...before, form: null };
  }
  // The entity that the name belongs to is asked for on that day (RFC 4151, 2.1).
  const tag = before?.tag ?? `${new URL(siteUrl).hostname},${run.slice(0, 4)}`;
  const form = formOf(feedContext(context, catalogue, siteUrl, { tag, firstRun: SAMPLE_TIME }));
  return form === before?.form ? undefined : { tag, form };
}

const SAMPLE_TIME = '2026-01-01T00:00:00Z';

/** Changes with every word and address that a feed may have. */
function formOf(context: FeedContext): string {
  const { issues, causes } = context.catalogue;
  const run = SAMPLE_TIME;
  const notices = Array.from(issues.keys()).flatMap((issue): Notice[] => {
    const [check = '', subtype] = issue.split(':');
    const own = { check, from: 'ok', to: `error:${subtype}`, since: null };
    const over = { ...own, from: own.to, to: 'ok' };
    return NOTICE_KINDS.map((kind) => ({
      ...{ id: 'x', kind, status: 'error', causes: causes.map(({ id }) => id) },
      checks: [kind === 'mended' ? over : own],
    }));
  });
  const single = notices.map((notice) => ({ run, ...notice }));
  const many = archiveFeed(context, single);
  const each = datasetFeed(context, 'x', [
    { run, kind: 'listed', status: 'ok' },
    { run, kind: 'returned', status: 'ok' },
    { run, kind: 'version', version: '1' },
    ...single.map(({ id: _, ...news }) => news),
  ]);
  return hash('sha256', many + each).slice(0, 16);
}

function feedContext(
  { archive, about }: Context,
  catalogue: Catalogue,
  siteUrl: string,
  { tag, firstRun }: { readonly tag: string; readonly firstRun: string },
): FeedContext {
  const message = archiveMessage(about);
  const said = message && [`${message.title}.`, ...message.why].join(' ');
  return { catalogue, site: siteAddresses(siteUrl, archive), tag, about: said, firstRun };
}

interface Publishing {
  readonly catalogue: Catalogue;
  /** As it is with this run. */
  readonly index: HistoryIndex;
  readonly added: RunHistory;
  readonly rows: readonly Pick<Row, 'id'>[];
  /** Whether feeds may be those of a run that was never published. */
  readonly isTorn: boolean;
}

export function feedFiles(
  context: Context,
  { catalogue, index, added, rows, isTorn }: Publishing,
): DatasetFiles {
  const { siteUrl } = context.options;
  const { feeds, firstRun } = index;
  if (siteUrl === undefined || feeds === undefined) return NONE;
  const about = feedContext(context, catalogue, siteUrl, { tag: feeds.tag, firstRun });
  const all = isTorn || added.feeds !== undefined;
  return {
    ids: all ? [...rows.map(({ id }) => id), ...Object.keys(index.withdrawn)] : [],
    needsStrips: all,
    async write(id, strips, writer) {
      if (strips === null || strips.news.length === 0) return;
      // What did not change is not written.
      if (!all && strips.news.at(-1)?.run !== added.run) return;
      await writer.writePage(feedPath(id), datasetFeed(about, id, strips.news));
    },
    async writeOfArchive() {
      if (!all && added.notices === undefined) return;
      const notices = await readNewest(context, index.months);
      await context.store.writePage(archiveFeedPath(catalogue), archiveFeed(about, notices));
    },
  };
}

const NONE: DatasetFiles = {
  ids: [],
  needsStrips: false,
  write: async () => {},
  writeOfArchive: async () => {},
};

/** The notices that a feed may have, oldest first. */
async function readNewest(context: Context, months: readonly string[]): Promise<RunNotice[]> {
  const notices: RunNotice[] = [];
  for (const month of months.toReversed()) {
    const changes = await readOrNull<Changes>(context, changesPath(month));
    notices.unshift(...(changes?.notices ?? []));
    const [oldest, newest] = [notices[0]?.run, notices.at(-1)?.run];
    const runs = new Set(notices.map(({ run }) => run)).size;
    const isLong = oldest !== undefined && newest !== undefined;
    // Each run has one entry at least.
    if (isLong && runs >= MOST_ENTRIES && Date.parse(newest) - Date.parse(oldest) >= LEAST_MS)
      break;
  }
  return notices;
}
