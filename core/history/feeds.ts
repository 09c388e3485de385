// The feed of an archive and those of its datasets, from notices and news. Pure.

import type { Catalogue } from '../documents/catalogue.ts';
import { counted } from '../documents/format.ts';
import type { SiteAddresses } from '../documents/site.ts';
import { visible } from '../documents/visible.ts';
import { atomFeed, type Entry } from './atom.ts';
import type { RunNotice } from './documents.ts';
import type { Notice } from './events.ts';
import { manyWords, noticeSentences, noticeWords } from './notice-words.ts';
import { archiveFeedPath, compactRun, dayOf, feedPath } from './paths.ts';
import type { News } from './strips-document.ts';
import { OVERALL, subtypeOfVerdict } from './verdict-text.ts';
import { verdictWords } from './words.ts';

/** What all feeds of an archive have in common. */
export interface FeedContext {
  readonly catalogue: Catalogue;
  readonly site: SiteAddresses;
  /** `watch.example.org,2026` */
  readonly tag: string;
  /** What a reader must know of the archive: that it is invented. Null if nothing. */
  readonly about: string | null;
  readonly firstRun: string;
}

/** Of the archive's feed; there are more if the last two weeks have more. */
export const MOST_ENTRIES = 100;
export const LEAST_MS = 14 * 24 * 60 * 60 * 1000;
/** If a run tells of more datasets, they are one entry. */
const MOST_DATASETS = 20;

/** @param notices oldest first */
export function archiveFeed(context: FeedContext, notices: readonly RunNotice[]): string {
  const { catalogue, site, about, firstRun: begun } = context;
  const id = idOf(context);
  const runs = [...Map.groupBy(notices, ({ run }) => run)].reverse();
  const entries = runs.flatMap(([run, of]): Entry[] => {
    if (of.length <= MOST_DATASETS) return of.map((notice) => noticeEntry(context, run, notice));
    const day = dayOf(run);
    return [
      {
        id: `${id}/many/${compactRun(run)}`,
        title: `${counted(of.length, catalogue.words.entry)} changed`,
        at: run,
        categories: [...new Set(of.map(({ kind }) => kind))],
        page: site.changes(day, day),
        sentences: manyWords(catalogue, of),
      },
    ];
  });
  const newest = Date.parse(entries[0]?.at ?? begun);
  return atomFeed({
    ...{ id, subtitle: about, begun },
    title: `Mirrorwatch: ${catalogue.words.title}`,
    self: site.file(archiveFeedPath(catalogue)),
    page: site.main,
    entries: entries.filter(
      ({ at }, place) => place < MOST_ENTRIES || newest - Date.parse(at) < LEAST_MS,
    ),
  });
}

/** @param news oldest first */
export function datasetFeed(context: FeedContext, dataset: string, news: readonly News[]): string {
  const { site, about, firstRun: begun } = context;
  return atomFeed({
    ...{ id: idOf(context, dataset), subtitle: about, begun },
    title: `${dataset}: copies and source`,
    self: site.file(feedPath(dataset)),
    page: site.dataset(dataset),
    entries: news.toReversed().map((one) => newsEntry(context, dataset, one)),
  });
}

const idOf = ({ tag, catalogue }: FeedContext, dataset?: string): string =>
  `tag:${tag}:${catalogue.id}${dataset === undefined ? '' : `/${dataset}`}`;

function newsEntry(context: FeedContext, dataset: string, news: News): Entry {
  const { catalogue, site } = context;
  if ('checks' in news) {
    return noticeEntry(context, news.run, { ...news, id: dataset });
  }
  const about = {
    // A notice of the same run has the run alone.
    id: `${idOf(context, dataset)}/${compactRun(news.run)}/${news.kind}`,
    at: news.run,
    categories: [news.kind],
    page: site.dataset(dataset),
  };
  if (news.kind === 'version') {
    const version = visible(news.version);
    const sentences = [`The archive has the new snapshot ${version}.`];
    return { ...about, title: `${dataset}: new snapshot ${version}`, sentences };
  }
  const status = verdictWords(catalogue, OVERALL, news.status);
  const what = news.kind === 'listed' ? 'first seen' : 'listed again';
  const sentences = [`The status of its copies is ${status}.`];
  return { ...about, title: `${dataset}: ${what} (${status})`, sentences };
}

function noticeEntry(context: FeedContext, run: string, notice: Notice): Entry {
  const { catalogue, site, firstRun } = context;
  const { id, kind, checks } = notice;
  const subtypes = checks.flatMap(
    ({ from, to }) => subtypeOfVerdict((kind === 'mended' ? from : to) ?? '') ?? [],
  );
  return {
    id: `${idOf(context, id)}/${compactRun(run)}`,
    title: `${id}: ${noticeWords(catalogue, notice)}`,
    at: run,
    categories: [...new Set([kind === 'flaps' ? 'fault' : kind, ...subtypes])],
    page: site.dataset(id),
    sentences: noticeSentences(catalogue, notice, firstRun),
  };
}
