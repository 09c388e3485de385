// The worlds that the page is tested in: the sample archive after a run, the recorded tree after
// `summarize`, ten thousand datasets, and worlds with something wrong.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Github,
  Metadata,
  S3Diff,
  S3Version,
  Snapshots,
} from '../../../archives/openneuro/documents.ts';
import { knownHexsha } from '../../../archives/openneuro/entry.ts';
import type { Summary, SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import {
  withGithubVerdict,
  withS3FilesVerdict,
  withS3VersionVerdict,
} from '../../../archives/openneuro/legacy/verdicts.ts';
import { metadataPath, snapshotsPath } from '../../../archives/openneuro/paths.ts';
import { generateArchive } from '../../../archives/openneuro/sample/generate.ts';
import { replayArchive } from '../../../archives/openneuro/sample/replay.ts';
import { startSampleArchive } from '../../../archives/openneuro/sample/server.ts';
import { UNKNOWN_HEXSHA } from '../../../archives/openneuro/vocabulary.ts';
import type { AboutArchive, Registry, RunStatus } from '../../../core/documents/documents.ts';
import {
  NAMES_PATH,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
} from '../../../core/documents/paths.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { summarize } from '../../../core/monitor/summarize.ts';
import { decodeStored, placeOf } from '../../support/documents.ts';
import { asSummary, compactSummary, namesOf } from '../../support/legacy.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { recordedTree } from '../../support/recorded.ts';
import { REPLAY, runSample } from '../../support/sample-run.ts';
import { healthyArchive, OPENNEURO, stageContext } from '../../support/stage-context.ts';
import type { World } from './server.ts';

export interface BuiltWorld {
  readonly world: World;
  /** What the pipeline says; the page must say the same. */
  readonly summary: Summary;
}

/** A function that finds a row; the tests that use it need it to be there. */
export const pickFrom =
  (rows: readonly SummaryRow[]) =>
  (wanted: (row: SummaryRow) => boolean): SummaryRow => {
    const row = rows.find(wanted);
    if (!row) throw new Error('the sample archive has no such dataset');
    return row;
  };

const storeWorld =
  (store: MemoryStore): World =>
  (path) =>
    store.documents.get(path) ?? store.pages.get(path);

/** The sample archive after a clean run and after one in which every description failed. */
export async function sampleWorld(): Promise<
  BuiltWorld & { readonly hostile: string; readonly outage: World }
> {
  const archive = generateArchive({ seed: 1 });
  const server = await startSampleArchive({ archive });
  const store = memoryStore();
  try {
    await runSample(server, { store, day: 0, options: { publishAnyway: true } });
    const clean = new Map([...store.documents, ...store.pages]);
    const summary = store.document<Summary>(SUMMARY_PATH);
    const hostile = summary.datasets.find((row) => row.name?.includes('<script>'));
    if (!hostile) throw new Error('the sample archive has no hostile dataset');
    server.setFaults([{ kind: 'description', fault: '503', rate: 1 }]);
    await runSample(server, { store, day: 1, options: { publishAnyway: true } });
    return {
      world: (path) => clean.get(path),
      summary,
      hostile: hostile.id,
      outage: storeWorld(store),
    };
  } finally {
    await server.close();
  }
}

/** The same results, attributed to an archive that can be queried. */
export function liveWorld(world: World, archive: AboutArchive = OPENNEURO): World {
  return async (path) => {
    const text = await world(path);
    if (path !== STATUS_PATH || text === undefined) return text;
    return JSON.stringify({ ...JSON.parse(text), archive });
  };
}

/** So many recorded datasets, replayed and run over; null if nothing was recorded. */
export async function replayedWorld(count: number): Promise<BuiltWorld | null> {
  const root = recordedTree();
  if (root === null) return null;
  const server = await startSampleArchive({ archive: replayArchive(root, { sample: count }) });
  const store = memoryStore();
  try {
    await runSample(server, { store, day: 0, ...REPLAY });
    return { world: storeWorld(store), summary: store.document<Summary>(SUMMARY_PATH) };
  } finally {
    await server.close();
  }
}

/** null if nothing was recorded. */
export async function recordedWorld(): Promise<BuiltWorld | null> {
  const root = recordedTree();
  if (root === null) return null;
  const store = memoryStore();
  const recorded = <T>(path: string): T | undefined => {
    try {
      return decodeStored(path, readFileSync(join(root, path))) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  const own = store.readDocument;
  store.readDocument = async (path) => (await own(path)) ?? recorded(path);
  const registry = recorded<Registry>(REGISTRY_PATH) as Registry;
  const context = stageContext(healthyArchive([]), { store, options: { publishAnyway: true } });
  // As if published at the end of the recorded run.
  const now = () => new Date('2026-08-01T08:31:07.000Z');
  const made = await summarize({ ...context, now }, registry);
  const summary = asSummary(made.summary);
  const judged = (path: string): unknown => {
    const document = recorded(path);
    const place = placeOf(path);
    if (document === undefined || !place?.dataset) return document;
    const { dataset } = place;
    const latest = registry.latestSnapshots[dataset] as string;
    const listed = () =>
      (recorded<Snapshots>(snapshotsPath(dataset))?.tags ?? []).map((tag) => {
        const { hexsha = UNKNOWN_HEXSHA, created = null } =
          recorded<Metadata>(metadataPath(dataset, tag)) ?? {};
        return { tag, created, hexsha };
      });
    switch (place.kind) {
      case 'snapshots':
        // As a run of today writes it.
        return {
          ...document,
          snapshots: listed().map((one) => ({ ...one, hexsha: knownHexsha(one) })),
        };
      case 'github':
        return withGithubVerdict(document as Github, { latest, snapshots: listed() });
      case 's3-version':
        return withS3VersionVerdict(document as S3Version, latest);
      case 's3-diff':
        return withS3FilesVerdict(document as S3Diff);
      default:
        return document;
    }
  };
  return {
    summary,
    world: (path) => {
      const made = store.documents.get(path) ?? store.pages.get(path);
      if (made !== undefined || placeOf(path) === undefined) return made;
      const document = judged(path);
      return document === undefined ? undefined : JSON.stringify(document);
    },
  };
}

/** Rows without documents, by a rule, so that every run has the same: for the table's speed. */
export function manyWorld(count: number): BuiltWorld {
  const lastUpdated = '2026-08-01T08:31:07.000Z';
  const words = 'resting auditory visual motor memory sleep stroke language music emotion'.split(
    ' ',
  );
  const datasets = Array.from({ length: count }, (_, n): SummaryRow => {
    const status = n % 9 === 0 ? 'error' : n % 13 === 0 ? 'warning' : 'ok';
    const version = `${1 + (n % 3)}.${n % 7}.${n % 11}`;
    const at = (age: number) => new Date(Date.parse(lastUpdated) - age * 1000).toISOString();
    return {
      id: `ds${String(n + 1).padStart(6, '0')}`,
      status,
      checks: {
        github: status === 'warning' ? 'warning' : 'ok',
        s3Version: 'ok',
        s3Files: status === 'error' ? 'error' : 'ok',
      },
      s3Blocked: null,
      lastChecked: { github: at(n % 90), s3Version: at(n % 80), s3Files: at((n * 7919) % 500_000) },
      s3FilesAdded: status === 'error' ? 1 + ((n * 31) % 4000) : null,
      s3FilesRemoved: n % 18 === 0 ? 1 + (n % 50) : null,
      issueSubtypes:
        status === 'ok'
          ? null
          : {
              github: status === 'warning' ? 'head-mismatch' : null,
              s3Version: null,
              s3Files: status === 'error' ? 'files-missing' : null,
            },
      githubVersion: version,
      s3Version: version,
      latestSnapshotDate: at(((n * 104_729) % 200_000) * 1000),
      name: `${words[n % 10]} ${words[(n * 3) % 10]} ${words[(n * 7) % 10]} study ${n}`,
      latestSnapshot: version,
      checkedAt: at((n * 7919) % 500_000),
      unverified: null,
      findings: [],
      notCompared: null,
    };
  });
  const summary: Summary = { schemaVersion: SCHEMA_VERSION, lastUpdated, datasets };
  const files = new Map<string, string>([
    [NAMES_PATH, JSON.stringify(namesOf(summary))],
    [STATUS_PATH, JSON.stringify(report({ publishedAt: lastUpdated, datasets: count }))],
  ]);
  for (const [name, part] of compactSummary(summary)) files.set(name, JSON.stringify(part));
  return { summary, world: (path) => files.get(path) };
}

/** data/status.json of a run, published by default. */
export function report(
  changes: Partial<RunStatus> & { readonly run?: Partial<RunStatus['lastRun']> } = {},
): RunStatus {
  const { run, ...rest } = changes;
  return {
    schemaVersion: SCHEMA_VERSION,
    lastRun: {
      id: '2026-08-01T08:29:40.000Z',
      startedAt: '2026-08-01T08:29:40.000Z',
      finishedAt: '2026-08-01T08:31:07.000Z',
      outcome: 'published',
      why: [],
      durationSeconds: 87,
      ...run,
    },
    publishedAt: '2026-08-01T08:31:07.000Z',
    datasets: 0,
    covered: 0,
    unverified: 0,
    ...rest,
  };
}
