// A dataset as a recorded export tree describes it: the few fields that a replay needs, read as
// they are (schema 2.2.0 and older), without the monitor's own documents.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedDataset {
  readonly id: string;
  /** In order of creation. */
  readonly snapshots: readonly { tag: string; hexsha: string; created: string }[];
  readonly github: {
    readonly head: string | null;
    readonly branches: Readonly<Record<string, string>>;
    /** An annotated tag is listed twice: its name with the tag object, `name^{}` with a commit. */
    readonly tags: Readonly<Record<string, string>>;
    readonly error: string | null;
  };
  readonly s3Version: {
    readonly accessible: boolean;
    readonly httpStatus: number | null;
    readonly datasetDescriptionDOI: string | null;
    readonly datasetDescriptionMissing: boolean | null;
    readonly invalidJson: boolean | null;
    readonly extractedVersion: string | null;
  };
  /** Undefined when no comparison was recorded. */
  readonly diff:
    | {
        readonly snapshotTag: string;
        readonly totalS3Files: number;
        readonly totalGitFiles: number;
        readonly exportMissing: boolean;
        readonly added: readonly string[];
        readonly removed: readonly string[];
        readonly context: readonly string[];
      }
    | undefined;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function readJsonIfThere<T>(path: string): T | undefined {
  try {
    return readJson<T>(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Ids in the registry's order. @throws when the folder holds no recorded registry. */
export function readRecordedIds(dir: string): string[] {
  const path = join(dir, 'datasets-registry.json');
  const registry = readJson<{ latestSnapshots?: Record<string, string> }>(path);
  if (!registry.latestSnapshots) throw new Error(`${path} has no latestSnapshots`);
  return Object.keys(registry.latestSnapshots);
}

/** @throws when a document of the dataset is missing or is not JSON. */
export function readRecordedDataset(dir: string, id: string): RecordedDataset {
  const root = join(dir, 'datasets', id);
  const { tags } = readJson<{ tags: string[] }>(join(root, 'snapshots.json'));
  return {
    id,
    snapshots: tags.map((tag) => ({
      tag,
      ...readJson<{ hexsha: string; created: string }>(
        join(root, 'snapshots', tag, 'metadata.json'),
      ),
    })),
    github: readJson(join(root, 'github.json')),
    s3Version: readJson(join(root, 's3-version.json')),
    diff: readJsonIfThere(join(root, 's3-diff.json')),
  };
}
