// Checks a whole tree against its schemas and against itself, for `mirrorwatch validate DIR`. For
// any tree the result is findings, never an exception.

import { compareBytes } from '../compare/byte-order.ts';
import { isMadeAgain, staysAfterRemoval } from '../history/paths.ts';
import type { Archive } from '../monitor/archive.ts';
import { allChecks, type CheckDefinition } from '../monitor/check.ts';
import type { KeptDocument } from '../monitor/verdict.ts';
import { own } from '../own.ts';
import { compactFileName } from './compact.ts';
import { checkOwner, checkSummary, checkVerdict, collect } from './consistency.ts';
import type { Place } from './document-type.ts';
import type { Addresses, Registry, RunStatus, Timestamps } from './documents.ts';
import type { Issue } from './json.ts';
import { pageAt } from './pages.ts';
import {
  causesPath,
  checkPath,
  NAMES_PATH,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  timesPath,
} from './paths.ts';
import { type Row, readSummary } from './rows.ts';
import { OTHER_SCHEMA, otherSchemas } from './schemas-in-tree.ts';
import { type ArchiveDocuments, documentsOf, type TreeFinding } from './tree.ts';
import { historyCheck } from './validate-history.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface TreeReader {
  /** Every file below the root, with `/`, in any order. */
  list(): AsyncIterable<string>;
  /** Text of a file; undefined if it does not exist. */
  read(path: string): Promise<string | undefined>;
}

export interface ValidateOptions {
  /** False if a run was cut off: the registry's documents may then be half old and half new. */
  readonly isSettled?: boolean;
}

/** The store's own folder (records, lock), and leftovers of an interrupted write. */
const STORE_FOLDER = '.mirrorwatch/';
/** Names of folders; a file with such a name would stop every run from writing. */
const FOLDER =
  /^(?:\.mirrorwatch|timestamps|badges|feeds|schema|history(?:\/(?:changes|counts|runs(?:\/\d{4})?))?|datasets(?:\/[^/]+(?:\/snapshots(?:\/[^/]+)?)?)?)$/;
const TEMPORARY = /(?:^|\/)\.mirrorwatch-[^/]*\.tmp$/;
/** Maximum length of a finding, which quotes what it found. */
const MAX_MESSAGE = 500;

/** Findings of single documents in path order, then those across documents. */
export async function* validateTree(
  reader: TreeReader,
  archive: Archive,
  { isSettled = true }: ValidateOptions = {},
): AsyncIterable<TreeFinding> {
  const paths: string[] = [];
  for await (const path of reader.list()) if (!path.startsWith(STORE_FOLDER)) paths.push(path);
  paths.sort(compareBytes);
  const present = new Set(paths);
  const documents = documentsOf(archive);
  const judge = isSettled ? await openJudge(reader, archive) : BY_ITSELF;
  let registry: Registry | undefined;
  let status: RunStatus | undefined;
  const published: Missable[] = [];
  const kept = new Map<string, Map<string, unknown>>();
  const history = historyCheck();

  for (const path of paths) {
    if (pageAt(archive, path)) continue;
    const place = documents.placeOf(path);
    if (place === undefined) {
      yield finding(path, {
        field: '',
        message: TEMPORARY.test(path)
          ? 'left over from a write that was cut off; it may be deleted'
          : FOLDER.test(path)
            ? 'is a file where a folder should be'
            : 'no document belongs at this path',
      });
      continue;
    }
    const { document, issues } = await readDocument(reader, archive, path, place, judge);
    for (const issue of issues) yield finding(path, issue);
    if (document === undefined) continue;
    const { kind } = place;
    history.take(place, path, document);
    if (kind === 'registry') registry = document as Registry;
    if (kind === 'status') status = document as RunStatus;
    if (kind === 'addresses') {
      const other = await otherSchemas(document as Addresses, (at) => readText(reader, at));
      for (const at of other) yield finding(at, { field: '', message: OTHER_SCHEMA });
    }
    if (kind === 'summary') {
      const { datasets } = readSummary(document as object, archive.summary);
      for (const row of datasets) published.push(missable(row));
    }
    if (documents.types.get(kind)?.isKept) {
      const ofKind = kept.get(kind) ?? new Map<string, unknown>();
      kept.set(kind, ofKind.set(path, document));
    }
  }

  if (!present.has(REGISTRY_PATH) && present.has(SUMMARY_PATH)) {
    yield finding(REGISTRY_PATH, { field: '', message: 'is missing although there is a summary' });
  }
  yield* missingOfArchive(archive, present, registry, status, published);
  if (isSettled && isOfLastRun(registry, status)) yield* leftOfWithdrawn(registry, paths);
  const ofHistory = isSettled ? history.findings(present, published) : [];
  const whole = {
    registry,
    present,
    kept: <T>(kind: string) => (kept.get(kind) ?? new Map()) as ReadonlyMap<string, T>,
  };
  const ofArchive = archive.documents.wholeAgrees?.(whole) ?? [];
  for (const { path, ...issue } of [...ofHistory, ...ofArchive]) yield finding(path, issue);
}

/** What a run that published should have removed. */
function* leftOfWithdrawn(
  registry: Registry | undefined,
  paths: readonly string[],
): Iterable<TreeFinding> {
  const own = paths.filter((path) => !staysAfterRemoval(path));
  const folders = new Set(own.map((path) => /^datasets\/[^/]+(?=\/)/.exec(path)?.[0]));
  for (const { id } of registry?.withdrawn ?? []) {
    const path = `datasets/${id}`;
    const message = 'is of a withdrawn dataset; mirrorwatch prune removes it';
    if (folders.has(path)) yield finding(path, { field: '', message });
  }
}

type Missable = Pick<Row, 'id' | 'status' | 'causes' | 'rulesVersion'> & {
  /** Checks that were measured, and those that compared nothing. */
  readonly measured: readonly string[];
  readonly without: readonly string[];
};

const missable = ({ id, status, checks, causes, rulesVersion }: Row): Missable => {
  const own = Object.entries(checks);
  return {
    ...{ id, status, causes, rulesVersion },
    measured: own.flatMap(([check, { at }]) => (at === null ? [] : [check])),
    without: own.flatMap(([check, { notCompared }]) => (notCompared === null ? [] : [check])),
  };
};

/** Published documents that no longer exist. Legacy trees need not have them. */
function* missingOfArchive(
  { checks }: Archive,
  present: ReadonlySet<string>,
  registry: Registry | undefined,
  status: RunStatus | undefined,
  rows: readonly Missable[],
): Iterable<TreeFinding> {
  const missing = (path: string, why: string) => finding(path, { field: '', message: why });
  const forPage = [COMPACT_PATH, NAMES_PATH].filter((path) => present.has(path));
  if (!present.has(SUMMARY_PATH) && (status?.publishedAt != null || forPage.length > 0)) {
    yield missing(SUMMARY_PATH, `is missing beside ${forPage[0] ?? STATUS_PATH}`);
  }
  const isNewest = isOfLastRun(registry, status);
  const ours = rows.filter(({ rulesVersion }) => rulesVersion !== null);
  if (!present.has(STATUS_PATH) && (ours.length > 0 || forPage.length > 0)) {
    yield missing(STATUS_PATH, 'is missing although there is a summary');
  }
  for (const row of ours) {
    if (!Object.hasOwn(registry?.latestSnapshots ?? {}, row.id)) continue;
    for (const check of checks) {
      if (!row.measured.includes(check.id)) continue;
      // A check that compared nothing has no document, and the row may be older than that.
      if (check.isOfComparisons && (row.without.includes(check.id) || !isNewest)) continue;
      const path = checkPath(check, row.id);
      if (!present.has(path)) yield missing(path, 'is missing, but the summary refers to it');
    }
    const causes = causesPath(row.id);
    if ((row.causes?.length ?? 0) > 0 && !present.has(causes)) {
      yield missing(causes, 'is missing, but the summary refers to it');
    }
  }
}
const COMPACT_PATH = compactFileName(0);

/**
 * Whether no run came after the published one. Documents of a run that was held or cut off are
 * newer than the summary.
 */
function isOfLastRun(registry: Registry | undefined, status: RunStatus | undefined): boolean {
  if (registry === undefined || status?.lastRun.outcome !== 'published') return false;
  const { startedAt, finishedAt } = status.lastRun;
  const read = Date.parse(registry.lastChecked);
  const isWithin = Date.parse(startedAt) <= read && read <= Date.parse(finishedAt);
  return registry.lastAttempt === null && isWithin;
}

async function readDocument(
  reader: TreeReader,
  archive: Archive,
  path: string,
  place: Place,
  judge: Judge,
): Promise<{ document?: unknown; issues: readonly Issue[] }> {
  const text = await readText(reader, path);
  if (typeof text !== 'string') return { issues: [text] };
  const { types, parse } = documentsOf(archive);
  const parsed = parse(place.kind, text);
  if (!parsed.ok) return { issues: parsed.issues };
  const document = parsed.value;
  const judged = parsed.from === SCHEMA_VERSION && isOfTodaysRules(archive, place.kind, document);
  const check = allChecks(archive).find(({ file }) => file === place.kind);
  const entry = check && judged ? await judge.entryFor(check, place.dataset, document) : null;
  const issues = collect((report) => {
    checkOwner(document, check?.scope === 'archive' ? archive.id : place.dataset, report);
    if (place.kind === 'summary')
      checkSummary(document as { readonly datasets: readonly object[] }, judged, report, archive);
    types.get(place.kind)?.agrees?.(document, report, place, judged);
    if (check && judged) checkVerdict(check, document as KeptDocument, entry, report);
  });
  return { document, issues };
}

interface Judge {
  /** The entry that a document was judged with; null if it may be from another registry. */
  entryFor(check: CheckDefinition, dataset: string | null, document: unknown): Promise<unknown>;
}

const BY_ITSELF: Judge = { entryFor: async () => null };

/** First reads what shows whether a verdict was made with the present registry. */
async function openJudge(reader: TreeReader, archive: Archive): Promise<Judge> {
  const { placeOf, parse } = documentsOf(archive);
  const read = async (path: string): Promise<unknown> => {
    const text = await readText(reader, path);
    const kind = placeOf(path)?.kind;
    const parsed = typeof text === 'string' && kind !== undefined ? parse(kind, text) : null;
    return parsed?.ok ? parsed.value : undefined;
  };
  const registry = (await read(REGISTRY_PATH)) as Registry | undefined;
  const status = (await read(STATUS_PATH)) as RunStatus | undefined;
  const times = new Map<string, Timestamps>();
  for (const check of archive.checks) {
    if (check.byEntry) times.set(check.id, ((await read(timesPath(check))) ?? {}) as Timestamps);
  }
  const { entryOf = listedEntry } = archive.documents;
  let last: { readonly dataset: string; readonly entry: Promise<unknown> } | undefined;

  return {
    async entryFor({ id }, dataset, document) {
      const latest = dataset === null ? undefined : own(registry?.latestSnapshots ?? {}, dataset);
      if (dataset === null || latest === undefined || !registry || !status) return null;
      // A kept verdict or a kept entry is from an earlier registry.
      if ((document as KeptDocument).lastAttempt !== null) return null;
      if (Object.hasOwn(registry.unverified, dataset)) return null;
      const at = Date.parse(own(times.get(id) ?? {}, dataset) ?? '');
      const isOfRegistry = Date.parse(registry.lastChecked) <= at;
      if (!isOfRegistry || at > Date.parse(status.lastRun.finishedAt)) return null;
      // A later run that died may have read the registry with a clock that was behind.
      if (Date.parse(registry.lastChecked) < Date.parse(status.lastRun.startedAt)) return null;
      if (last?.dataset !== dataset)
        last = { dataset, entry: entryOf(dataset, latest, read, registry) };
      return last.entry;
    },
  };
}

/** The entry, as core/monitor/ask-each.ts gives it. */
const listedEntry: NonNullable<ArchiveDocuments['entryOf']> = async (id, version, _, registry) => ({
  id,
  name: registry.names[id] ?? null,
  version,
});

/** A verdict by other rules cannot be compared with today's; the next run judges again. */
function isOfTodaysRules(archive: Archive, kind: string, document: unknown): boolean {
  if (!allChecks(archive).some(({ file }) => file === kind)) return true;
  return (document as { rulesVersion?: number }).rulesVersion === archive.rules;
}

async function readText(reader: TreeReader, path: string): Promise<string | Issue> {
  try {
    const text = await reader.read(path);
    return text ?? { field: '', message: 'vanished while it was to be read' };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { field: '', message: `cannot be read: ${message}` };
  }
}

function finding(path: string, { field, message }: Issue): TreeFinding {
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  const help = isMadeAgain(path) ? '; mirrorwatch history rebuild makes it again' : '';
  return { path, field: oneLine(field), message: `${oneLine(short)}${help}` };
}

/** Uploaders may name fields (`tags.…`): characters that could break or fake a line are escaped. */
const oneLine = (text: string) =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
