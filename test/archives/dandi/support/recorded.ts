// The recorded data of seven dandisets, read in place; its README says what of it is real.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { linkTo } from '../../../../archives/dandi/annex/keys.ts';
import { type Asset, readAsset } from '../../../../archives/dandi/sources/registry-answers.ts';
import { toBinary } from '../../../../core/compare/byte-order.ts';
import type { RepositoryFile } from '../../../../core/protocols/sources.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../../shared/recorded/dandi');

/** Null if nothing was recorded, so that tests can skip. */
export const RECORDED: string | null = existsSync(FOLDER) ? FOLDER : null;
export const needsRecorded =
  RECORDED === null ? ' (SKIPPED: ../shared/recorded/dandi is not there)' : '';

export const DANDISETS = [
  '000004',
  '000027',
  '000029',
  '000243',
  '000411',
  '000472',
  '000690',
] as const;

export const readText = (...path: string[]): string => readFileSync(join(FOLDER, ...path), 'utf8');
export const readJson = <T>(...path: string[]): T => JSON.parse(readText(...path)) as T;

/** A recorded `git ls-tree -r`, with the key of each symlink. */
export interface RecordedTree {
  readonly commit: string;
  readonly tree: string;
  readonly rows: readonly (readonly [string, string, string, string, string?])[];
}

export const readTree = (...path: string[]): RecordedTree => readJson<RecordedTree>(...path);

/** Files of a recorded tree, as a mirror's reader gives them; texts that are not recorded are too large. */
export const filesOf = (
  { rows }: RecordedTree,
  texts: Readonly<Record<string, string>> = {},
): RepositoryFile[] =>
  rows.map(([mode, , oid, path, key]) => {
    const content = key === undefined ? texts[path] : linkTo(path, key);
    return {
      path: toBinary(path),
      mode: Number.parseInt(mode, 8),
      oid,
      blob: content === undefined ? undefined : Buffer.from(content),
    };
  });

/** The branch `git-annex`. */
export const annexOf = (id: string): RepositoryFile[] =>
  readJson<{ rows: [string, string][] }>(id, 'git', 'git-annex.json').rows.map(([path, text]) => ({
    ...{ path: toBinary(path), mode: 0o100644, oid: '' },
    blob: Buffer.from(text),
  }));

/** Published versions of a dandiset. */
export const versionsOf = (id: string): string[] =>
  readJson<{ results: { version: string }[] }>(id, 'api', 'versions.json').results.flatMap(
    ({ version }) => (version === 'draft' ? [] : [version]),
  );

/** Assets of a version, as our reader of the API reads them. */
export const assetsOf = (id: string, version: string): Asset[] =>
  readJson<{ results: unknown[] }>(id, 'api', `assets.${version}.json`).results.map((row) => {
    const asset = readAsset(row);
    if (asset === null) throw new Error(`${id} ${version} has a row that is no asset`);
    return asset;
  });
