// The three sources as a run sees them: the world's copies, or a fault if the story has one. Every
// answer is recorded, so that the invariants know what a run was told.

import { hash } from 'node:crypto';
import type {
  DoiSource,
  RegistryDataset,
  RegistryPage,
  RegistrySource,
} from '../../archives/openneuro/sources.ts';
import { compareBytes } from '../../core/compare/byte-order.ts';
import {
  ABSENT,
  DISABLED,
  type Failed,
  type FailureReason,
  failed,
  seen,
} from '../../core/failure.ts';
import type { EntryState } from '../../core/monitor/entries.ts';
import type {
  ExportSource,
  ListedObject,
  ListingEvent,
  MirrorSource,
  Refs,
} from '../../core/protocols/sources.ts';
import { type Copies, contentOf, idOf, inOrder, treeOf } from './copies.ts';
import type { Dataset, World } from './world.ts';

export const QUESTIONS = [
  ...(['refs', 'tree', 'content', 'objects'] as const),
  ...(['description', 'listing', 'access', 'folders'] as const),
] as const;
export type Question = (typeof QUESTIONS)[number];

/** `thrown`: the source has a bug. `refused`: a bare 403. `cut`: after the first page. */
export type How = FailureReason | 'thrown' | 'refused' | 'cut' | 'no-end' | 'no-bucket';

export type Fault =
  /** @property dataset null for all of them */
  | {
      readonly kind: 'question';
      readonly question: Question;
      readonly dataset: string | null;
      readonly how: How;
    }
  /** The registry returns no entries from that page on. */
  | { readonly kind: 'registry'; readonly how: FailureReason; readonly page: number }
  | { readonly kind: 'asking'; readonly how: FailureReason }
  | {
      readonly kind: 'entry';
      readonly dataset: string;
      /**
       * `hidden`: counted and not shown; `shifted`: the same, in the first reading alone;
       * `unlisted`: neither counted nor shown; `broken`, `nameless`: shown as an error, with and
       * without its id; `emptied`: without its snapshots; `doubtful`: its newest snapshot is
       * unknown.
       */
      readonly how:
        | 'hidden'
        | 'shifted'
        | 'unlisted'
        | 'broken'
        | 'nameless'
        | 'emptied'
        | 'doubtful';
    }
  | { readonly kind: 'uncounted' };

export interface Sources {
  readonly registry: RegistrySource;
  readonly mirror: MirrorSource;
  readonly export: ExportSource;
  readonly dois: DoiSource;
  /** `question id` to the result of the last request. */
  readonly answers: ReadonlyMap<string, 'good' | 'failed'>;
}

const PAGE = 2;
const KEYS_A_PAGE = 4;

/** @param onQuestion called with each request before it is answered */
export function createSources(
  world: World,
  faults: readonly Fault[],
  onQuestion: () => void,
): Sources {
  const answers = new Map<string, 'good' | 'failed'>();
  const faultOf = (question: Question, id: string): How | null => {
    onQuestion();
    const fault = faults.find(
      (it) =>
        it.kind === 'question' &&
        it.question === question &&
        (it.dataset === null || it.dataset === id),
    );
    const how = fault?.kind === 'question' ? fault.how : null;
    answers.set(`${question} ${id}`, how === null ? 'good' : 'failed');
    return how;
  };
  const failedBy = (how: How): Failed => {
    if (how === 'thrown') throw new Error('a bug of the source');
    const reason = ['refused', 'cut', 'no-end', 'no-bucket'].includes(how) ? 'malformed' : how;
    return failed(reason as FailureReason, 'simulated');
  };
  const copiesOf = (id: string): Copies => {
    const copies = world.copiesOf(id);
    if (copies === undefined) throw new Error(`nobody should ask for ${id}`);
    return copies;
  };
  return {
    answers,
    registry: registryOf(world, faults, onQuestion),
    mirror: mirrorOf(world, copiesOf, faultOf, failedBy),
    export: exportOf(world, copiesOf, faultOf, failedBy),
    dois: { readDoi: async () => failed('internal', 'nobody should ask') },
  };
}

function registryOf(
  world: World,
  faults: readonly Fault[],
  onQuestion: () => void,
): RegistrySource {
  const entryFault = (id: string) =>
    faults.find((fault) => fault.kind === 'entry' && fault.dataset === id) as
      | Extract<Fault, { kind: 'entry' }>
      | undefined;
  let readings = 0;

  function pages(): (RegistryPage | Failed)[] {
    const shown: RegistryDataset[] = [];
    const broken: { id: string | null; detail: string }[] = [];
    let count = 0;
    for (const dataset of world.datasets.values()) {
      if (dataset.state !== 'public') continue;
      const how = entryFault(dataset.id)?.how;
      if (how === 'unlisted') continue;
      count += 1;
      if (how === 'hidden' || (how === 'shifted' && readings === 1)) continue;
      if (how === 'broken' || how === 'nameless') {
        broken.push({ id: how === 'broken' ? dataset.id : null, detail: 'an error' });
      } else shown.push(entryOf(dataset, how));
    }
    const counted = faults.some(({ kind }) => kind === 'uncounted') ? null : count;
    const made: (RegistryPage | Failed)[] = [];
    for (let at = 0; at === 0 || at < shown.length; at += PAGE) {
      const first = at === 0;
      made.push({
        datasets: shown.slice(at, at + PAGE),
        broken: first ? broken : [],
        count: counted,
        notes: [],
      });
    }
    const cut = faults.find((fault) => fault.kind === 'registry');
    if (cut?.kind === 'registry') {
      made.splice(Math.min(cut.page, made.length - 1), made.length, failed(cut.how, 'simulated'));
    }
    return made;
  }

  return {
    async *pages() {
      readings += 1;
      for (const page of pages()) {
        onQuestion();
        yield 'kind' in page ? page : seen(page);
      }
    },
    async askDatasets(ids) {
      onQuestion();
      const fault = faults.find(({ kind }) => kind === 'asking');
      if (fault?.kind === 'asking') return failed(fault.how, 'simulated');
      const stateOf = (id: string): EntryState => world.datasets.get(id)?.state ?? 'unknown';
      return seen(new Map(ids.map((id) => [id, stateOf(id)])));
    },
    // Its runs leave this check out.
    askDeprecation: async () => failed('internal', 'nobody should ask'),
  };
}

function entryOf(
  { id, snapshots, publishDate }: Dataset,
  how: string | undefined,
): RegistryDataset {
  const told = snapshots.map(({ tag, created, commit }) => ({ tag, created, hexsha: commit }));
  const shown = how === 'emptied' ? [] : how === 'doubtful' ? told.slice(0, -1) : told;
  return {
    id,
    name: `Study ${id}`,
    latestSnapshot: shown.at(-1)?.tag ?? null,
    snapshots: shown,
    publishDate,
    ...(how === 'doubtful' && shown.length > 0 && { inDoubt: true as const }),
  };
}

type FaultOf = (question: Question, id: string) => How | null;
type FailedBy = (how: How) => Failed;

function mirrorOf(
  world: World,
  copiesOf: (id: string) => Copies,
  faultOf: FaultOf,
  failedBy: FailedBy,
): MirrorSource {
  return {
    async readRefs(id) {
      const how = faultOf('refs', id);
      if (how === 'refused') return { kind: 'denied', status: 403 };
      if (how !== null) return failedBy(how);
      const copies = copiesOf(id);
      switch (copies.mirrorRefusal) {
        case 'absent':
          return ABSENT;
        case 'disabled':
          return DISABLED;
        case 'denied':
          return { kind: 'denied', status: 403 };
        case null:
          break;
      }
      const branches = new Map(copies.branches);
      const annexCommit = world.annexCommitOf(id);
      if (copies.annexBranch && annexCommit) branches.set('git-annex', annexCommit);
      const { head, tags } = copies;
      return seen<Refs>({ head, branches, tags: new Map(tags), annotated: new Map() });
    },
    async readTree(id, commit) {
      const how = faultOf('tree', id);
      if (how !== null) return failedBy(how);
      const files = world.historyOf(id).annex.get(commit);
      if (files === undefined) return ABSENT;
      return seen(Array.from(files, ([path, text]) => ({ path, mode: 0o100644, oid: idOf(text) })));
    },
    async readContent(id, commit) {
      const how = faultOf('content', id);
      if (how !== null) return failedBy(how);
      const files = world.historyOf(id).commits.get(commit);
      if (files === undefined) return ABSENT;
      const tree = treeOf(files);
      const entries = inOrder(files).map(([path, file]) => ({ path, content: contentOf(file) }));
      return seen({ tree, exportTrees: [tree], entries });
    },
    async readObjects(id, { blobs, commits }) {
      const how = faultOf('objects', id);
      if (how !== null) return failedBy(how);
      const history = world.historyOf(id);
      const found = blobs.map((oid) => [oid, history.texts.get(oid)] as const);
      const trees = commits.map((oid) => [oid, history.commits.get(oid)] as const);
      if ([...found, ...trees].some(([, value]) => value === undefined)) return ABSENT;
      return seen({
        blobs: new Map(found.map(([oid, text]) => [oid, Buffer.from(text ?? '')])),
        trees: new Map(trees.map(([oid, files]) => [oid, treeOf(files ?? new Map())])),
      });
    },
  };
}

function exportOf(
  world: World,
  copiesOf: (id: string) => Copies,
  faultOf: FaultOf,
  failedBy: FailedBy,
): ExportSource {
  return {
    bucket: 'openneuro.org',
    async readDescription(id, etag) {
      const how = faultOf('description', id);
      if (how !== null) return failedBy(how);
      const { description } = copiesOf(id);
      if (typeof description === 'string') {
        const now = hash('md5', description);
        if (etag === now) return { kind: 'unchanged' };
        return seen({ body: Buffer.from(description), etag: now });
      }
      if (description.refusal === 'denied') return { kind: 'denied', status: 403 };
      return description.refusal === 'absent' ? ABSENT : { kind: 'archived' };
    },
    async *listObjects(id): AsyncIterable<ListingEvent> {
      const how = faultOf('listing', id);
      if (how === 'no-bucket') {
        yield ABSENT;
        return;
      }
      if (how === 'refused') {
        yield { kind: 'denied', status: 403 };
        return;
      }
      const isCut = how === 'cut' || how === 'no-end';
      if (how !== null && !isCut) {
        yield failedBy(how);
        return;
      }
      const objects = [...copiesOf(id).objects]
        .sort(([a], [b]) => compareBytes(a, b))
        .map(([key, object]): ListedObject => ({ key, ...object }));
      for (let at = 0; at < objects.length; at += KEYS_A_PAGE) {
        yield { kind: 'page', objects: objects.slice(at, at + KEYS_A_PAGE) };
        if (isCut) break;
      }
      if (how === 'cut') yield failedBy('cut-short');
      if (!isCut) yield { kind: 'end' };
    },
    async askAccess(id, key) {
      const how = faultOf('access', id);
      if (how !== null) return failedBy(how);
      const { access, objects } = copiesOf(id);
      const archived = objects.get(key)?.archived ?? false;
      return { kind: 'answered', status: access.get(key) ?? 200, archived };
    },
    async listFolders() {
      const how = faultOf('folders', '');
      if (how !== null) return failedBy(how);
      return seen([...world.datasets.keys()].sort(compareBytes));
    },
  };
}
