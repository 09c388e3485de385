// An archive that was watched for two months: the product's own runs over a small archive in
// memory, day by day, with faults that appear and are fixed, a day without a run, failed
// measurements, new, withdrawn and returned datasets, and a change of rules.

import { failed } from '../../../core/failure.ts';
import type { MonthCounts, RunHistory } from '../../../core/history/documents.ts';
import { withCounts } from '../../../core/history/fold.ts';
import { INDEX_PATH, monthOf } from '../../../core/history/paths.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import {
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  OTHER_COMMIT,
  page,
  stageContext,
} from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';
import type { World } from './server.ts';

/** The last run is on 2026-08-01. */
export const FIRST_DAY = -60;
/** Without a run. */
export const GAP = [-20, -18] as const;
/** From this day on the rules have another number. */
export const NEW_RULES = -30;
export const HOSTILE_ID = 'ds000015';
export const HOSTILE_NAME = '<img src=x onerror=alert(1)>';

export const idOf = (place: number): string => `ds${String(place).padStart(6, '0')}`;
const [FILES_MISSING, SHORT_FAULT, FLAPS, WORSE, BLOCKED, NEW_VERSION] = [1, 2, 3, 4, 5, 6];
const [UNMEASURED, WITHDRAWN, RETURNED, NEW, NEW_TODAY, MENDED_TODAY, MIRROR_STALE, WAITING] = [
  ...[7, 8, 9, 10, 11, 12, 13, 14],
] as const;
const COUNT = 24;
export const IDS = {
  filesMissing: idOf(1),
  unmeasured: idOf(7),
  withdrawn: idOf(8),
  returned: idOf(9),
  newToday: idOf(11),
  mendedToday: idOf(12),
  flaps: idOf(3),
  /** Error, version mismatch, then ok. */
  changed: idOf(6),
  /** Its newest snapshot is nowhere yet. */
  waiting: idOf(14),
};

function isListed(place: number, day: number): boolean {
  if (place === WITHDRAWN) return day < -40;
  if (place === RETURNED) return day < -50 || day >= -25;
  if (place === NEW) return day >= -35;
  if (place === NEW_TODAY) return day >= 0;
  return true;
}

/** Snapshots that appear while the archive is watched were made six hours before. */
function withAge<T extends { readonly tag: string }>(place: number, snapshot: T): T {
  const first = { [NEW]: -35, [NEW_TODAY]: 0 }[place];
  const renewed = { [NEW_VERSION]: -10, [WAITING]: -3 }[place];
  const day = snapshot.tag === '1.1.0' ? renewed : first;
  if (day === undefined) return snapshot;
  return { ...snapshot, created: new Date(Date.UTC(2026, 7, 1 + day, -6)).toISOString() };
}

function archiveOn(day: number): FakeArchive {
  const places = Array.from({ length: COUNT }, (_, at) => at + 1).filter((place) =>
    isListed(place, day),
  );
  const archive = healthyArchive(places.map(idOf));
  archive.readings = [
    [
      page(
        places.map((place) => {
          const id = idOf(place);
          const isRenewed =
            (place === NEW_VERSION && day >= -10) || (place === WAITING && day >= -3);
          const tags = isRenewed ? ['1.0.0', '1.1.0'] : ['1.0.0'];
          const made = dataset(id, tags, id === HOSTILE_ID ? HOSTILE_NAME : `Study ${place}`);
          return { ...made, snapshots: made.snapshots.map((one) => withAge(place, one)) };
        }),
      ),
    ],
  ];
  const loses = (place: number) => archive.listings.set(idOf(place), ['CHANGES']);
  const hasMore = (place: number) =>
    archive.listings.set(idOf(place), ['CHANGES', 'dataset_description.json', 'old.txt']);
  if (day >= -45) loses(FILES_MISSING);
  if (day >= -30 && day < -22) loses(SHORT_FAULT);
  if (day % 4 === 0) loses(FLAPS);
  // So that there are more changes than fit on a page.
  if (day < -35 && day % 2 === 0) for (const place of [16, 17, 18]) loses(place);
  if (day >= -28 && day < -8) hasMore(WORSE);
  if (day >= -8) loses(WORSE);
  if (day < -12) archive.descriptions.set(idOf(BLOCKED), 'denied');
  if (day >= -9) {
    archive.refs.set(idOf(NEW_VERSION), healthyRefs(['1.0.0', '1.1.0']));
    archive.descriptions.set(
      idOf(NEW_VERSION),
      description(`doi:10.18112/openneuro.${idOf(NEW_VERSION)}.v${day >= -6 ? '1.1.0' : '1.0.0'}`),
    );
  }
  if (day >= -16 && day < -13) archive.refs.set(idOf(UNMEASURED), failed('timeout', 'no answer'));
  if (day >= -40) loses(UNMEASURED);
  if (day >= -3 && day < 0) loses(MENDED_TODAY);
  if (day >= 0) loses(MIRROR_STALE);
  if (day >= -5) {
    const refs = healthyRefs(['1.0.0']);
    archive.refs.set(HOSTILE_ID, {
      ...refs,
      branches: new Map([...refs.branches, ['main', OTHER_COMMIT]]),
    });
  }
  return archive;
}

const SITE = 'https://watch.example.org';

/** What is saved says that other rules made it. */
async function openByOlderRules(open: MemoryStore['open'], id: string) {
  const session = await open(id);
  const save: typeof session.save = (record, document) =>
    session.save({ ...record, rulesVersion: 1 }, document);
  return { ...session, save };
}

/** @param last the day of the last run, counted from 2026-08-01, as is that of the first */
export async function watchedArchive(
  last = 0,
  begin = FIRST_DAY,
  siteUrl = SITE,
): Promise<MemoryStore> {
  const store = memoryStore();
  const open = store.open.bind(store);
  for (let day = begin; day <= last; day++) {
    if (day >= GAP[0] && day <= GAP[1]) continue;
    if (day === NEW_RULES) store.open = open;
    else if (day === begin && day < NEW_RULES) store.open = (id) => openByOlderRules(open, id);
    const context = stageContext(archiveOn(day), {
      store,
      day,
      options: { publishAnyway: true, siteUrl },
    });
    await runPipeline(context, WHOLE_RUN);
  }
  return store;
}

export const worldOf = (store: MemoryStore): World => {
  const files = new Map([...store.documents, ...store.pages]);
  return (path) => files.get(path);
};

/** A run a day for ten years before 2026-08-01, with the numbers of a growing archive. */
export function tenYears(world: World): World {
  const months = new Map<string, MonthCounts>();
  const END = Date.UTC(2026, 7, 1);
  for (let day = 3650; day >= 0; day--) {
    const run = new Date(END - day * 24 * 3_600_000).toISOString();
    const total = 2000 - Math.floor(day / 2);
    const error = 20 + ((day * 7919) % 97);
    const warning = 5 + ((day * 104_729) % 31);
    const counts = {
      total,
      'overall.error': error,
      'overall.version-mismatch': 10,
      'overall.warning': warning,
      'overall.pending': 3,
      'overall.ok': total - error - warning - 13,
    };
    const month = monthOf(run);
    const added = { run, counts } as Pick<RunHistory, 'run' | 'counts'> as RunHistory;
    months.set(month, withCounts(months.get(month) ?? null, added));
  }
  const first = new Date(END - 3650 * 24 * 3_600_000).toISOString();
  return async (path) => {
    const text = await world(path);
    const month = /^history\/counts\/(.*)\.json$/.exec(path)?.[1];
    if (month !== undefined) return JSON.stringify(months.get(month));
    if (path.startsWith('history/changes/')) return text ?? '{"events":[]}';
    if (path !== INDEX_PATH || typeof text !== 'string') return text;
    const index = { ...JSON.parse(text), firstRun: first, months: [...months.keys()], gaps: [] };
    return JSON.stringify(index);
  };
}
