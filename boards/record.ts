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

export function toJson({ body, size, createdAt, lastAccess, ...others }: BoardRecord): RecordJson {
  return recordSchema.parse({
    ...others,
    board: JSON.parse(body),
    createdAt: new Date(createdAt).toISOString(),
    lastAccess: new Date(lastAccess).toISOString(),
  });
}

/** @param body canonical; by default the board as it stands there */
export function fromJson(
  { board, createdAt, lastAccess, ...others }: RecordJson,
  body = JSON.stringify(board),
): BoardRecord {
  return {
    ...others,
    ...{ body, size: Buffer.byteLength(body) },
    createdAt: Date.parse(createdAt),
    lastAccess: Date.parse(lastAccess),
  };
}
