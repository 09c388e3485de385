// The archives that the cases run against.

import type { SampleArchive, SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import { generateArchive, idOf } from '../../archives/openneuro/sample/generate.ts';
import { replayArchive } from '../../archives/openneuro/sample/replay.ts';
import { specials } from '../../archives/openneuro/sample/specials/index.ts';
import { digest } from '../../sample/bytes.ts';
import { type ExportObject, objectList } from '../../sample/objects.ts';

export type ArchiveSpec =
  /** `datasets` in step except for one difference of each kind in a thousand files. */
  | { readonly kind: 'files'; readonly datasets: number; readonly files: number }
  /** As `npm start` has it, with one dataset for every rule first. */
  | { readonly kind: 'generated'; readonly datasets: number }
  /** Names and snapshots only: for the registry. */
  | { readonly kind: 'registry'; readonly datasets: number }
  | { readonly kind: 'replayed'; readonly folder: string; readonly datasets: number | null };

export function openArchive(spec: ArchiveSpec): SampleArchive {
  switch (spec.kind) {
    case 'files':
      return filesArchive(spec.datasets, spec.files);
    case 'generated':
      return { datasets: generateArchive({ datasets: spec.datasets }).datasets.map(remembered) };
    case 'registry':
      return {
        datasets: Array.from({ length: spec.datasets }, (_, place) => listedDataset(place)),
      };
    case 'replayed':
      return replayArchive(spec.folder, spec.datasets === null ? {} : { sample: spec.datasets });
  }
}

/** The sample discards large answers; here it would generate them repeatedly. */
function remembered(dataset: SampleDataset): SampleDataset {
  const { mirror, snapshots } = dataset;
  const { objects } = dataset.export;
  return {
    ...dataset,
    snapshots: once(() => snapshots.call(dataset)),
    mirror: once(() => mirror.call(dataset)),
    export: { ...dataset.export, objects: once(() => objects.call(dataset.export)) },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const EVERY = 1000;

function filesArchive(datasets: number, files: number): SampleArchive {
  // Those for the rules come first and have their own sizes.
  const first = specials(0).length;
  const ids = Array.from({ length: datasets }, (_, place) => idOf(first + place));
  const archive = generateArchive({
    datasets: first + datasets,
    only: ids,
    files: Object.fromEntries(ids.map((id) => [id, files])),
  });
  return {
    datasets: archive.datasets.map((dataset) => {
      const { objects } = dataset.export;
      const changed = () => {
        const list = objects.call(dataset.export);
        const all = Array.from({ length: list.length }, (_, place) => list.objectAt(place));
        return objectList(all.flatMap(differing));
      };
      return remembered({ ...dataset, export: { ...dataset.export, objects: changed } });
    }),
  };
}

/** One key in a thousand is lost, another one has an orphan beside it. */
function differing(object: ExportObject, place: number): ExportObject[] {
  if (place % EVERY === EVERY / 2) return [];
  if (place % EVERY === EVERY / 4) return [object, { ...object, key: `${object.key}.orphan` }];
  return [object];
}

/** When the first dataset was created; the others follow by the minute. */
const FIRST_CREATED = Date.UTC(2018, 0, 1);
const MINUTE = 60_000;

/** A dataset that the registry lists; it has one snapshot but no mirror or export. */
export function listedDataset(place: number): SampleDataset {
  const id = idOf(place);
  const created = new Date(FIRST_CREATED + place * MINUTE).toISOString();
  return {
    id,
    name: `Study ${place}`,
    created,
    snapshots: async () => [{ tag: '1.0.0', created, hexsha: digest('sha1', id) }],
    mirror: async () => undefined,
    export: { objects: () => objectList([]) },
  };
}
