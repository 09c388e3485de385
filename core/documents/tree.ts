// The kinds of documents in an archive's tree: those of every archive, one for each check, and
// those that the archive adds (core/monitor/archive.ts). The kind also names the file in schema/.

import type * as z from 'zod';
import { badgeSchema } from '../history/badge.ts';
import {
  changesSchema,
  countsSchema,
  importedSchemaOf,
  indexSchema,
  noticesSchema,
  runHistorySchema,
  seriesSchema,
  stripsSchema,
  syncSchema,
} from '../history/documents.ts';
import {
  archiveBadgePath,
  badgePath,
  changesPath,
  countsPath,
  IMPORTED_PATH,
  INDEX_PATH,
  MONTH_PATH,
  NOTICES_PATH,
  RUN_PATH,
  SERIES_PATH,
  SYNC_PATH,
  stripsPath,
} from '../history/paths.ts';
import { isDatasetId, isTag } from '../ids.ts';
import { allChecks, type CheckDefinition } from '../monitor/check.ts';
import type { Shown } from './catalogue.ts';
import { compactFileName, compactSchemaOf, namesSchema } from './compact.ts';
import { checkCompact, checkRegistry, checkStatus, type Report } from './consistency.ts';
import {
  archivesSchema,
  type Registry,
  registrySchema,
  statusSchema,
  timestampsSchema,
} from './documents.ts';
import { documentSchema } from './envelope.ts';
import { checkValue, type Issue, parseJson } from './json.ts';
import {
  ARCHIVES_PATH,
  checkPath,
  NAMES_PATH,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  timesPath,
} from './paths.ts';
import { PLAIN_LAYOUT, type SummaryLayout } from './rows.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface DocumentType<S extends z.ZodType = z.ZodType> {
  /** Below the tree's root, with `{id}` and `{tag}` (version): `datasets/{id}/snapshots.json`. */
  readonly path: string;
  readonly title: string;
  readonly schema: S;
  /**
   * Checks that the schema cannot make: whether its fields agree with each other and with its path.
   */
  agrees?(document: z.infer<S>, report: Report, place: Place, judged: boolean): void;
  /** Kept until the whole tree is read, for `wholeAgrees`. */
  readonly isKept?: true;
  /** Somebody else decides its form: its schemaVersion is not ours. */
  readonly isForeign?: true;
}

/** Keeps the schema's type. */
export const documentType = <S extends z.ZodType>(type: DocumentType<S>): DocumentType<S> => type;

export type Upgraded =
  | {
      readonly ok: true;
      /** Upgraded to today's shape; the schema must still accept it. */
      readonly value: unknown;
      /** Its original schema version. */
      readonly from: string;
    }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export interface ArchiveDocuments {
  /** Besides those that every archive has. */
  readonly types: Readonly<Record<string, DocumentType>>;
  /** Upgrades a parsed document of an older schema to today's shape. */
  upgrade?(kind: string, value: unknown): Upgraded;
  /**
   * The registry's entry of a dataset, as `judge` needs it; null if the tree does not have all of
   * it.
   */
  entryOf?(
    id: string,
    latest: string | null,
    read: (path: string) => Promise<unknown>,
    registry: Registry,
  ): Promise<unknown>;
  /** Further checks of a row of the summary. */
  rowAgrees?(row: object, report: Report): void;
  /** Whether documents agree with each other. */
  wholeAgrees?(tree: WholeTree): Iterable<TreeFinding>;
}

export interface WholeTree {
  readonly registry: Registry | undefined;
  /** Paths of all files. */
  readonly present: ReadonlySet<string>;
  /** Documents of kinds that are kept, in the order of their paths. */
  kept<T>(kind: string): ReadonlyMap<string, T>;
}

export interface TreeFinding {
  /** File name as found; if no document belongs there it may be any text. */
  readonly path: string;
  /** Empty if it is about the file. On one line, like the message. */
  readonly field: string;
  readonly message: string;
}

export interface Place {
  readonly kind: string;
  /** Its dataset; null for documents of the whole archive. */
  readonly dataset: string | null;
  readonly tag: string | null;
}

export type Parsed<T = unknown> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Its original schema version; before 3.0.0 its verdict fields mean nothing yet. */
      readonly from: string;
    }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export interface Documents {
  readonly types: ReadonlyMap<string, DocumentType>;
  /** What a path holds; undefined if no document belongs there. */
  placeOf(path: string): Place | undefined;
  /**
   * Reads a document of any schema version; a failure gives a list of issues, never an exception.
   */
  parse(kind: string, input: unknown): Parsed;
}

export interface DocumentSource extends Shown {
  readonly documents: ArchiveDocuments;
  readonly summary?: SummaryLayout;
}

/** Documents of every archive, whatever it checks. */
export const coreTypes = (archive: DocumentSource) => ({
  registry: documentType({
    path: REGISTRY_PATH,
    title: 'Datasets of the registry and their latest snapshots',
    schema: registrySchema,
    agrees: checkRegistry,
  }),
  summary: documentType({
    path: SUMMARY_PATH,
    title: 'One row for each dataset',
    schema: (archive.summary ?? PLAIN_LAYOUT).schema,
  }),
  compact: documentType({
    path: compactFileName(0),
    title: 'The summary as columns, without names; where it is split, also summary-2.json …',
    schema: compactSchemaOf(archive),
    agrees: (compact, report) => checkCompact(archive, compact, report),
  }),
  names: documentType({ path: NAMES_PATH, title: 'Names of the datasets', schema: namesSchema }),
  status: documentType({
    path: STATUS_PATH,
    title: 'The last run and what is published',
    schema: statusSchema,
    agrees: checkStatus,
  }),
  timestamps: documentType({
    path: timesPath({ file: '{check}' }),
    title: 'When each dataset was last measured well',
    schema: timestampsSchema,
  }),
});

/** Since when and what changed (docs/history.md). */
const historyTypes = (archive: DocumentSource) => ({
  'history-index': documentType({
    path: INDEX_PATH,
    title: 'The runs, months and gaps of the history',
    schema: indexSchema,
  }),
  'history-run': documentType({
    path: 'history/runs/{year}/{time}.json',
    title: 'What one published run adds to the history',
    schema: runHistorySchema,
  }),
  'history-changes': documentType({
    path: changesPath('{month}'),
    title: 'The changes of a month, newest last',
    schema: changesSchema,
  }),
  'history-counts': documentType({
    path: countsPath('{month}'),
    title: 'The numbers of each published run of a month, as columns',
    schema: countsSchema,
  }),
  'history-notices': documentType({
    path: NOTICES_PATH,
    title: 'What was told of each fault, and what may be told next',
    schema: noticesSchema,
  }),
  'history-sync': documentType({
    path: SYNC_PATH,
    title: 'How long new snapshots take to arrive',
    schema: syncSchema,
  }),
  'history-series': documentType({
    path: SERIES_PATH,
    title: 'The series that a curve can be asked of',
    schema: seriesSchema,
  }),
  'history-imported': documentType({
    path: IMPORTED_PATH,
    title: 'How an imported history ends',
    schema: importedSchemaOf(compactSchemaOf(archive)),
  }),
  history: documentType({
    path: stripsPath('{id}'),
    title: 'How long each verdict of a dataset lasted',
    schema: stripsSchema,
  }),
  badge: documentType({
    path: badgePath('{id}', 'json'),
    title: 'A badge for shields.io; the archive has one in badges/',
    schema: badgeSchema,
    isForeign: true,
  }),
});

/** Documents beside the tree of the archive at the root. */
export const rootTypes = {
  archives: documentType({
    path: ARCHIVES_PATH,
    title: 'The archives that have published',
    schema: archivesSchema,
  }),
};
const COMPACT_PATH = /^summary(-([2-9]|[1-9][0-9]{1,3}))?\.json$/;

/** The document type of a check whose schema needs no further checks. */
const typeOf = (check: CheckDefinition): DocumentType => ({
  path: checkPath(check, '{id}'),
  title: check.title,
  schema: documentSchema(check),
});

function historyKindAt(path: string): string | undefined {
  if (RUN_PATH.test(path)) return 'history-run';
  const [, folder] = MONTH_PATH.exec(path) ?? [];
  return folder && `history-${folder}`;
}

const made = new WeakMap<DocumentSource, Documents>();

/** Cached per archive. */
export function documentsOf(archive: DocumentSource): Documents {
  const before = made.get(archive);
  if (before !== undefined) return before;
  const documents = makeDocuments(archive);
  made.set(archive, documents);
  return documents;
}

function makeDocuments(archive: DocumentSource): Documents {
  const { documents } = archive;
  const { types: own, upgrade } = documents;
  const types = new Map<string, DocumentType>(
    Object.entries({
      ...coreTypes(archive),
      ...historyTypes(archive),
      ...(archive.isAtRoot && rootTypes),
      ...own,
    }),
  );
  const kindAt = new Map<string, string>([...types].map(([kind, { path }]) => [path, kind]));
  kindAt.set(archiveBadgePath(archive, 'json'), 'badge');
  for (const check of allChecks(archive)) {
    if (!types.has(check.file)) types.set(check.file, typeOf(check));
    kindAt.set(checkPath(check, '{id}'), check.file);
    if (check.scope !== 'archive') kindAt.set(timesPath(check), 'timestamps');
  }

  const findPlace = (path: string): Place | undefined => {
    if (COMPACT_PATH.test(path)) return { kind: 'compact', dataset: null, tag: null };
    const kindOfHistory = historyKindAt(path);
    if (kindOfHistory) return { kind: kindOfHistory, dataset: null, tag: null };
    const names = path.split('/');
    const [dataset, tag] = names[0] === 'datasets' ? [names[1], names[3]] : [];
    if (dataset !== undefined) names[1] = '{id}';
    if (tag !== undefined) names[3] = '{tag}';
    const kind = kindAt.get(names.join('/'));
    const isNamed =
      (dataset === undefined || isDatasetId(dataset)) && (tag === undefined || isTag(tag));
    if (kind === undefined || !isNamed || path.includes('{')) return undefined;
    return { kind, dataset: dataset ?? null, tag: tag ?? null };
  };
  /** A store asks for the same path several times in a row. */
  let last: { readonly path: string; readonly place: Place | undefined } | undefined;
  const placeOf = (path: string): Place | undefined => {
    if (last?.path !== path) last = { path, place: findPlace(path) };
    return last.place;
  };

  return {
    types,
    placeOf,
    parse(kind, input) {
      const json =
        typeof input === 'string' ? parseJson(input) : { ok: true as const, value: input };
      if (!json.ok) return json;
      const { schema, isForeign } = types.get(kind) as DocumentType;
      const today: Upgraded = { ok: true, value: json.value, from: SCHEMA_VERSION };
      const upgraded = isForeign ? today : (upgrade?.(kind, json.value) ?? today);
      if (!upgraded.ok) return upgraded;
      const checked = checkValue(schema, upgraded.value);
      return checked.ok ? { ok: true, value: checked.value, from: upgraded.from } : checked;
    },
  };
}
