// An archive that was watched for two months: the product's own runs over a small archive in
// memory, day by day, with faults that appear and are fixed, a day without a run, failed
// measurements, new, withdrawn and returned datasets, and a change of rules.

import { openneuro } from '../../../archives/openneuro/index.ts';
import { failed } from '../../../core/failure.ts';
import type { Archive } from '../../../core/monitor/archive.ts';
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
const [UNMEASURED, WITHDRAWN, RETURNED, NEW, NEW_TODAY, MENDED_TODAY, MIRROR_STALE] = [
  ...[7, 8, 9, 10, 11, 12, 13],
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
};

function isListed(place: number, day: number): boolean {
  if (place === WITHDRAWN) return day < -40;
  if (place === RETURNED) return day < -50 || day >= -25;
  if (place === NEW) return day >= -35;
  if (place === NEW_TODAY) return day >= 0;
  return true;
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
          const tags = place === NEW_VERSION && day >= -10 ? ['1.0.0', '1.1.0'] : ['1.0.0'];
          const id = idOf(place);
          return dataset(id, tags, id === HOSTILE_ID ? HOSTILE_NAME : `Study ${place}`);
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
  if (day >= -16 && day < -13) archive.refs.set(idOf(UNMEASURED), failed('timeout'));
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

/** @param last the day of the last run, counted from 2026-08-01 */
export async function watchedArchive(last = 0): Promise<MemoryStore> {
  const store = memoryStore();
  const before: Archive = {
    ...openneuro,
    checks: openneuro.checks.map((check) => ({ ...check, rules: check.rules - 1 })),
  };
  for (let day = FIRST_DAY; day <= last; day++) {
    if (day >= GAP[0] && day <= GAP[1]) continue;
    const context = stageContext(archiveOn(day), { store, day, options: { publishAnyway: true } });
    const archive = day < NEW_RULES ? before : openneuro;
    await runPipeline({ ...context, archive }, WHOLE_RUN);
  }
  return store;
}

export const worldOf = (store: MemoryStore): World => {
  const files = new Map([...store.documents, ...store.pages]);
  return (path) => files.get(path);
};
