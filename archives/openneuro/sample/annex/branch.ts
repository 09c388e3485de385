// The git-annex branch of a sample dataset: what git-annex would have recorded of its remotes, its
// keys and its exports.

import { gitKey, hashDirLower } from '../../../../sample/annex-keys.ts';
import { plainFile, type SampleFile } from '../../../../sample/files.ts';
import { BUCKET } from '../archive.ts';
import { exportSettings, timedFirst, timedLast, uuidOf, versionLine } from './logs.ts';

export interface AnnexRemote {
  /** Distinguishes remotes of one name. */
  readonly seed: string;
  readonly name: string;
  readonly bucket?: string;
  /** `revived`: once dead, and alive again. */
  readonly trust?: 'dead' | 'revived';
}

export interface AnnexClaim {
  /** Id of the tree that is recorded as completely exported. */
  readonly tree: string;
  /** Ids of trees whose export was begun. */
  readonly underway: readonly string[];
}

/** A file that reached the export once. */
export interface ExportedFile {
  readonly path: string;
  /** The annex key, or the blob of a plain file. */
  readonly key: string | { readonly blob: string };
  /** Whether the version that S3 gave it was recorded. */
  readonly versioned: boolean;
}

export interface AnnexRecord {
  readonly datasetId: string;
  readonly seed: string;
  /** When the repository was made; exports are later. */
  readonly created: Date;
  readonly remotes: readonly AnnexRemote[];
  /** Index of the remote that was exported to. */
  readonly exportedTo: number;
  /** Oldest first; null when nothing was ever exported. */
  readonly claims: readonly AnnexClaim[];
  /** Keys that the repository holds and that were not exported. */
  readonly kept: Iterable<string>;
  readonly exported: Iterable<ExportedFile>;
}

const SECOND = 1000;
/** Fractions, so that no reader takes times for whole seconds. */
const FRACTION = 157;

export function annexBranch(record: AnnexRecord): SampleFile[] {
  const { datasetId, seed, created, remotes, claims } = record;
  const at = (seconds: number) => new Date(created.getTime() + seconds * SECOND + FRACTION);
  const here = uuidOf(`${seed} here`);
  const uuids = remotes.map((remote) => uuidOf(`${seed} ${remote.seed}`));
  const to = uuids[record.exportedTo] ?? here;
  const files: SampleFile[] = [];
  const log = (path: string, lines: readonly string[]) => {
    if (lines.length > 0) files.push(plainFile(path, lines.join('')));
  };
  log('uuid.log', [
    timedLast(here, `root@04f42044453f:/datalad/${datasetId}`, at(0)),
    ...remotes.map(({ name }, place) => timedLast(uuids[place] as string, name, at(60))),
  ]);
  log(
    'remote.log',
    remotes.map(({ name, bucket = BUCKET }, place) =>
      timedLast(uuids[place] as string, exportSettings(datasetId, name, bucket), at(60)),
    ),
  );
  log(
    'trust.log',
    remotes.flatMap(({ trust }, place) => {
      if (trust === undefined) return [];
      const dead = timedLast(uuids[place] as string, 'X', at(90));
      // The newer line comes first: the order means nothing.
      return trust === 'dead' ? [dead] : [timedLast(uuids[place] as string, '?', at(95)), dead];
    }),
  );
  log(
    'export.log',
    claims
      .map(({ tree, underway }, place) =>
        timedFirst(at(120 + place), `${here}:${to} ${[tree, ...underway].join(' ')}`),
      )
      .reverse(),
  );
  // One by one: 400,000 of them are too many arguments for a call.
  for (const file of keyLogs(record, here, to, at(130))) files.push(file);
  return files;
}

/** Where each key is, and which versions of which objects the export has of it. */
function* keyLogs(
  { datasetId, kept, exported }: AnnexRecord,
  here: string,
  to: string,
  at: Date,
): Generator<SampleFile> {
  // Buffers that many files share are hashed once.
  const present = timedFirst(at, `1 ${here}`);
  const onlyHere = Buffer.from(present);
  const both = Buffer.from(present + timedFirst(at, `1 ${to}`));
  const located = new Set<string>();
  const versions = new Map<string, string>();
  for (const { path, key, versioned } of exported) {
    const name = typeof key === 'string' ? key : gitKey(key.blob);
    if (typeof key === 'string' && !located.has(name)) {
      located.add(name);
      yield plainFile(`${hashDirLower(name)}/${name}.log`, both);
    }
    if (!versioned) continue;
    const line = versionLine(at, to, datasetId, path);
    const before = versions.get(name) ?? '';
    if (!before.includes(line)) versions.set(name, before + line);
  }
  for (const key of kept) {
    if (located.has(key)) continue;
    located.add(key);
    yield plainFile(`${hashDirLower(key)}/${key}.log`, onlyHere);
  }
  for (const [name, lines] of versions) {
    yield plainFile(`${hashDirLower(name)}/${name}.log.rmet`, lines);
  }
}
