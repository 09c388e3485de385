// A board: what a curator keeps and shares of the list. This schema says what may be written; what is
// stored already is served as it is. Its JSON Schema accepts the same boards (docs/boards.md names
// the three rules that JSON Schema cannot say).

import * as z from 'zod';
import { DATASET_ID } from '../core/dataset-id.ts';
import { instantSchema } from '../core/ids.ts';
import type { Vocabulary } from './vocabulary.ts';

export const BOARD_VERSION = 1;
/** Of the grid that widgets lie on. */
const COLUMNS = 12;

/** Characters are code points, as JSON Schema counts them. */
const characters = (most: number) =>
  z
    .string()
    .refine((text) => text.length <= most || [...text].length <= most, {
      error: `Give ${most} characters at most`,
    })
    .meta({ maxLength: most });

const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';
/** 1 to 120 characters, none of them a control character, and blanks around them. */
const TITLE = new RegExp(
  `^\\s*[^\\s${CONTROL}](?:[^${CONTROL}]{0,118}[^\\s${CONTROL}])?\\s*$`,
  'u',
);
export const titleSchema = z
  .string()
  .regex(TITLE, { error: 'Give 1 to 120 characters, none of them a control character' })
  .overwrite((text) => text.trim());

const isUnique = (list: readonly unknown[]) => new Set(list).size === list.length;

const uniqueList = <T extends z.ZodType>(of: T) =>
  z.array(of).refine(isUnique, { error: 'Give each of them once' }).meta({ uniqueItems: true });

const oneOf = (known: readonly string[]) => (known.length > 0 ? z.enum([...known]) : z.never());

/** A list in the order of the vocabulary, however it was given. */
function words(known: readonly string[]) {
  return uniqueList(oneOf(known)).overwrite((given) =>
    known.filter((word) => includes(given, word)),
  );
}

const includes = (list: readonly string[], word: string) => list.includes(word);

function viewSchema({ archives, statuses, checks, issues, causes, sortKeys }: Vocabulary) {
  return z
    .strictObject({
      archive: oneOf(archives),
      status: words(statuses),
      check: words(checks),
      notComparable: words(checks),
      issue: words(issues),
      cause: words(causes),
      unverified: z.boolean(),
      justPublished: z.boolean(),
      q: characters(200),
      sort: oneOf(sortKeys),
      descending: z.boolean(),
    })
    .partial();
}

const layoutSchema = z
  .strictObject({
    x: z
      .int()
      .min(0)
      .max(COLUMNS - 1),
    y: z.int().min(0).max(1000),
    w: z.int().min(1).max(COLUMNS),
    h: z.int().min(1).max(24),
  })
  .refine(({ x, w }) => x + w <= COLUMNS, { error: `x and w are more than ${COLUMNS} together` })
  // The same for JSON Schema: there is a line between columns that neither of the two crosses.
  .meta({
    anyOf: Array.from({ length: COLUMNS }, (_, i) => ({
      properties: { x: { maximum: COLUMNS - 1 - i }, w: { maximum: i + 1 } },
    })),
  });

/** Rules that JSON Schema cannot say are told from the others by this. */
export const BEYOND_JSON_SCHEMA = { beyondJsonSchema: true } as const;

const plotSchema = z
  .strictObject({
    range: z.union([
      z.enum(['30d', '90d', '1y', 'all']),
      z
        .strictObject({ begin: instantSchema, end: instantSchema })
        .refine(({ begin, end }) => Date.parse(begin) <= Date.parse(end), {
          error: 'begin is after end',
          params: BEYOND_JSON_SCHEMA,
        }),
    ]),
    scaling: z.enum(['linear', 'log']),
    min: z.number().nullable(),
    max: z.number().nullable(),
    bins: z.int().min(0).max(1000),
  })
  .partial()
  .refine(({ min, max }) => min == null || max == null || min <= max, {
    error: 'min is more than max',
    params: BEYOND_JSON_SCHEMA,
  });

function widgetSchema(vocabulary: Vocabulary) {
  const archives = `(?:${vocabulary.archives.join('|')})`;
  const common = {
    id: z.string().regex(/^[a-z0-9-]{1,16}$/),
    title: characters(80).optional(),
    layout: layoutSchema,
  };
  const check = oneOf(vocabulary.checks).optional();
  /** Safe in an address; core/history/series.ts says which there are. */
  const series = z
    .string()
    .regex(new RegExp(`^${archives}(?:\\.[A-Za-z0-9][A-Za-z0-9_:-]{0,127}){1,4}$`));
  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('curve'),
      ...common,
      series: uniqueList(series).min(1).max(8),
      plot: plotSchema.optional(),
    }),
    z.strictObject({
      kind: z.literal('counts'),
      ...common,
      archive: oneOf(vocabulary.archives),
      check,
    }),
    z.strictObject({
      kind: z.literal('list'),
      ...common,
      view: viewSchema(vocabulary),
      limit: z.int().min(1).max(50),
    }),
    z.strictObject({
      kind: z.literal('strip'),
      ...common,
      dataset: datasetSchema(vocabulary),
      check,
    }),
    z.strictObject({ kind: z.literal('note'), ...common, text: characters(2000) }),
  ]);
}

/** `archive:dataset id` */
const datasetSchema = ({ archives }: Vocabulary) =>
  z.string().regex(new RegExp(`^(?:${archives.join('|')}):${DATASET_ID.source.slice(1)}`));

export function boardSchema(vocabulary: Vocabulary) {
  return z.strictObject({
    schemaVersion: z.literal(BOARD_VERSION),
    title: titleSchema,
    notes: characters(4000).optional(),
    view: viewSchema(vocabulary),
    columns: words(vocabulary.sortKeys)
      .refine((columns) => columns.includes('id'), { error: 'The column id is always shown' })
      .meta({ uniqueItems: true, contains: { const: 'id' } })
      .optional(),
    pinned: uniqueList(datasetSchema(vocabulary)).max(2000).optional(),
    widgets: z
      .array(widgetSchema(vocabulary))
      .max(50)
      .refine((widgets) => isUnique(widgets.map(({ id }) => id)), {
        error: 'Two widgets have the same id',
        params: BEYOND_JSON_SCHEMA,
      })
      .optional(),
  });
}

export type Board = z.infer<ReturnType<typeof boardSchema>>;

/** For other languages; the `$id` is relative, as those of documents. */
export function boardJsonSchema(vocabulary: Vocabulary): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(boardSchema(vocabulary), { io: 'input' });
  return { $schema, $id: 'board.schema.json', title: `Board, version ${BOARD_VERSION}`, ...rest };
}
