// A whole tree against its schemas and against itself (issue: `mirrorwatch validate DIR`). Whatever
// is in the tree, the worst that comes of it is a finding.

import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import type { Snapshots } from '../../archives/openneuro/documents.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { RULES_VERSION } from '../../archives/openneuro/rules-version.ts';
import { CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { compareBytes } from '../compare/byte-order.ts';
import { compactFileName } from './compact.ts';
import {
  checkCompact,
  checkFiles,
  checkGithub,
  checkRegistry,
  checkS3Diff,
  checkS3Version,
  checkSnapshots,
  checkStatus,
  checkSummary,
  collect,
  type Report,
} from './consistency.ts';
import {
  checkAnnexRecord,
  checkCauses,
  checkLeftovers,
  checkS3Access,
  checkS3Content,
} from './content-consistency.ts';
import type { Registry, RunStatus } from './documents.ts';
import type { Issue } from './json.ts';
import { type Parsed, parseAs } from './parse.ts';
import {
  causesPath,
  checkPath,
  type DocumentKind,
  type DocumentOf,
  metadataPath,
  NAMES_PATH,
  PLAIN_PATH,
  type Place,
  placeOf,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  snapshotsPath,
} from './paths.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface TreeReader {
  /** Every file below the root, with `/`, in any order. */
  list(): AsyncIterable<string>;
  /** Text of a file; undefined when it is not there. */
  read(path: string): Promise<string | undefined>;
}

export interface TreeFinding {
  /** File name as found: where it stands for no document it may be any text. */
  readonly path: string;
  /** Empty when it is about the file. Of one line, as the message is. */
  readonly field: string;
  readonly message: string;
}

/** The store's own folder (records, lock), and what a write that was cut off may leave behind. */
const STORE_FOLDER = '.mirrorwatch/';
/** Where folders stand; a file of that name keeps every run from writing. */
const FOLDER = /^(?:\.mirrorwatch|timestamps|datasets(?:\/[^/]+(?:\/snapshots(?:\/[^/]+)?)?)?)$/;
const TEMPORARY = /(?:^|\/)\.mirrorwatch-[^/]*\.tmp$/;
/** Findings quote what they found; the rest of a longer quotation tells nobody more. */
const MAX_MESSAGE = 500;

/** Findings in the order of the paths, those across documents after those of the archive's own. */
export async function* validateTree(reader: TreeReader): AsyncIterable<TreeFinding> {
  const paths: string[] = [];
  for await (const path of reader.list()) if (!path.startsWith(STORE_FOLDER)) paths.push(path);
  paths.sort(compareBytes);
  const present = new Set(paths);
  let registry: Registry | undefined;
  let status: RunStatus | undefined;
  const published: Missable[] = [];
  const snapshots = new Map<string, Snapshots>();

  for (const path of paths) {
    if (path === PLAIN_PATH) continue;
    const place = placeOf(path);
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
    const { value, issues } = await readDocument(reader, path, place);
    for (const issue of issues) yield finding(path, issue);
    if (value?.kind === 'registry') registry = value.document;
    if (value?.kind === 'status') status = value.document;
    if (value?.kind === 'summary')
      for (const row of value.document.datasets) published.push(missable(row));
    if (value?.kind === 'snapshots') snapshots.set(place.dataset ?? '', value.document);
  }

  if (registry !== undefined) yield* checkAgainstRegistry(registry, snapshots, present);
  else if (!present.has(REGISTRY_PATH) && present.has(SUMMARY_PATH)) {
    yield finding(REGISTRY_PATH, { field: '', message: 'is missing beside a summary' });
  }
  yield* missingOfArchive(present, registry, status, published);
  for (const [dataset, { tags }] of snapshots) {
    for (const [i, tag] of tags.entries()) {
      if (present.has(metadataPath(dataset, tag))) continue;
      const message = `${tag} has no snapshots/${tag}/metadata.json`;
      yield finding(snapshotsPath(dataset), { field: `tags.${i}`, message });
    }
  }
}

/**
 * Folders of datasets that are not in the registry are history: a dataset may leave the archive.
 */
function* checkAgainstRegistry(
  registry: Registry,
  snapshots: ReadonlyMap<string, Snapshots>,
  present: ReadonlySet<string>,
): Iterable<TreeFinding> {
  for (const [dataset, latest] of Object.entries(registry.latestSnapshots)) {
    const field = `latestSnapshots.${dataset}`;
    const path = snapshotsPath(dataset);
    if (!present.has(path)) {
      yield finding(REGISTRY_PATH, { field, message: `there is no ${path}` });
    } else if (snapshots.get(dataset)?.tags.includes(latest) === false) {
      yield finding(REGISTRY_PATH, { field, message: `${latest} is not in ${path}` });
    }
  }
}

type Missable = Pick<SummaryRow, 'id' | 'lastChecked' | 'notCompared' | 'causes' | 'rulesVersion'>;

const missable = ({
  id,
  lastChecked,
  notCompared,
  causes,
  rulesVersion,
}: SummaryRow): Missable => ({
  id,
  lastChecked,
  notCompared,
  causes,
  rulesVersion,
});

/** What was published and is not there any more. Trees of older systems hold less, and owe nothing. */
function* missingOfArchive(
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
  const ours = rows.filter(({ rulesVersion }) => rulesVersion !== undefined);
  if (!present.has(STATUS_PATH) && (ours.length > 0 || forPage.length > 0)) {
    yield missing(STATUS_PATH, 'is missing beside a summary');
  }
  for (const row of ours) {
    if (!Object.hasOwn(registry?.latestSnapshots ?? {}, row.id)) continue;
    for (const check of CHECKS) {
      if (row.lastChecked?.[check] == null) continue;
      // What is not compared has no comparison, and the row may not know yet.
      if (check === 's3Files' && (row.notCompared !== null || !isNewest)) continue;
      const path = checkPath(check, row.id);
      if (!present.has(path)) yield missing(path, 'is missing, and the summary tells of it');
    }
    const causes = causesPath(row.id);
    if ((row.causes?.length ?? 0) > 0 && !present.has(causes)) {
      yield missing(causes, 'is missing, and the summary tells of it');
    }
  }
}
const COMPACT_PATH = compactFileName(0);

/**
 * Whether no run came after the one that published: the documents of one that was held or cut off are
 * newer than the summary.
 */
function isOfLastRun(registry: Registry | undefined, status: RunStatus | undefined): boolean {
  if (registry === undefined || status?.lastRun.outcome !== 'published') return false;
  const { startedAt, finishedAt } = status.lastRun;
  const read = Date.parse(registry.lastChecked);
  const isWithin = Date.parse(startedAt) <= read && read <= Date.parse(finishedAt);
  return registry.lastAttempt === null && isWithin;
}

/** Documents that later checks look at again; the others are let go of at once. */
type Kept =
  | { readonly kind: 'registry'; readonly document: Registry }
  | { readonly kind: 'status'; readonly document: RunStatus }
  | { readonly kind: 'summary'; readonly document: Summary }
  | { readonly kind: 'snapshots'; readonly document: Snapshots };

async function readDocument(
  reader: TreeReader,
  path: string,
  place: Place,
): Promise<{ value?: Kept; issues: readonly Issue[] }> {
  const text = await readText(reader, path);
  if (typeof text !== 'string') return { issues: [text] };
  const read = <K extends DocumentKind>(
    kind: K,
    check: (document: DocumentOf<K>, judged: boolean, report: Report) => void,
  ): { document?: DocumentOf<K>; issues: readonly Issue[] } => {
    const parsed: Parsed<DocumentOf<K>> = parseAs(kind, text);
    if (!parsed.ok) return { issues: parsed.issues };
    const document = parsed.value;
    const judged = parsed.from === SCHEMA_VERSION && isOfTodaysRules(kind, document);
    return { document, issues: collect((report) => check(document, judged, report)) };
  };
  switch (place.kind) {
    case 'registry': {
      const { document, issues } = read('registry', (it, _, report) => checkRegistry(it, report));
      return { issues, ...(document && { value: { kind: 'registry', document } }) };
    }
    case 'snapshots': {
      const { document, issues } = read('snapshots', (it, _, report) => checkSnapshots(it, report));
      return { issues, ...(document && { value: { kind: 'snapshots', document } }) };
    }
    case 'summary': {
      const { document, issues } = read('summary', checkSummary);
      return { issues, ...(document && { value: { kind: 'summary', document } }) };
    }
    case 'status': {
      const { document, issues } = read('status', (it, _, report) => checkStatus(it, report));
      return { issues, ...(document && { value: { kind: 'status', document } }) };
    }
    case 'files':
      return read('files', (it, _, report) => checkFiles(it, report));
    case 'github':
      return read('github', checkGithub);
    case 's3-version':
      return read('s3-version', checkS3Version);
    case 's3-diff':
      return read('s3-diff', (it, judged, report) =>
        checkS3Diff(it, place.dataset, judged, report),
      );
    case 's3-content':
      return read('s3-content', (it, judged, report) =>
        checkS3Content(it, place.dataset, judged, report),
      );
    case 's3-access':
      return read('s3-access', (it, judged, report) =>
        checkS3Access(it, place.dataset, judged, report),
      );
    case 'annex-record':
      return read('annex-record', (it, judged, report) =>
        checkAnnexRecord(it, place.dataset, judged, report),
      );
    case 'causes':
      return read('causes', (it, _, report) => checkCauses(it, place.dataset, report));
    case 'leftovers':
      return read('leftovers', (it, _, report) => checkLeftovers(it, report));
    case 'compact':
      return read('compact', (it, _, report) => checkCompact(it, report));
    case 'timestamps':
    case 'names':
    case 'metadata':
      return read(place.kind, () => undefined);
  }
}

/** What other rules judged cannot be judged by those of today: the next run does it. */
function isOfTodaysRules(kind: DocumentKind, document: object): boolean {
  return (
    !JUDGED.has(kind) || ('rulesVersion' in document && document.rulesVersion === RULES_VERSION)
  );
}
const JUDGED: ReadonlySet<DocumentKind> = new Set(CHECK_LIST.map(({ file }) => file));

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
  return { path, field: oneLine(field), message: oneLine(short) };
}

/** Fields may be named by uploaders (`tags.…`): what could break or fake a line is shown escaped. */
const oneLine = (text: string) =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
