// An archive as the system before this one recorded it, a run a day: for repositories that are
// imported. Everything is well unless a test says otherwise.

import type { Commit, Files } from './recorded-repository.ts';

export interface RecordedDataset {
  readonly latest: string;
  readonly tags: readonly string[];
  /** Of the mirror; by default those of the registry. */
  readonly mirrorTags?: readonly string[];
  readonly created: string;
  /** Of the export; null: it is blocked. */
  readonly exported: string | null;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Fields of its row that differ. */
  readonly row?: object;
  /** Fields of documents that differ; null: there is no such document. */
  readonly github?: object | null;
  readonly version?: object | null;
  readonly diff?: object | null;
}

export const WELL: RecordedDataset = {
  latest: '1.0.0',
  tags: ['1.0.0'],
  created: '2020-01-01T00:00:00.000Z',
  exported: '1.0.0',
  added: [],
  removed: [],
};

export interface RecordedDay {
  /** Of the summary. */
  readonly time: string;
  readonly datasets: Readonly<Record<string, RecordedDataset>>;
  /** `1.0.0`, `1.1.0`, or as the last summaries were: without a version. */
  readonly schema?: '1.0.0' | '1.1.0';
  readonly at?: string;
  /** Files in addition, or instead. */
  readonly files?: Files;
}

const shaOf = (text: string) => Buffer.from(text).toString('hex').padEnd(40, '0').slice(0, 40);

/**
 * @param before the day before, whose documents are there
 */
export function commitOf(
  { time, datasets, schema, at, files = {} }: RecordedDay,
  before?: RecordedDay,
): Commit {
  const all: Record<string, object | string | null> = {};
  const version = schema && { schemaVersion: schema };
  const entries = Object.entries(datasets);
  const ids = entries.map(([id]) => id);
  all['data/all-datasets.json'] = {
    ...version,
    lastUpdated: time,
    datasets: entries.map(([id, dataset]) => rowOf(id, dataset, time, schema)),
  };
  all['data/datasets-registry.json'] = {
    ...version,
    lastChecked: time,
    totalCount: ids.length,
    latestSnapshots: Object.fromEntries(entries.map(([id, { latest }]) => [id, latest])),
  };
  const times = Object.fromEntries(ids.map((id) => [id, time]));
  if (schema === undefined) {
    for (const name of ['github', 's3-version', 's3-files'])
      all[`data/timestamps/${name}.json`] = times;
  }
  const isKept = (id: string, dataset: RecordedDataset) =>
    schema === undefined && before?.schema === undefined && before?.datasets[id] === dataset;
  for (const [id, dataset] of entries) {
    if (isKept(id, dataset)) continue;
    for (const [path, document] of Object.entries(documentsOf(id, dataset, time, schema))) {
      all[`data/datasets/${id}/${path}`] = document;
    }
  }
  return { files: { ...all, ...files }, ...(at !== undefined && { at }) };
}

function documentsOf(
  id: string,
  dataset: RecordedDataset,
  time: string,
  schema: RecordedDay['schema'],
): Files {
  const { tags, mirrorTags = tags, created, exported, added, removed, latest } = dataset;
  const old = schema && { schemaVersion: schema };
  const s3 = { schemaVersion: schema ?? '2.2.0' };
  const checked = { lastChecked: schema === undefined ? null : time };
  const commits = Object.fromEntries(mirrorTags.map((tag) => [tag, shaOf(`${id} ${tag}`)]));
  const main = shaOf(`${id} ${mirrorTags.at(-1)}`);
  const branches = { 'git-annex': shaOf(`${id} annex`), main };
  const doi = exported && `10.18112/openneuro.${id}.v${exported}`;
  const orNull = (document: object, more: object | null | undefined) =>
    more === null ? null : { ...document, ...more };
  const isOk = added.length + removed.length === 0;
  return {
    'snapshots.json': { ...old, tags },
    ...Object.fromEntries(
      tags.map((tag) => [
        `snapshots/${tag}/metadata.json`,
        { ...old, created, hexsha: shaOf(`${id} ${tag}`) },
      ]),
    ),
    'github.json': orNull(
      {
        ...old,
        ...checked,
        ...(schema === undefined && { error: null }),
        head: 'main',
        branches,
        tags: commits,
      },
      dataset.github,
    ),
    's3-version.json': orNull(
      {
        ...s3,
        ...(schema === undefined ? NOTHING_SEEN : checked),
        accessible: exported !== null,
        ...(exported === null && { httpStatus: 403 }),
        datasetDescriptionDOI: doi,
        extractedVersion: exported,
        versionSource: exported === null ? null : 'doi',
      },
      dataset.version,
    ),
    's3-diff.json':
      schema === '1.0.0' || exported === null
        ? null
        : orNull(
            {
              ...s3,
              datasetId: id,
              snapshotTag: latest,
              s3Version: exported,
              checkedAt: schema === undefined ? null : time,
              status: isOk ? 'ok' : 'error',
              exportMissing: false,
              totalS3Files: 100 + removed.length,
              totalGitFiles: 100 + added.length,
              added,
              removed,
              ...(schema === undefined && { context: [] }),
            },
            dataset.diff,
          ),
  };
}

/** Fields of s3-version.json, which 1.x left out. */
const NOTHING_SEEN = Object.fromEntries(
  [
    ...['lastChecked', 'httpStatus', 'datasetDescriptionMissing', 'doiIdMismatch', 'doiDatasetId'],
    ...['invalidJson', 'httpError', 'requestError', 'unexpectedError'],
  ].map((field) => [field, null]),
);

function rowOf(
  id: string,
  { exported, latest, added, removed, row, created, mirrorTags, tags }: RecordedDataset,
  time: string,
  schema: RecordedDay['schema'],
): object {
  const files = added.length + removed.length === 0 ? 'ok' : 'error';
  const version = exported === null ? 'error' : exported === latest ? 'ok' : 'version-mismatch';
  const checks = {
    github: 'ok',
    s3Version: version,
    s3Files: exported === null || schema === '1.0.0' ? 'pending' : files,
  };
  const status = version === 'ok' ? files : version;
  const at = { github: time, s3Version: time, s3Files: exported === null ? null : time };
  const start = {
    id,
    status,
    checks,
    ...(exported === null && { s3Blocked: true }),
    lastChecked: at,
  };
  if (schema !== undefined) return { ...start, ...row };
  return {
    ...start,
    s3Blocked: exported === null ? true : null,
    s3FilesAdded: added.length || null,
    s3FilesRemoved: removed.length || null,
    issueSubtypes: {
      github: null,
      s3Version: exported === null ? 'blocked' : version === 'ok' ? null : 'doi-mismatch',
      s3Files: added.length > 0 ? 'files-missing' : removed.length > 0 ? 'files-orphaned' : null,
    },
    githubVersion: (mirrorTags ?? tags).at(-1) ?? null,
    s3Version: exported,
    latestSnapshotDate: created,
    ...row,
  };
}
