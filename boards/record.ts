// A board with all that is kept of it, as JSON: in dumps, in files, and for maintenance.

import * as z from 'zod';
import { instantSchema } from '../core/ids.ts';
import { isId } from './digest.ts';
import type { BoardRecord } from './store.ts';

const idSchema = z.string().refine(isId, { error: 'Not the id of a board' });

/** Fields in the order in which they are written. */
export const recordSchema = z.strictObject({
  id: idSchema,
  board: z.custom<object>((value) => typeof value === 'object' && value !== null),
  rev: z.int().min(1),
  createdAt: instantSchema,
  /** Older records lack it: they count as never changed. */
  changedAt: instantSchema.optional(),
  lastAccess: instantSchema,
  keyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  forkedFrom: idSchema.nullable(),
  whitelisted: z.boolean(),
  protected: z.boolean(),
});

export type RecordJson = z.infer<typeof recordSchema>;

export function toJson(record: BoardRecord): RecordJson {
  const { body, size, createdAt, changedAt, lastAccess, ...others } = record;
  return recordSchema.parse({
    ...others,
    board: JSON.parse(body),
    createdAt: new Date(createdAt).toISOString(),
    changedAt: new Date(changedAt).toISOString(),
    lastAccess: new Date(lastAccess).toISOString(),
  });
}

/** @param body canonical; by default the board as it stands there */
export function fromJson(
  { board, createdAt, changedAt = createdAt, lastAccess, ...others }: RecordJson,
  body = JSON.stringify(board),
): BoardRecord {
  return {
    ...others,
    ...{ body, size: Buffer.byteLength(body) },
    createdAt: Date.parse(createdAt),
    changedAt: Date.parse(changedAt),
    lastAccess: Date.parse(lastAccess),
  };
}
