// The replayed archive, rebuilt from a recorded export tree, with the recorded ids, snapshots,
// relations between commits, DOIs, refusals and differences. Commit ids are new: two are equal
// exactly if the recorded ones are. Sizes, contents and git-annex's records were not recorded:
// files hold something, the git-annex branch exists if it did then, and neither says anything.

import { digest, toBinary } from '../../../sample/bytes.ts';
import { createCache } from '../../../sample/cache.ts';
import {
  annexedFile,
  objectOf,
  openFolder,
  plainFile,
  type SampleFile,
  treeOf,
} from '../../../sample/files.ts';
import { fillerObjects, fillerTree } from '../../../sample/filler.ts';
import {
  buildRepository,
  type RepositorySpec,
  type SampleRepository,
  type TreeSpec,
} from '../../../sample/git/index.ts';
import { joinLists, type ObjectList, objectList, placeOf } from '../../../sample/objects.ts';
import type { SampleArchive, SampleDataset } from './archive.ts';
import { type Arrangement, arrange } from './arrange-files.ts';
import { DESCRIPTION, descriptionOf } from './bids.ts';
import { chooseSample } from './choose-sample.ts';
import type { PlanCaches } from './plan.ts';
import { type RecordedDataset, readRecordedDataset, readRecordedIds } from './recorded-dataset.ts';

export interface ReplayOptions {
  /** Only these, in the registry's order. */
  readonly datasets?: readonly string[];
  /** The number of datasets, every rare kind first. */
  readonly sample?: number;
  /** Decides which ordinary ones the sample takes. */
  readonly seed?: number;
}

const CONTENT = Buffer.from('recorded\n');
/** Names of recordings, which are annexed wherever they are recorded. */
const RECORDING = /\.(nii(\.gz)?|mgz|fif|set|fdt|edf|bdf|eeg|nwb|mat|h5|tif|mp4)$/;
const EMPTY: RepositorySpec = { commits: [], branches: {}, tags: {}, head: 'main' };

/** The most recorded paths that the caches hold together; filler weighs nothing. */
const CACHED_PATHS = 200_000;
const HOUR = 3_600_000;
/** The creation times of datasets are not recorded; their order is. */
const FIRST_CREATED = Date.UTC(2018, 0, 1);

function describe(recorded: RecordedDataset): string {
  const { invalidJson, datasetDescriptionDOI } = recorded.s3Version;
  return invalidJson ? '{"Name": ' : descriptionOf(recorded.id, datasetDescriptionDOI);
}

function fileOf(recorded: RecordedDataset, path: string): SampleFile {
  if (RECORDING.test(path)) {
    const identity = `${recorded.id} ${path}`;
    return annexedFile(
      path,
      1_000_000 + Number.parseInt(digest('md5', path).slice(0, 6), 16),
      identity,
    );
  }
  return plainFile(path, path === DESCRIPTION ? describe(recorded) : CONTENT);
}

/** A commit whose files were not recorded has two, so that each has a tree of its own. */
function smallTree(name: string): TreeSpec {
  return treeOf([plainFile('README', CONTENT), plainFile('CHANGES', `Recorded as ${name}\n`)]);
}

function comparedTree(files: readonly SampleFile[], { filler }: Arrangement): TreeSpec {
  const tree = treeOf(files);
  if (filler) {
    const cut = filler.folder.lastIndexOf('/');
    const parent = openFolder(tree, filler.folder.slice(0, Math.max(0, cut)));
    parent.set(filler.folder.slice(cut + 1), fillerTree(filler.files));
  }
  return tree;
}

const PEELED = '^{}';

/** The tag that the v1 of a DOI of 2018 means (ds001399), unknown at the time of the recording. */
function oldTag({ s3Version: { extractedVersion } }: RecordedDataset): string | undefined {
  return /^[0-9]{1,4}$/.test(extractedVersion ?? '')
    ? extractedVersion?.padStart(5, '0')
    : undefined;
}

/** The repository with every recorded commit; a commit's name is its recorded id. */
function specOf(recorded: RecordedDataset): RepositorySpec {
  const { github, snapshots, diff } = recorded;
  const compared = github.tags[diff?.snapshotTag ?? oldTag(recorded) ?? ''];
  const tagNames = Object.keys(github.tags).filter((tag) => !tag.endsWith(PEELED));
  const tags = tagNames.map((tag) => {
    const peeled = github.tags[tag + PEELED];
    const commit = peeled ?? (github.tags[tag] as string);
    return [tag, peeled === undefined ? { commit } : { commit, annotated: true }] as const;
  });
  const objects = new Set(tags.filter(([, tag]) => tag.annotated).map(([tag]) => github.tags[tag]));
  const dates = new Map(snapshots.map(({ hexsha, created }) => [hexsha, new Date(created)]));
  const names = new Set([
    ...snapshots.map(({ hexsha }) => hexsha),
    ...tags.map(([, { commit }]) => commit),
    ...Object.values(github.branches),
  ]);
  const fallback = new Date(snapshots[0]?.created ?? FIRST_CREATED);
  const commits = [...names].filter((name) => !objects.has(name));
  const arrangement = compared === undefined ? undefined : arrange(recorded);
  const files = arrangement?.git.map((path) => fileOf(recorded, path)) ?? [];
  const trees = new Map(
    commits.map((name) => [
      name,
      name === compared && arrangement ? comparedTree(files, arrangement) : smallTree(name),
    ]),
  );
  return {
    commits: commits.map((name) => ({
      name,
      tree: trees.get(name) as TreeSpec,
      parents: [],
      message: `Recorded as ${name}`,
      date: dates.get(name) ?? fallback,
    })),
    branches: github.branches,
    tags: Object.fromEntries(tags),
    head: github.head,
  };
}

function exportOf(recorded: RecordedDataset): ObjectList {
  if (recorded.diff?.exportMissing) return objectList([]);
  const { exported, filler } = arrange(recorded);
  const last = recorded.snapshots.at(-1)?.created ?? FIRST_CREATED;
  const modified = new Date(new Date(last).getTime() + HOUR).toISOString();
  const objects = exported.map((path) => objectOf(fileOf(recorded, path), modified));
  if (!filler) return objectList(objects);
  const folder = toBinary(filler.folder);
  const list = objectList(objects);
  const cut = placeOf(list, `${folder}/`);
  const part = (from: number, to: number): ObjectList => ({
    length: to - from,
    keyAt: (place) => list.keyAt(from + place),
    objectAt: (place) => list.objectAt(from + place),
  });
  return joinLists([
    part(0, cut),
    fillerObjects(folder, filler.files, modified),
    part(cut, list.length),
  ]);
}

function replayDataset(dir: string, id: string, place: number, caches: PlanCaches): SampleDataset {
  const read = () => readRecordedDataset(dir, id);
  const { s3Version } = read();
  const weight = (recorded: RecordedDataset) =>
    10 + (recorded.diff?.added.length ?? 0) + (recorded.diff?.removed.length ?? 0);
  const build = (recorded: RecordedDataset): Promise<SampleRepository> =>
    caches.repositories.get(id, () => buildRepository(specOf(recorded)), weight(recorded));
  return {
    id,
    // Titles are not recorded.
    name: null,
    created: new Date(FIRST_CREATED + place * HOUR).toISOString(),
    async snapshots() {
      const recorded = read();
      const { commits, tags } = await build(recorded);
      return recorded.snapshots.map(({ tag, created, hexsha }) => {
        // An id that is not a commit is the tag object of an annotated tag (ds000109).
        const oid = commits.get(hexsha) ?? tags.get(tag);
        if (!oid) throw new Error(`${id}: nothing is recorded as ${hexsha}`);
        return { tag, created, hexsha: oid };
      });
    },
    async mirror() {
      const recorded = read();
      if (recorded.github.error === 'repo-not-found') return undefined;
      return recorded.github.error === 'repo-empty' ? buildRepository(EMPTY) : build(recorded);
    },
    export: {
      ...(s3Version.accessible ? {} : { refusal: s3Version.httpStatus ?? 403 }),
      objects() {
        const recorded = read();
        return caches.exports.get(id, () => exportOf(recorded), weight(recorded));
      },
    },
  };
}

/**
 * @param dir a recorded export tree (datasets-registry.json, datasets/{id}/…).
 * @throws when the tree lacks a registry or the requested datasets.
 */
export function replayArchive(dir: string, options: ReplayOptions = {}): SampleArchive {
  const all = readRecordedIds(dir);
  const unknown = options.datasets?.filter((id) => !all.includes(id)) ?? [];
  if (unknown.length > 0) throw new Error(`${dir} has no dataset ${unknown.join(', ')}`);
  const asked = options.datasets ? all.filter((id) => options.datasets?.includes(id)) : all;
  const ids =
    options.sample === undefined
      ? asked
      : chooseSample(dir, asked, options.sample, options.seed ?? 1);
  const caches: PlanCaches = {
    repositories: createCache(CACHED_PATHS),
    exports: createCache(CACHED_PATHS),
  };
  return { datasets: ids.map((id, place) => replayDataset(dir, id, place, caches)) };
}
