// The documents of a whole archive's history (docs/history.md): what changed from one published run
// to the next, the numbers of each, and what follows from them.

import * as z from 'zod';
import { maybeCounts } from '../documents/columns.ts';
import type { CompactSummary } from '../documents/compact.ts';
import { count, schemaVersion } from '../documents/documents.ts';
import { STATUSES } from '../documents/vocabulary.ts';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import {
  check,
  EVENTS,
  type Event,
  eventSchema,
  type Notice,
  noticeSchema,
  verdict,
  word,
} from './events.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** Columns of one run: `total`, `overall.ok`, `issue.copy:copy-missing` … */
export type Counts = Readonly<Record<string, number>>;

/** What all feeds have in common. */
const feeds = z.object({
  /** Begins the ids of feeds and entries for ever: `watch.example.org,2026` (RFC 4151). */
  tag: z.string(),
  /** A hash of what they are made with; null if they are not written any more. */
  form: z.string().nullable(),
});

/** data/history/runs/{year}/{time}.json: all that one published run adds. The only truth. */
export const runHistorySchema = z.object({
  schemaVersion,
  /** Start of the run, which names it; the time of publishing if it published again. */
  run: instantSchema,
  /** Counts publications from 1. */
  number: z.int().positive(),
  /** The newest measurement that its rows show; null if none was made. */
  until: instantSchema.nullable(),
  /** The oldest rules of its rows; null if they have no number. */
  rulesVersion: count.nullable(),
  /** Runs with the same number that were cut off before they were published: they do not count. */
  replaces: z.array(instantSchema).optional(),
  /** Strips have its minute, since runs are more often than daily; absent: they have its day. */
  precision: z.literal('minute').optional(),
  /** `import`: made from recorded documents. `start-up`: of these only the numbers are kept. */
  origin: z.enum(['import', 'start-up']).optional(),
  /** By kind, then by dataset. */
  events: z.array(eventSchema),
  /**
   * Verdicts that no event tells: of the first run, of new datasets, of checks that were not made
   * before or no longer are. Each combination once, and which one a dataset has.
   */
  states: z.object({
    verdicts: z.array(z.record(check, verdict.nullable())),
    of: z.record(datasetIdSchema, count),
  }),
  counts: z.record(z.string(), count),
  /** What was told after it. */
  notices: z.array(noticeSchema).optional(),
  /** The least status that was told; `version-mismatch` if absent. */
  notifyFrom: z.enum(STATUSES).optional(),
  /** All badges were written, in this form: a hash of every one there can be. */
  badges: z.string().optional(),
  /** All feeds were written, in another form than before; or none, since there was no address. */
  feeds: feeds.optional(),
});
export type RunHistory = z.infer<typeof runHistorySchema>;

/** data/history/changes/{month}.json: the events of a month, newest last. */
export const changesSchema = z.object({
  schemaVersion,
  month,
  events: z.array(
    z.discriminatedUnion(
      'kind',
      EVENTS.map((event) =>
        z.object({ run: instantSchema, ...event.shape }),
      ) as unknown as typeof EVENTS,
    ),
  ),
  /** What was told, newest last. */
  notices: z.array(z.object({ run: instantSchema, ...noticeSchema.shape })).optional(),
});
export interface Changes {
  readonly schemaVersion: z.infer<typeof schemaVersion>;
  readonly month: string;
  readonly events: readonly RunEvent[];
  readonly notices?: readonly RunNotice[] | undefined;
}
export type RunNotice = { readonly run: string } & Notice;
export type RunEvent = { readonly run: string } & Event;

/** data/history/counts/{month}.json: a list for each number, with a value for each run. */
export const countsSchema = z.object({
  schemaVersion,
  month,
  /** Starts of the runs. */
  time: z.array(instantSchema),
  /** Null where a run does not have the number. */
  columns: z.record(z.string(), maybeCounts),
});
export type MonthCounts = z.infer<typeof countsSchema>;

/** data/history/series.json: what `GET /api/history/curve` can be asked for. */
export const seriesSchema = z.object({
  schemaVersion,
  /** Id of the archive, with which all names begin. */
  archive: z.string(),
  /** By name in byte order, and the first run that has a value. */
  series: z.array(z.object({ name: z.string(), from: instantSchema })),
  /** Each dataset has a series of each check, with 0 for ok to 4 for error. */
  datasets: z.object({
    /** With `{id}` and `{check}`. */
    name: z.string(),
    /** `overall` first. */
    checks: z.array(check),
  }),
});
export type SeriesCatalogue = z.infer<typeof seriesSchema>;

/** data/history/index.json */
export const indexSchema = z.object({
  schemaVersion,
  /** The first published run whose verdicts are kept: they may be older. */
  firstRun: instantSchema,
  lastRun: instantSchema,
  /** Number of published runs. */
  runs: count,
  /** Starts of the last ones, the newest last: how often there are runs. */
  lastRuns: z.array(instantSchema),
  /** How many of them, the first ones, were a start-up; absent if there was none. */
  startUp: count.optional(),
  /**
   * Start and newest measurement of the first run that is not imported; null if there is none. A
   * verdict that it saw may be older.
   */
  firstLook: z.object({ run: instantSchema, until: instantSchema.nullable() }).nullable(),
  /** The last imported run; null if none is imported. */
  imported: instantSchema.nullable(),
  /** Ascending; each has its changes and counts. */
  months: z.array(month),
  /** Days without a run, first and last. */
  gaps: z.array(z.tuple([day, day])),
  /** From which run on which rules were used. */
  rulesVersions: z.array(z.object({ from: instantSchema, rulesVersion: count.nullable() })),
  /** Datasets that were listed once and are not now, and the first run without them. */
  withdrawn: z.record(datasetIdSchema, instantSchema),
  /** The form of the badges, of the last run that wrote all of them. */
  badges: z.string().optional(),
  /** The same of the feeds. */
  feeds: feeds.optional(),
});
export type HistoryIndex = z.infer<typeof indexSchema>;

/** How long snapshots took to arrive at one place. */
const arrivals = z.object({
  /** Days within which half, and nine of ten, arrived; null while fewer have. */
  median: z.number().nullable(),
  p90: z.number().nullable(),
  arrived: count,
  /** Not there yet. */
  waiting: count,
  /** Never there: a newer snapshot came, or the dataset was withdrawn. */
  replaced: count,
});
const sync = { snapshots: count, places: z.record(word, arrivals) };

/** data/history/sync.json: how long new snapshots take to arrive (core/history/sync.ts). */
export const syncSchema = z.object({
  schemaVersion,
  run: instantSchema,
  /** Usual days between two runs: arrivals are not seen more exactly. */
  resolution: z.number().nullable(),
  /** Of the snapshots created in the last 90 days. */
  last90Days: z.object(sync),
  /** Snapshots that are not everywhere yet, however old. */
  waiting: count,
  /** By the month in which they were created; of old months as last counted. */
  months: z.array(z.object({ month, ...sync })),
  /** Starts of the last runs. */
  runs: z.array(instantSchema),
  /** Those of the last months, and those that are still waited for. */
  snapshots: z.array(
    z.object({
      id: datasetIdSchema,
      version: z.string(),
      created: instantSchema,
      /** Place → start of the run that saw it there first. */
      seen: z.record(word, instantSchema),
      /** The run that found a newer snapshot, or no dataset. */
      ended: instantSchema.optional(),
    }),
  ),
});
export type Sync = z.infer<typeof syncSchema>;

/** data/history/notices.json: what must be known of earlier runs to tell each fault once. */
export const noticesSchema = z.object({
  schemaVersion,
  /** Of the last run that it knows. */
  number: count,
  /** Datasets with a fault that is told, or may be. */
  datasets: z.record(
    datasetIdSchema,
    z.object({
      /** The run that first saw what is not told yet. */
      since: instantSchema.optional(),
      /** Verdicts before that. */
      from: z.record(check, verdict).optional(),
      /** Verdicts that differ from what was told. */
      now: z.record(check, verdict).optional(),
      /** Bad verdicts that were told. */
      told: z.record(check, verdict).optional(),
      /** Runs of the last two weeks after which a fault was told. */
      at: z.array(instantSchema).optional(),
      /** It flaps: the run of its last change. Nothing is told until a week after that. */
      rests: instantSchema.optional(),
    }),
  ),
  /** Datasets that were listed in the last eight days, and the first run with them. */
  young: z.record(datasetIdSchema, instantSchema),
});
export type Notices = z.infer<typeof noticesSchema>;

/** data/history/sent.json: what was sent, by channel. Nothing is made from it. */
export const sentSchema = z.object({
  schemaVersion,
  channels: z.record(
    word,
    z.object({
      /** A hash of where it sends to. */
      receiver: z.string(),
      /** What runs up to then told was sent, or was before the receiver was there. */
      run: instantSchema,
      /** The run up to which the last digest was. */
      digest: instantSchema,
      /** It wants no more. */
      isGone: z.literal(true).optional(),
    }),
  ),
});
export type Sent = z.infer<typeof sentSchema>;

/**
 * data/history/imported.json: how an imported history ends. `since` has all datasets whose verdict
 * changed within it.
 */
export const importedSchemaOf = (compact: z.ZodType<CompactSummary>) =>
  z.object({
    schemaVersion,
    /** The last imported summary, in its parts. */
    summary: z.array(compact),
    since: z.record(datasetIdSchema, z.record(check, z.object({ verdict, since: instantSchema }))),
  });
export interface Imported {
  readonly schemaVersion: z.infer<typeof schemaVersion>;
  readonly summary: readonly CompactSummary[];
  readonly since: Readonly<
    Record<string, Readonly<Record<string, { readonly verdict: string; readonly since: string }>>>
  >;
}
