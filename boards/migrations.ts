// Stored boards of older versions are read in today's form. What is stored stays as it is until the
// board is saved again.

import type { JsonObject } from './check.ts';
import { BOARD_VERSION } from './schema.ts';

/** By version: makes a board of the next one. It says the new version itself. There is one version so far. */
export const STEPS = new Map<number, (board: JsonObject) => JsonObject>();

/** Canonical boards begin with it, so no other needs to be parsed. */
const VERSION = /^\{"schemaVersion":(\d+)/;

/**
 * @param body canonical
 * @returns it in today's form; what is of no older version as it is
 */
export function upgraded(body: string, today: number = BOARD_VERSION): string {
  const stored = Number(VERSION.exec(body)?.[1] ?? today);
  if (stored >= today) return body;
  let board: JsonObject = JSON.parse(body);
  for (let version = stored; version < today; version += 1) {
    board = STEPS.get(version)?.(board) ?? board;
  }
  return JSON.stringify(board);
}
