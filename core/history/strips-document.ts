// The strips of a dataset: how long each of its verdicts lasted (docs/history.md).

import * as z from 'zod';
import { schemaVersion } from '../documents/documents.ts';
import { STATUSES } from '../documents/vocabulary.ts';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import { check, noticeSchema, verdict, word } from './events.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** A day, `2026-08-08`, or a minute, `2026-08-08T06:00Z` (strips.ts). */
const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}Z)?$/);

/** From when, and until when: a day is the last one, a minute the first one after it; null: it lasts. */
const period = z.tuple([moment, moment.nullable()]);
/** From when a verdict is so, and the verdict; null: not made. It lasts until the next entry. */
const entry = z.tuple([moment, verdict.nullable()]);

/** What a dataset's feed tells (news.ts). */
const newsSchema = z.discriminatedUnion('kind', [
  z.object({ run: instantSchema, ...noticeSchema.omit({ id: true }).shape }),
  /** With the first run that saw it, whether or not it was new then. */
  z.object({ run: instantSchema, kind: z.enum(['listed', 'returned']), status: z.enum(STATUSES) }),
  z.object({ run: instantSchema, kind: z.literal('version'), version: z.string() }),
]);
export type News = z.infer<typeof newsSchema>;

/** data/datasets/{id}/history.json */
export const stripsSchema = z.object({
  schemaVersion,
  id: datasetIdSchema,
  /** The day on which it was first seen; null: before the first run. */
  listed: day.nullable(),
  /** By check, `overall` included; ascending. If it changed twice in a day or minute, the last one. */
  strips: z.record(check, z.array(entry)),
  /** When a check could not be measured. */
  unverified: z.record(check, z.array(period)),
  /** When the archive did not list it. */
  notSeen: z.array(period),
  /** Its newest snapshots since the first run: when each was created, and first seen where. */
  snapshots: z
    .array(
      z.object({
        version: z.string(),
        created: instantSchema,
        seen: z.record(word, instantSchema),
      }),
    )
    .optional(),
  /** Older entries were left out. */
  truncated: z.literal(true).optional(),
  /** Of the year before the newest one, which is the last. */
  news: z.array(newsSchema),
});
export type Strips = z.infer<typeof stripsSchema>;
