// The files of a replayed dataset: recorded paths, if the recording names them, and filler up to
// the recorded totals. The filler is in a gap of the recorded paths, so that the neighbours of a
// changed path stay the same.

import { compareBinary, toBinary } from '../../../sample/bytes.ts';
import { DESCRIPTION } from './bids.ts';
import type { RecordedDataset } from './recorded-dataset.ts';

export interface Arrangement {
  /** In git, without the filler; in byte order. */
  readonly git: readonly string[];
  /** In the export, without the filler; in no particular order. */
  readonly exported: readonly string[];
  /** In git and in the export; null when the recorded paths are complete. */
  readonly filler: { readonly folder: string; readonly files: number } | null;
}

/** The context of a change reaches this many places (docs/checks.md#files). */
const REACH = 3;

/** Used if no comparison was recorded. */
const INVENTED = ['CHANGES', 'README', 'participants.tsv'];

/** Usual folder names, tried before one is made up. */
const FOLDERS = ['derivatives', 'sourcedata', 'stimuli', 'code', 'phenotype', 'zz-more'];

function sorted(paths: Iterable<string>): { path: string; key: string }[] {
  return [...paths]
    .map((path) => ({ path, key: toBinary(path) }))
    .sort((a, b) => compareBinary(a.key, b.key));
}

/** Whether a folder in a gap keeps clear of every other path. */
function fits(
  folder: string,
  before: string,
  after: string | undefined,
  removed: readonly string[],
) {
  const from = toBinary(`${folder}/`);
  // `0` follows `/`: everything below the folder is in between.
  const to = toBinary(`${folder}0`);
  return (
    before < from &&
    before !== toBinary(folder) &&
    (after === undefined || after >= to) &&
    !removed.some((key) => key >= from && key < to)
  );
}

function fillerFolder(
  known: readonly { path: string; key: string }[],
  changed: ReadonlySet<string>,
  removed: readonly string[],
): string {
  const isGap = (place: number) =>
    !known.slice(Math.max(0, place - REACH), place + REACH).some(({ path }) => changed.has(path));
  const places = Array.from({ length: known.length + 1 }, (_, place) => place);
  // Without a gap (the totals and the context then disagree), the end is as good as any place.
  const gaps = places.filter(isGap);
  for (const place of gaps.length > 0 ? gaps : [known.length]) {
    const before = known[place - 1];
    const after = known[place]?.key;
    const made = before ? `${before.path}!more` : '!more';
    const folder = [...FOLDERS, made].find((one) => fits(one, before?.key ?? '', after, removed));
    if (folder !== undefined) return folder;
  }
  throw new Error('no place for the filler');
}

/** @throws when the recorded lists and totals contradict each other. */
export function arrange({ id, s3Version, diff }: RecordedDataset): Arrangement {
  const described = s3Version.accessible && !s3Version.datasetDescriptionMissing;
  const invented = described ? [...INVENTED, DESCRIPTION] : INVENTED;
  if (!diff)
    return { git: sorted(invented).map(({ path }) => path), exported: invented, filler: null };
  const added = new Set(diff.added);
  const paths = new Set([...diff.added, ...diff.context]);
  // Blocked ones (ds001246) had a description when they were compared.
  if (!s3Version.datasetDescriptionMissing) paths.add(DESCRIPTION);
  const known = sorted(paths);
  const files = diff.totalGitFiles - known.length;
  const inBoth = known.filter(({ path }) => !added.has(path)).map(({ path }) => path);
  if (files < 0 || diff.totalS3Files !== files + inBoth.length + diff.removed.length) {
    throw new Error(`${id}: the recorded totals do not fit the recorded paths`);
  }
  return {
    git: known.map(({ path }) => path),
    exported: [...inBoth, ...diff.removed],
    filler:
      files === 0
        ? null
        : { folder: fillerFolder(known, added, diff.removed.map(toBinary)), files },
  };
}
