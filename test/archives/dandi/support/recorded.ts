// The recorded data of seven dandisets, read in place; its README says what of it is real.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../../../shared/recorded/dandi');

/** Null if nothing was recorded, so that tests can skip. */
export const RECORDED: string | null = existsSync(FOLDER) ? FOLDER : null;

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

/** Asset rows of a version as the API would give them. */
export const readAssetRows = (id: string, version: string): unknown[] =>
  readJson<{ results: unknown[] }>(id, 'api', `assets.${version}.json`).results;
