// What a dataset's own feed tells: notices, new snapshots, and how it was when it was first seen.

import { isBegun, type RunOfDataset } from './by-dataset.ts';
import type { News } from './strips-document.ts';
import { OVERALL, statusOfVerdict } from './verdict-text.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
/** A dataset that gets a snapshot every day has no room for all of them. */
const MOST_NEWS = 200;

/** Applying a run again changes nothing. */
export function withNews(before: readonly News[], said: RunOfDataset): News[] {
  const { run } = said;
  const news = [...before.filter((one) => one.run !== run), ...newsOf(said)];
  const newest = Date.parse(news.at(-1)?.run ?? run);
  return news.filter((one) => newest - Date.parse(one.run) < YEAR_MS).slice(-MOST_NEWS);
}

function* newsOf(said: RunOfDataset): Generator<News> {
  const { run, events, states, notices } = said;
  const returned = events.find(({ kind }) => kind === 'returned');
  if (returned?.kind === 'returned') {
    yield { run, kind: 'returned', status: statusOfVerdict(returned.to) };
  } else if (isBegun(said)) {
    yield { run, kind: 'listed', status: statusOfVerdict(states[OVERALL] as string) };
  }
  for (const event of events) {
    const latest = event.kind === 'versions' ? event.to.latest : null;
    if (latest != null) yield { run, kind: 'version', version: latest };
  }
  for (const { id: _, ...notice } of notices) yield { run, ...notice };
}
