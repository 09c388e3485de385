// The kinds of documents in an archive's tree: those of every archive, one for each check, and
// those that the archive adds (core/monitor/archive.ts). Schemas are named by path, not by kind.

import { historyTypes } from '../history/document-types.ts';
import { archiveBadgePath, MONTH_PATH, RUN_PATH } from '../history/paths.ts';
import { isDatasetId, isTag } from '../ids.ts';
import { allChecks, type CheckDefinition } from '../monitor/check.ts';
import type { Shown } from './catalogue.ts';
import { compactFileName, compactSchemaOf, namesSchema } from './compact.ts';
import { checkCompact, checkRegistry, checkStatus, type Report } from './consistency.ts';
import { type DocumentType, documentType, type Place } from './document-type.ts';
import {
  addressesSchema,
  archivesSchema,
  type Registry,
  registrySchema,
  statusSchema,
  timestampsSchema,
} from './documents.ts';
import { documentSchema } from './envelope.ts';
import type { FieldWords } from './field-words.ts';
import { checkValue, type Issue, parseJson } from './json.ts';
import {
  ADDRESSES_PATH,
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
  /** What the fields of its documents are, for the published schemas. */
  fieldWords?(): Promise<FieldWords>;
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
  /** Address, with names of PLACEHOLDERS → its kind. */
  readonly kindAt: ReadonlyMap<string, string>;
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
    stays: 'each-run',
    agrees: checkRegistry,
  }),
  summary: documentType({
    path: SUMMARY_PATH,
    title: 'One row for each dataset',
    schema: (archive.summary ?? PLAIN_LAYOUT).schema,
  }),
  compact: documentType({
    path: compactFileName(0),
    title: 'The summary as columns, without names, for the page',
    schema: compactSchemaOf(archive),
    agrees: (compact, report) => checkCompact(archive, compact, report),
  }),
  names: documentType({ path: NAMES_PATH, title: 'Names of the datasets', schema: namesSchema }),
  status: documentType({
    path: STATUS_PATH,
    title: 'The last run and what is published',
    schema: statusSchema,
    stays: 'each-run',
    agrees: checkStatus,
  }),
  timestamps: documentType({
    path: timesPath({ file: '{check}' }),
    title: 'When each dataset was last measured well',
    schema: timestampsSchema,
  }),
  addresses: documentType({
    path: ADDRESSES_PATH,
    title: 'Every address here, with its schema, for scripts',
    schema: addressesSchema,
    stays: 'each-version',
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
const DATASETS = 'datasets/';
const COMPACT_PATH = /^summary(-([2-9]|[1-9][0-9]{1,3}))?\.json$/;

/** The document type of a check whose schema needs no further checks. */
const typeOf = (check: CheckDefinition): DocumentType => ({
  path: checkPath(check, '{id}'),
  title: check.title,
  schema: documentSchema(check),
  ...(check.scope === 'archive' && { stays: 'each-run' }),
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
      ...historyTypes(compactSchemaOf(archive)),
      ...(archive.isAtRoot && rootTypes),
      ...own,
    }),
  );
  const kindAt = new Map<string, string>([...types].map(([kind, { path }]) => [path, kind]));
  kindAt.delete(timesPath({ file: '{check}' }));
  kindAt.set('summary-{part}.json', 'compact');
  kindAt.set(archiveBadgePath(archive, 'json'), 'badge');
  for (const check of allChecks(archive)) {
    if (!types.has(check.file)) types.set(check.file, typeOf(check));
    kindAt.set(checkPath(check, '{id}'), check.file);
    if (check.scope !== 'archive') kindAt.set(timesPath(check), 'timestamps');
  }

  const ofArchive = (path: string): Place | undefined => {
    const kind = kindAt.get(path) ?? (COMPACT_PATH.test(path) ? 'compact' : historyKindAt(path));
    return kind === undefined || path.includes('{')
      ? undefined
      : { kind, dataset: null, tag: null };
  };
  const findPlace = (path: string): Place | undefined => {
    if (!path.startsWith(DATASETS)) return ofArchive(path);
    const names = path.split('/');
    const [, dataset = '', , tag = null] = names;
    names[1] = '{id}';
    if (tag !== null) names[3] = '{tag}';
    const kind = kindAt.get(names.join('/'));
    const isNamed = isDatasetId(dataset) && (tag === null || isTag(tag));
    return kind === undefined || !isNamed ? undefined : { kind, dataset, tag };
  };
  /** A store asks for the same path several times in a row. */
  let last: { readonly path: string; readonly place: Place | undefined } | undefined;
  const placeOf = (path: string): Place | undefined => {
    if (last?.path !== path) last = { path, place: findPlace(path) };
    return last.place;
  };

  return {
    types,
    kindAt,
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
