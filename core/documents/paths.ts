// Where documents are in the exported tree (docs/checks.md#documents). Paths are relative to the
// tree's root and use `/`. Each archive has a tree of its own below the root of all results.

import type { CheckDefinition } from '../monitor/check.ts';

/**
 * An archive's folder below the root of all results: `toy/`, or empty. Its other data have the same
 * prefix.
 */
export const folderOf = (archive: { readonly id: string; readonly isAtRoot?: true }): string =>
  archive.isAtRoot ? '' : `${archive.id}/`;
/** What is where in a tree, for scripts (docs/data.md). */
export const ADDRESSES_PATH = 'index.json';
const SCHEMA_FOLDER = 'schema';
/**
 * The JSON Schema of what is at an address. It has the name of the document: that of
 * `history/changes/{month}.json` is `history-changes`, and a dataset's folders do not count.
 */
export function schemaPath(address: string): string {
  const own = address.replace(/^datasets\/\{id\}\/(?:snapshots\/\{tag\}\/)?/, '');
  const names = own.replace(/\.json$/, '').split('/');
  const name = names.filter((one) => !one.includes('{')).join('-');
  return `${SCHEMA_FOLDER}/${name}.schema.json`;
}
/** At the root of all results: the archives that have any. */
export const ARCHIVES_PATH = 'archives.json';

export const REGISTRY_PATH = 'datasets-registry.json';
export const SUMMARY_PATH = 'all-datasets.json';
export const NAMES_PATH = 'names.json';
/** A page for people, not a document: shown by a browser without scripts. */
export const PLAIN_PATH = 'summary.html';
export const STATUS_PATH = 'status.json';

/** When each dataset was last measured well by a check. */
export const timesPath = ({ file, manifest = file }: Pick<CheckDefinition, 'file' | 'manifest'>) =>
  `timestamps/${manifest}.json`;
/** The document with the evidence of a check. */
export const checkPath = (
  { file, scope }: Pick<CheckDefinition, 'file' | 'scope'>,
  id: string,
): string => (scope === 'archive' ? `${file}.json` : `datasets/${id}/${file}.json`);
export const causesPath = (id: string) => `datasets/${id}/causes.json`;
