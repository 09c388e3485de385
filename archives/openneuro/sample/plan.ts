// The plan of a sample dataset: what was published, what of it reached the mirror and the export,
// and how it becomes a dataset that can be queried.

import type { Cache } from '../../../sample/cache.ts';
import { objectOf, type SampleEntry, type SampleFile, treeOf } from '../../../sample/files.ts';
import {
  buildRepository,
  type CommitSpec,
  type SampleRepository,
  treeId,
} from '../../../sample/git/index.ts';
import { type ExportObject, type ObjectList, objectList } from '../../../sample/objects.ts';
import type { SampleExport } from '../../../sample/s3/bucket.ts';
import {
  type AnnexClaim,
  type AnnexRecord,
  type AnnexRemote,
  annexBranch,
} from './annex/branch.ts';
import { type CommitState, exportedFiles, exportedTree } from './annex/record.ts';
import type { SampleDataset, SampleDoi } from './archive.ts';

export interface PlannedSnapshot {
  readonly tag: string;
  readonly created: Date;
}

export interface PlannedCommit {
  readonly name: string;
  readonly date: Date;
  readonly message: string;
  /** Name of a commit earlier in the list. */
  readonly parent?: string;
  readonly entries: () => readonly SampleEntry[];
}

export interface PlannedMirror {
  head: string | null;
  /** Branch to commit name. */
  branches: Record<string, string>;
  /** Tag to commit name. */
  tags: Record<string, { commit: string; annotated?: boolean }>;
}

export interface Plan {
  readonly id: string;
  name: string | null;
  readonly created: Date;
  /** In order of creation; a snapshot's commit is the one with its tag as name. */
  snapshots: readonly PlannedSnapshot[];
  /** Parents before children. */
  commits: PlannedCommit[];
  registry: {
    broken?: 'node' | 'edge';
    /** Days since it was published; if absent, not given. */
    publishedDaysAgo?: number;
    /**
     * Tags whose hexsha is that of another commit, by its name, or an id that the mirror does not
     * have.
     */
    hexsha: Record<string, string>;
    /** Why its latest snapshot is deprecated. */
    deprecated?: string;
  };
  doi?: SampleDoi;
  mirror: PlannedMirror | 'absent' | 'empty';
  /** GitHub refuses it to everybody. */
  mirrorClosed?: true;
  export: {
    /** Name of the commit that was exported; null when nothing was. */
    commit: string | null;
    missing: (path: string) => boolean;
    extra: readonly SampleFile[];
    refusal?: number;
    /** Status with which a listed object is refused; undefined for most. */
    refuses?: (path: string) => number | undefined;
    /** Whether an object is in an archived storage class; if absent, none is. */
    archived?: (path: string) => boolean;
  };
  annex: PlannedAnnex;
}

/** What git-annex recorded, if it is not exactly what the export holds. */
export interface PlannedAnnex {
  readonly seed: string;
  remotes: readonly AnnexRemote[];
  /** Index of the remote that was exported to. */
  exportedTo: number;
  /** Names of the commits recorded as exported, oldest first; null when none ever was. */
  claimed?: readonly string[] | null;
  /** Names of commits whose export was begun after that. */
  underway: readonly string[];
  unversioned: (path: string) => boolean;
}

/** Caches shared by the datasets of an archive: repositories and exports weigh their files. */
export interface PlanCaches {
  readonly repositories: Cache<Promise<SampleRepository>>;
  readonly exports: Cache<ObjectList>;
}

/** The commit of the git-annex branch, made from the plan; branches use this name for it. */
export const ANNEX_COMMIT = 'git-annex';

const OID = /^[0-9a-f]{40}$/;
const EXPORT_DELAY = 3_600_000;
const DAY = 86_400_000;

function buildAll(plan: Plan): Promise<SampleRepository> {
  const { mirror, commits } = plan;
  const refs = typeof mirror === 'string' ? { head: null, branches: {}, tags: {} } : mirror;
  const states = new Map(
    commits.map(({ name, entries }) => {
      const held = entries();
      return [name, { entries: held, tree: treeOf(held) }];
    }),
  );
  const specs = commits.map(
    ({ name, date, message, parent }): CommitSpec => ({
      name,
      date,
      message,
      parents: parent === undefined ? [] : [parent],
      tree: stateOf(states, name).tree,
    }),
  );
  if (Object.values(refs.branches).includes(ANNEX_COMMIT)) {
    const tree = treeOf(annexBranch(recordOf(plan, (name) => stateOf(states, name))));
    specs.push({ name: ANNEX_COMMIT, date: plan.created, message: 'update', parents: [], tree });
  }
  return buildRepository({ commits: specs, ...refs });
}

function stateOf(states: ReadonlyMap<string, CommitState>, name: string): CommitState {
  const state = states.get(name);
  if (!state) throw new Error(`no commit named ${JSON.stringify(name)}`);
  return state;
}

/** What git-annex recorded: by default, exactly what the export holds. */
function recordOf(plan: Plan, stateOf: (commit: string) => CommitState): AnnexRecord {
  const { annex, snapshots } = plan;
  const { commit } = plan.export;
  const claimed = annex.claimed === undefined ? (commit === null ? null : [commit]) : annex.claimed;
  const idOf = (name: string) => treeId(exportedTree(stateOf(name)));
  const names = claimed ?? [];
  const claims = names.map(
    (name, place): AnnexClaim => ({
      tree: idOf(name),
      underway: place === names.length - 1 ? annex.underway.map(idOf) : [],
    }),
  );
  // Snapshots are exported one after the other, up to the claimed one.
  const last = snapshots.findLastIndex(({ tag }) => names.includes(tag));
  const done = new Set([...snapshots.slice(0, last + 1).map(({ tag }) => tag), ...names]);
  return {
    datasetId: plan.id,
    seed: annex.seed,
    created: plan.created,
    remotes: annex.remotes,
    exportedTo: annex.exportedTo,
    claims,
    kept: keysOf(snapshots.flatMap(({ tag }) => stateOf(tag).entries)),
    exported: [...done].flatMap((name) => exportedFiles(stateOf(name).entries, annex.unversioned)),
  };
}

function keysOf(entries: readonly SampleEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.mode !== 0o160000 && entry.annexed ? [entry.annexed.key] : [],
  );
}

function exportObjects(plan: Plan): ObjectList {
  const { commit, missing, extra } = plan.export;
  const exported = plan.commits.find(({ name }) => name === commit);
  const modified = new Date((exported?.date ?? plan.created).getTime() + EXPORT_DELAY);
  const at = modified.toISOString();
  const objects: ExportObject[] = [];
  for (const entry of exported?.entries() ?? []) {
    if (entry.mode !== 0o160000 && !missing(entry.path)) objects.push(objectOf(entry, at));
  }
  for (const file of extra) objects.push(objectOf(file, at));
  return objectList(objects);
}

/**
 * @param weight approximate number of files of the dataset, for the caches.
 * @param now days since a publication are counted from here.
 */
export function datasetOf(
  plan: Plan,
  weight: number,
  caches: PlanCaches,
  now: Date,
): SampleDataset {
  const build = () => caches.repositories.get(plan.id, () => buildAll(plan), weight);
  let hexshas: Promise<readonly string[]> | undefined;
  const readHexshas = async () => {
    const { commits, tags } = await build();
    return plan.snapshots.map(({ tag }) => {
      const other = plan.registry.hexsha[tag];
      if (other !== undefined && OID.test(other)) return other;
      const named = commits.get(other ?? tag);
      const annotated = typeof plan.mirror === 'object' && plan.mirror.tags[tag]?.annotated;
      const hexsha = annotated ? tags.get(tag) : named;
      if (!hexsha) throw new Error(`${plan.id}: no commit for snapshot ${tag}`);
      return hexsha;
    });
  };
  const { publishedDaysAgo: days, deprecated } = plan.registry;
  const { refusal, refuses, archived } = plan.export;
  const exported: SampleExport = {
    ...(refusal === undefined ? {} : { refusal }),
    ...(refuses === undefined ? {} : { refuses }),
    ...(archived === undefined ? {} : { archived }),
    objects: () => caches.exports.get(plan.id, () => exportObjects(plan), weight),
  };
  return {
    id: plan.id,
    name: plan.name,
    created: plan.created.toISOString(),
    ...(days === undefined
      ? {}
      : { publishDate: new Date(now.getTime() - days * DAY).toISOString() }),
    ...(plan.registry.broken ? { broken: plan.registry.broken } : {}),
    ...(plan.mirrorClosed ? { mirrorClosed: plan.mirrorClosed } : {}),
    async snapshots() {
      hexshas ??= readHexshas();
      const known = await hexshas;
      return plan.snapshots.map(({ tag, created }, place) => ({
        tag,
        created: created.toISOString(),
        hexsha: known[place] as string,
        ...(place === plan.snapshots.length - 1 &&
          deprecated !== undefined && { deprecated: { reason: deprecated } }),
      }));
    },
    async mirror() {
      if (plan.mirror === 'absent') return undefined;
      if (plan.mirror !== 'empty') return build();
      return buildRepository({ commits: [], branches: {}, tags: {}, head: 'main' });
    },
    export: exported,
    ...(plan.doi === undefined ? {} : { doi: plan.doi }),
  };
}
