// What a mirror says of itself in small files: the state of the draft that it holds, its settings.

import { fromBinary } from '../../../core/compare/byte-order.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { parseGitConfig } from '../git-config.ts';
import { instantOf } from '../instant.ts';

/** The largest content that comes with a tree: links, settings, the state. */
export const SMALL_BYTES = 1024;
export const STATE_PATH = '.dandi/assets-state.json';
export const RECORD_PATH = '.dandi/assets.json';
export const SETTINGS_PATH = '.datalad/config';
export const SUBMODULES_PATH = '.gitmodules';

/** Files at these paths. */
export function filesAt(
  entries: Iterable<RepositoryFile>,
  paths: readonly string[],
): ReadonlyMap<string, RepositoryFile> {
  const wanted = new Set(paths);
  const files = new Map<string, RepositoryFile>();
  for (const file of entries) {
    const path = fromBinary(file.path);
    if (wanted.has(path)) files.set(path, file);
  }
  return files;
}

/** The time of the draft that a mirror holds; null if the file does not say. */
export function stateOf(file: Pick<RepositoryFile, 'blob'> | undefined): string | null {
  if (file?.blob === undefined) return null;
  try {
    const { timestamp } = JSON.parse(file.blob.toString()) as { timestamp?: unknown };
    return typeof timestamp === 'string' && instantOf(timestamp) !== null ? timestamp : null;
  } catch {
    return null;
  }
}

/**
 * What `.datalad/config` says of the embargo. One without the setting was never embargoed; null if
 * it cannot be read.
 */
export function embargoOf(
  file: Pick<RepositoryFile, 'blob'> | undefined,
): 'open' | 'embargoed' | null {
  if (file?.blob === undefined) return null;
  const sections = parseGitConfig(file.blob.toString());
  if (sections === null) return null;
  const status = sections
    .filter(({ name, of }) => name === 'dandi' && of === 'dandiset')
    .map(({ values }) => values.get('embargo-status'))
    .findLast((value) => value !== undefined);
  if (status === undefined || status === 'OPEN') return 'open';
  return status === 'EMBARGOED' ? 'embargoed' : null;
}
