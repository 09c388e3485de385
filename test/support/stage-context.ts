// A small in-memory archive for tests of the stages: the test sets what the three sources answer,
// and every request is counted.

import { liveArchive } from '../../archives/openneuro/about-archive.ts';
import { EXPORT_URL, MIRROR_URL, REGISTRY_URL } from '../../archives/openneuro/endpoints.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type {
  Context,
  DoiRecord,
  RegistryDataset,
  RegistryPage,
} from '../../archives/openneuro/sources.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import {
  ABSENT,
  type Denied,
  type Disabled,
  type Failed,
  failed,
  seen,
} from '../../core/failure.ts';
import type { StageOptions } from '../../core/monitor/context.ts';
import type { EntryState } from '../../core/monitor/entries.ts';
import type {
  Description,
  ListedObject,
  ListingEvent,
  Refs,
  TreeContent,
  TreeEntry,
} from '../../core/protocols/sources.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

export const COMMIT = 'c'.repeat(40);
export const OTHER_COMMIT = 'd'.repeat(40);
/** The archive that the unit tests use. */
export const OPENNEURO = liveArchive({
  registryUrl: REGISTRY_URL,
  mirrorUrl: MIRROR_URL,
  exportUrl: EXPORT_URL,
});
const BLOB = 'b'.repeat(40);

export interface FakeArchive {
  /** One entry for each full reading; the last one repeats. */
  readings: (readonly (RegistryPage | Failed)[])[];
  refs: Map<string, Refs | 'absent' | Denied | Disabled | Failed>;
  trees: Map<string, readonly string[] | Failed>;
  descriptions: Map<string, Description | 'unchanged' | 'absent' | 'denied' | Failed>;
  listings: Map<string, readonly string[] | Failed>;
  /** What git knows of a path's content; unknown by default. */
  contents: Map<string, TreeContent>;
  /** Text of the files of the git-annex branch by path; the path serves as id. */
  blobs: Map<string, string>;
  /** Commits and trees that the mirror lacks. */
  absent: Set<string>;
  /** Status of a HEAD by `id/key`; 200 by default. */
  access: Map<string, 200 | 403 | 404 | Failed>;
  /** At the top of the bucket. */
  folders: string[] | null;
  states: Map<string, EntryState>;
  /** What DataCite says of a dataset's DOIs; by default findable and leading to the version. */
  dois: Map<string, Partial<DoiRecord> | 'absent' | Failed>;
  /** Why a dataset's latest version is deprecated. */
  deprecated: Map<string, string | Failed>;
  readonly asked: {
    dois: string[];
    deprecated: string[];
    registry: number;
    refs: number;
    tree: number;
    content: number;
    objects: number;
    access: string[];
    description: (string | null)[];
    listing: number;
  };
}

/** The id of a commit's tree is the commit's id reversed. */
export const treeIdOf = (commit: string) => [...commit].reverse().join('');

export function dataset(
  id: string,
  tags: readonly string[],
  name = `Study ${id}`,
): RegistryDataset {
  return {
    id,
    name,
    latestSnapshot: tags.at(-1) ?? null,
    snapshots: tags.map((tag, at) => ({
      tag,
      created: `2020-01-${String(at + 1).padStart(2, '0')}T00:00:00.000Z`,
      hexsha: COMMIT,
    })),
  };
}

export function page(
  datasets: readonly RegistryDataset[],
  extra: Partial<RegistryPage> = {},
): RegistryPage {
  return { datasets, broken: [], count: datasets.length, notes: [], ...extra };
}

export function healthyRefs(tags: readonly string[], commit = COMMIT): Refs {
  return {
    head: 'main',
    branches: new Map([
      ['git-annex', OTHER_COMMIT],
      ['main', commit],
    ]),
    tags: new Map(tags.map((tag) => [tag, commit])),
    annotated: new Map(),
  };
}

export function description(doi: string | null): Description {
  const body = Buffer.from(JSON.stringify({ Name: 'Study', ...(doi && { DatasetDOI: doi }) }));
  return { body, etag: 'etag-1' };
}

/** An archive whose datasets agree everywhere: two files, version 1.0.0. */
export function healthyArchive(ids: readonly string[]): FakeArchive {
  const files = ['CHANGES', 'dataset_description.json'];
  return {
    readings: [[page(ids.map((id) => dataset(id, ['1.0.0'])))]],
    refs: new Map(ids.map((id) => [id, healthyRefs(['1.0.0'])])),
    trees: new Map([[COMMIT, files]]),
    descriptions: new Map(
      ids.map((id) => [id, description(`doi:10.18112/openneuro.${id}.v1.0.0`)]),
    ),
    listings: new Map(ids.map((id) => [id, files])),
    contents: new Map(),
    blobs: new Map(),
    absent: new Set(),
    access: new Map(),
    folders: null,
    states: new Map(),
    dois: new Map(),
    deprecated: new Map(),
    asked: {
      ...{ registry: 0, refs: 0, tree: 0, content: 0, objects: 0, listing: 0 },
      ...{ access: [], description: [], dois: [], deprecated: [] },
    },
  };
}

const REMOTE = '57894849-d0c8-4c62-8418-3627be18a196';

/** What the git-annex branch says of a dataset's public remote, and of an export to it. */
export const annexLogs = {
  uuid: REMOTE,
  /** @param more of its configuration: `bucket=openneuro.org` */
  remote: (id: string, more = '') =>
    `${REMOTE} ${more} fileprefix=${id}/ name=s3-PUBLIC type=S3 timestamp=1s\n`,
  export: (tree: string) => `1600000000s here:${REMOTE} ${tree}\n`,
};

export type TestContext = Context & {
  readonly store: MemoryStore;
  readonly logged: string[];
  /** Ends the run as Ctrl-C does. */
  interrupt(): void;
};

export interface ContextSettings {
  readonly store?: MemoryStore;
  /** OpenNeuro by default. */
  readonly about?: AboutArchive;
  /** Days after 2026-08-01 at which the run starts. */
  readonly day?: number;
  readonly options?: Partial<StageOptions>;
}

export function stageContext(archive: FakeArchive, settings: ContextSettings = {}): TestContext {
  const start = Date.UTC(2026, 7, 1) + (settings.day ?? 0) * 24 * 3_600_000;
  const controller = new AbortController();
  const logged: string[] = [];
  const unknown = (what: string): Failed => failed('internal', `the test gave no ${what}`);
  let ticks = 0;
  return {
    archive: openneuro,
    about: settings.about ?? OPENNEURO,
    logged,
    interrupt: () => controller.abort(new Error('interrupted')),
    store: settings.store ?? memoryStore(),
    runStart: new Date(start).toISOString(),
    now: () => new Date(start + 1000 * ticks++),
    signal: controller.signal,
    log: (level, event) => logged.push(`${level} ${event}`),
    progress: { start: () => {}, step: () => {}, end: () => {} },
    options: {
      concurrency: 4,
      force: false,
      maxAge: 0,
      acceptShrink: false,
      publishAnyway: false,
      checks: new Set<string>(),
      ...settings.options,
    },
    registry: {
      async *pages() {
        const reading =
          archive.readings[Math.min(archive.asked.registry, archive.readings.length - 1)];
        archive.asked.registry += 1;
        for (const answer of reading ?? []) {
          yield 'kind' in answer ? answer : seen(answer);
        }
      },
      async askDatasets(ids) {
        return seen(new Map(ids.map((id) => [id, archive.states.get(id) ?? 'unknown'])));
      },
      async askDeprecation(id) {
        archive.asked.deprecated.push(id);
        const answer = archive.deprecated.get(id) ?? null;
        return typeof answer === 'string' ? seen({ reason: answer }) : (answer ?? seen(null));
      },
    },
    dois: {
      async readDoi(doi, id) {
        archive.asked.dois.push(doi);
        const answer = archive.dois.get(id);
        if (answer === 'absent') return ABSENT;
        const tag = doi.slice(doi.indexOf('.v') + 2);
        const url = `https://openneuro.org/datasets/${id}/versions/${tag}`;
        return answer && 'kind' in answer ? answer : seen({ state: 'findable', url, ...answer });
      },
    },
    mirror: {
      async readRefs(id) {
        archive.asked.refs += 1;
        const refs = archive.refs.get(id) ?? unknown('refs');
        if (refs === 'absent') return ABSENT;
        return 'kind' in refs ? refs : seen(refs);
      },
      async readTree(_id, commit) {
        archive.asked.tree += 1;
        const tree = archive.trees.get(commit) ?? unknown('tree');
        if ('kind' in tree) return tree;
        return seen(
          tree.map((path): TreeEntry => {
            const gitlink = path.endsWith('@');
            return {
              path: gitlink ? path.slice(0, -1) : path,
              mode: gitlink ? 0o160000 : 0o100644,
              oid: archive.blobs.has(path) ? path : BLOB,
            };
          }),
        );
      },
      async readContent(_id, commit) {
        archive.asked.content += 1;
        if (archive.absent.has(commit)) return ABSENT;
        const tree = archive.trees.get(commit) ?? unknown('tree');
        if ('kind' in tree) return tree;
        const entries = tree.map((path) => ({
          path: path.replace(/@$/, ''),
          content: path.endsWith('@')
            ? ({ kind: 'gitlink' } as const)
            : (archive.contents.get(path) ?? ({ kind: 'unknown' } as const)),
        }));
        return seen({ tree: treeIdOf(commit), exportTrees: [treeIdOf(commit)], entries });
      },
      async readObjects(_id, { blobs, commits }) {
        archive.asked.objects += 1;
        return seen({
          blobs: new Map(blobs.map((path) => [path, Buffer.from(archive.blobs.get(path) ?? '')])),
          trees: new Map(commits.map((commit) => [commit, treeIdOf(commit)])),
        });
      },
    },
    export: {
      bucket: 'openneuro.org',
      async askAccess(id, key) {
        archive.asked.access.push(`${id}/${key}`);
        const answer = archive.access.get(`${id}/${key}`) ?? 200;
        return typeof answer === 'number' ? { kind: 'answered', status: answer } : answer;
      },
      async listFolders() {
        return archive.folders ? seen(archive.folders) : unknown('folders');
      },
      async readDescription(id, etag) {
        archive.asked.description.push(etag);
        const answer = archive.descriptions.get(id) ?? unknown('description');
        if (answer === 'absent') return ABSENT;
        if (answer === 'unchanged') return { kind: 'unchanged' };
        if (answer === 'denied') return { kind: 'denied', status: 403 };
        return 'kind' in answer ? answer : seen(answer);
      },
      async *listObjects(id): AsyncIterable<ListingEvent> {
        archive.asked.listing += 1;
        const listing = archive.listings.get(id) ?? unknown('listing');
        if ('kind' in listing) {
          yield listing;
          return;
        }
        const objects = listing.map((key): ListedObject => ({ key, size: 1, etag: 'e' }));
        yield { kind: 'page', objects: objects.slice(0, 1) };
        yield { kind: 'page', objects: objects.slice(1) };
        yield { kind: 'end' };
      },
    },
  };
}
