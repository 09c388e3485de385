// A recorded history as large as OpenNeuro's: 146 runs and 1,861 datasets, of which some change each
// day. Documents are as large as theirs in the mean.
//
//   node test/scale/recorded-history.ts FOLDER [runs] [datasets]

import { type Commit, makeRepository } from '../support/recorded-repository.ts';
import {
  commitOf,
  type RecordedDataset,
  type RecordedDay,
  WELL,
} from '../support/recorded-world.ts';

const FIRST = Date.UTC(2026, 2, 18, 7);
const DAY = 86_400_000;
/** Until then each document held its own time, and so changed with each run. */
const TIMED_RUNS = 20;
const FILES_OF_DIFF = 110;
/** Of the datasets, whose comparison changes in a run. */
const CHANGED_DIFFS = 0.025;

export interface Size {
  readonly runs: number;
  readonly datasets: number;
}

export const FULL: Size = { runs: 146, datasets: 1861 };

export function* recordedHistory({ runs, datasets }: Size): Generator<Commit> {
  const ids = Array.from({ length: datasets }, (_, at) => `ds${String(at + 1).padStart(6, '0')}`);
  const atFirst = Math.floor(datasets * 0.89);
  const now = new Map<string, RecordedDataset>();
  let before: RecordedDay | undefined;
  for (let run = 0; run < runs; run += 1) {
    const time = new Date(FIRST + run * DAY).toISOString();
    const listed = atFirst + Math.ceil(((datasets - atFirst) * run) / (runs - 1));
    for (const [at, id] of ids.slice(0, listed).entries()) {
      const known = now.get(id);
      const next = known === undefined ? beginning(id, at) : changed(id, known, at, run, datasets);
      now.set(id, next);
    }
    // Some are withdrawn.
    if (run > 10 && run % 10 === 0) now.delete(ids[run * 7] as string);
    const schema = run < TIMED_RUNS && { schema: '1.1.0' as const };
    const day: RecordedDay = { time, datasets: Object.fromEntries(now), ...schema };
    yield commitOf(day, before);
    before = day;
  }
}

function beginning(id: string, at: number): RecordedDataset {
  const tags = Array.from({ length: 1 + (at % 14) }, (_, minor) => `1.0.${minor}`);
  const latest = tags.at(-1) as string;
  const isFaulty = at % 3 === 0;
  return {
    ...WELL,
    ...{ latest, tags, exported: latest },
    added: isFaulty ? pathsOf(id, at % (FILES_OF_DIFF * 6), 0) : [],
    removed: isFaulty ? ['annex-uuid'] : [],
  };
}

function changed(
  id: string,
  known: RecordedDataset,
  at: number,
  run: number,
  datasets: number,
): RecordedDataset {
  const place = (at * 7919 + run * 104_729) % datasets;
  if (place < datasets * CHANGED_DIFFS && known.added.length > 0) {
    return { ...known, added: pathsOf(id, known.added.length, run) };
  }
  if (place === datasets - 1) {
    const latest = `1.1.${run}`;
    return { ...known, latest, tags: [...known.tags, latest], exported: latest };
  }
  if (place === datasets - 2) return { ...known, exported: known.exported ? null : known.latest };
  return known;
}

const pathsOf = (id: string, count: number, run: number) =>
  Array.from(
    { length: count },
    (_, n) => `sub-${String(n).padStart(3, '0')}/anat/${id}_run-${run}_T1w.nii.gz`,
  );

if (import.meta.main) {
  const [folder, runs = FULL.runs, datasets = FULL.datasets] = process.argv.slice(2);
  const size = { runs: Number(runs), datasets: Number(datasets) };
  await makeRepository(folder as string, recordedHistory(size));
}
