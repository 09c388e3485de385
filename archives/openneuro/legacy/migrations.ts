// Brings documents of older schemas to today's shape, one function a step
// (docs/checks.md#documents). The steps know the public history of the documents. 1.x: every file
// has its schemaVersion, absent fields are left out, some times are `+00:00` with microseconds.
// 2.0.0: only the two S3 documents have it, absent fields are null. 2.1.0: the same, with an error
// on mirrors. 2.2.0: times moved to the manifests in timestamps/.
//
// Verdicts are not migrated: they depend on the registry. A migrated mirror or version document is
// `pending`; archives/openneuro/legacy/verdicts.ts judges it.

import { compareBytes } from '../../../core/compare/byte-order.ts';
import { recordOf } from '../../../core/documents/json.ts';
import type { Upgraded } from '../../../core/documents/tree.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';

type Fields = Readonly<Record<string, unknown>>;
type Step = (kind: string, fields: Fields) => Fields;

/** Oldest first; each step leads to the version of the next, the last to SCHEMA_VERSION. */
const STEPS: readonly { readonly from: string; readonly step: Step }[] = [
  { from: '1.0.0', step: from100 },
  { from: '1.1.0', step: from110 },
  { from: '2.0.0', step: from200 },
  { from: '2.2.0', step: from220 },
];

/** 2.1.0 has the shape of 2.0.0 and one more field, which the step from there adds when absent. */
const SAME_SHAPE: Readonly<Record<string, string>> = { '2.1.0': '2.0.0' };

/** Brings a parsed document to today's shape; one of today's version is returned as it is. */
export function migrate(kind: string, value: unknown): Upgraded {
  // Manifests never had a version and never changed.
  if (kind === 'timestamps' || !isFields(value)) return { ok: true, value, from: SCHEMA_VERSION };
  const told = versionOf(value);
  if (told === SCHEMA_VERSION) return { ok: true, value, from: SCHEMA_VERSION };
  const first = STEPS.findIndex(({ from }) => from === (SAME_SHAPE[told] ?? told));
  if (first < 0) {
    const message = `unknown version ${JSON.stringify(told)}; known are ${STEPS.map(({ from }) => from).join(', ')} and ${SCHEMA_VERSION}`;
    return { ok: false, issues: [{ field: 'schemaVersion', message }] };
  }
  if (kind === 'github' && value.error === 'command-failed') {
    const message = 'a failed attempt of an older system, which left no measurement';
    return { ok: false, issues: [{ field: 'error', message }] };
  }
  const migrated = STEPS.slice(first).reduce<Fields>(
    (fields, { step }) => step(kind, fields),
    value,
  );
  return { ok: true, value: { ...migrated, schemaVersion: SCHEMA_VERSION }, from: told };
}

/** Documents of 2.x, except the two on S3, have none: a time inside tells 2.0.0 from 2.2.0. */
function versionOf(fields: Fields): string {
  const told = fields.schemaVersion;
  if (told !== undefined) return typeof told === 'string' ? told : JSON.stringify(told);
  return typeof fields.lastChecked === 'string' ? '2.0.0' : '2.2.0';
}

/** 1.0.0 → 1.1.0: a comparison has its context, and says whether the export is missing. */
function from100(kind: string, fields: Fields): Fields {
  return kind === 's3-diff' ? { context: [], exportMissing: false, ...fields } : fields;
}

/** 1.1.0 → 2.0.0: times have one form; absent fields are null. */
function from110(kind: string, fields: Fields): Fields {
  const timed = withInstants(fields);
  switch (kind) {
    case 's3-version':
      return { ...NULLS_OF_S3_VERSION, ...timed };
    case 's3-diff':
      return { checkedAt: null, ...timed };
    case 'summary':
      return { ...timed, datasets: mapRows(fields, fillRow) };
    default:
      return timed;
  }
}

function fillRow(row: Fields): Fields {
  const times = row.lastChecked;
  const lastChecked = isFields(times) ? { ...NULLS_OF_TIMES, ...mapInstants(times) } : null;
  return { ...NULLS_OF_ROW, ...row, lastChecked };
}

/** 2.0.0 → 2.2.0: a mirror says why it holds no refs; a row has the date of its snapshot. */
function from200(kind: string, fields: Fields): Fields {
  switch (kind) {
    case 'github': {
      // Until 2.1.0 only missing refs showed an empty repository, and a HEAD that the server did
      // not name was called 'unknown'.
      const empty = isEmpty(fields.branches) && isEmpty(fields.tags);
      const head = fields.head === 'unknown' ? null : (fields.head ?? null);
      return { error: empty ? 'repo-empty' : null, ...fields, head };
    }
    case 'summary':
      return {
        ...fields,
        datasets: mapRows(fields, (row) => ({ ...NULLS_OF_ROW, latestSnapshotDate: null, ...row })),
      };
    default:
      return fields;
  }
}

/** 2.2.0 → 3.0.0: verdicts beside the evidence, and fields that older systems did not have. */
function from220(kind: string, fields: Fields): Fields {
  switch (kind) {
    case 'registry':
      return { names: {}, skipped: {}, unverified: {}, lastAttempt: null, ...fields };
    case 'github':
      return {
        status: 'pending',
        subtype: null,
        findings: [],
        lastAttempt: null,
        ...fields,
        ...peeled(fields.tags),
      };
    case 's3-version':
      return { status: 'pending', subtype: null, etag: null, lastAttempt: null, ...fields };
    case 's3-diff':
      return {
        bookkeeping: [],
        submodules: [],
        subtype: null,
        notCompared: null,
        commit: null,
        lastAttempt: null,
        ...fields,
        // It could be null, which meant the same.
        exportMissing: fields.exportMissing ?? false,
      };
    case 'files':
      return { commit: null, ...fields };
    case 'summary':
      return { ...fields, datasets: sorted(mapRows(fields, newRow)) };
    default:
      return fields;
  }
}

const NULLS_OF_S3_VERSION: Fields = {
  lastChecked: null,
  httpStatus: null,
  datasetDescriptionDOI: null,
  extractedVersion: null,
  versionSource: null,
  datasetDescriptionMissing: null,
  doiIdMismatch: null,
  doiDatasetId: null,
  invalidJson: null,
  httpError: null,
  requestError: null,
  unexpectedError: null,
};

const NULLS_OF_TIMES: Fields = { github: null, s3Version: null, s3Files: null };
const NULLS_OF_ROW: Fields = {
  s3Blocked: null,
  lastChecked: null,
  s3FilesAdded: null,
  s3FilesRemoved: null,
  issueSubtypes: null,
  githubVersion: null,
  s3Version: null,
};

/**
 * Before 3.0.0 an annotated tag `X` was listed twice, as `X` (the tag object) and `X^{}` (the
 * commit). Now `tags` holds the commit and `annotated` the tag object (ds000109).
 */
function peeled(tags: unknown): Fields {
  if (!isFields(tags)) return {};
  const commits = new Map<string, unknown>();
  const annotated = new Map<string, unknown>();
  for (const [name, id] of Object.entries(tags)) {
    if (name.endsWith(PEELED)) continue;
    const commit = Object.hasOwn(tags, name + PEELED) ? tags[name + PEELED] : undefined;
    commits.set(name, commit ?? id);
    if (commit !== undefined) annotated.set(name, id);
  }
  return { tags: recordOf(commits), annotated: recordOf(annotated) };
}
const PEELED = '^{}';

/** A row of an old summary never had the name and the latest snapshot: the registry has them. */
function newRow(row: Fields): Fields {
  const times = isFields(row.lastChecked) ? Object.values(row.lastChecked) : [];
  const oldest = times.filter((time) => typeof time === 'string').sort()[0] ?? null;
  return {
    name: null,
    latestSnapshot: null,
    checkedAt: oldest,
    unverified: null,
    findings: [],
    notCompared: null,
    ...row,
  };
}

/** A value that is not a row stays as it is, for the schema to reject. */
function mapRows(fields: Fields, change: (row: Fields) => Fields): unknown {
  const rows = fields.datasets;
  return Array.isArray(rows) ? rows.map((row) => (isFields(row) ? change(row) : row)) : rows;
}

function sorted(rows: unknown): unknown {
  return Array.isArray(rows) ? rows.toSorted((a, b) => compareBytes(idOf(a), idOf(b))) : rows;
}

const idOf = (row: unknown) => (isFields(row) ? String(row.id) : '');

const TIMES = ['lastChecked', 'checkedAt', 'lastUpdated', 'created'];

function withInstants(fields: Fields): Fields {
  return {
    ...fields,
    ...mapInstants(
      Object.fromEntries(Object.entries(fields).filter(([name]) => TIMES.includes(name))),
    ),
  };
}

/** Brings times to the one form; any other value stays as it is, for the schema to reject. */
function mapInstants(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return [name, Number.isNaN(time) ? value : new Date(time).toISOString()];
    }),
  );
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) => isFields(value) && Object.keys(value).length === 0;
