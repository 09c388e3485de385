// What one published run tells: what changed since the run before, and which faults are told
// (docs/history.md).

import * as z from 'zod';
import { count } from '../documents/documents.ts';
import { STATUSES } from '../documents/vocabulary.ts';
import { FAILURE_REASONS } from '../failure.ts';
import { datasetIdSchema, instantSchema } from '../ids.ts';

export const word = z.string().max(64);
/** A status, or a status with the worst finding: `error:files-missing`. */
export const verdict = z.string().regex(/^[a-z-]+(:[a-z0-9-]+)?$/);
/** A check, or `overall`, whose verdicts are statuses. */
export const check = word;

/** What the changes are due to, if not the archive: other rules, or other checks than before. */
const because = z.literal('rules').optional();
/** Imported without the document of the check: the verdict is that of the recorded row. */
const fromRow = z.literal(true).optional();

/** By what they are called in the compact summary: `latest`, `mirror`, `export`. */
const versions = z.record(word, z.string().nullable());
const numbers = z.record(word, count);

const of = { id: datasetIdSchema };
/** The latest version, and when the archive created it; absent if unknown. */
const latest = { version: z.string().optional(), created: instantSchema.optional() };
export const EVENTS = [
  z.object({
    kind: z.literal('verdict'),
    ...of,
    check,
    from: verdict,
    to: verdict,
    because,
    fromRow,
  }),
  /** A new snapshot is a fact, not a fault. Only what changed. */
  z.object({ kind: z.literal('versions'), ...of, from: versions, to: versions }),
  /** The number of differing files changed, and the verdict did not. */
  z.object({ kind: z.literal('counts'), ...of, check, from: numbers, to: numbers, because }),
  z.object({ kind: z.literal('listed'), ...of, to: verdict, ...latest }),
  z.object({ kind: z.literal('withdrawn'), ...of, from: verdict }),
  /** It was withdrawn before. */
  z.object({ kind: z.literal('returned'), ...of, to: verdict, ...latest }),
  z.object({ kind: z.literal('unverified'), ...of, check, reason: z.enum(FAILURE_REASONS) }),
  /** With the reason of the last attempt that failed; absent in older files. */
  z.object({
    kind: z.literal('verified'),
    ...of,
    check,
    reason: z.enum(FAILURE_REASONS).optional(),
  }),
  /** The latest version was seen at one of the archive's places for the first time. */
  z.object({
    kind: z.literal('arrived'),
    ...of,
    place: word,
    version: z.string(),
    /** When the registry created it; null if unknown. */
    created: instantSchema.nullable(),
  }),
] as const;
export const eventSchema = z.discriminatedUnion('kind', EVENTS);
export type Event = z.infer<typeof eventSchema>;

export const NOTICE_KINDS = ['fault', 'mended', 'worse', 'changed', 'flaps', 'withdrawn'] as const;
/** What is told of a dataset after a run (notices.ts). */
export const noticeSchema = z.object({
  ...of,
  /** `flaps`: a fault again and again, the last that is told until it stays as it is. */
  kind: z.enum(NOTICE_KINDS),
  /** Overall, as of this run; of a withdrawn dataset, as it was. */
  status: z.enum(STATUSES),
  /** Worst first. */
  checks: z.array(
    z.object({
      check,
      /** As it was told, or before the fault; null if it is as old as the dataset. */
      from: verdict.nullable(),
      /** Null if the check is no longer made. */
      to: verdict.nullable(),
      /** First measurement of the present verdict; null if it is older than the history. */
      since: instantSchema.nullable(),
    }),
  ),
  /** Likely causes. */
  causes: z.array(word).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** By check, `overall` included; null: the check is no longer made. */
export type Verdicts = Readonly<Record<string, string | null>>;
