// Every field that the readers of the predecessor take from the exported tree, and the type they
// use it as: a list page, a dataset page, and the scripts of its stages. Facts from their public
// source (OpenNeuroOrg/dashboard); a wrong type breaks them.

import { STATUSES } from '../../core/documents/vocabulary.ts';

/** What a reader does with a value, as far as it needs a type for that. */
const USES = {
  /** Shown, compared, cut, put into a URL. */
  text: (value: unknown) => typeof value === 'string',
  /** Used in arithmetic, or shown by toLocaleString(). */
  number: (value: unknown) => Number.isInteger(value) && (value as number) >= 0,
  flag: (value: unknown) => typeof value === 'boolean',
  /** new Date(…), datetime.fromisoformat(…) */
  instant: (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  /** A key of their tables of badges and ranks. */
  status: (value: unknown) => STATUSES.some((known) => known === value),
  /** .length, .map, spread */
  list: (value: unknown) => Array.isArray(value),
  /** Object.entries, `in`, [key] */
  map: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  commit: (value: unknown) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value),
} as const;
type Use = keyof typeof USES;

export interface Access {
  /** Names joined by `.`; `*` stands for each item of a list, or each value of a map. */
  readonly field: string;
  readonly use: Use;
  /** They check that it is there: null is accepted. */
  readonly orNull?: true;
}

interface Document {
  readonly path: RegExp;
  readonly accesses: readonly Access[];
}

const must = (use: Use, ...fields: string[]): Access[] => fields.map((field) => ({ field, use }));
const may = (use: Use, ...fields: string[]): Access[] =>
  fields.map((field) => ({ field, use, orNull: true }));

export const DOCUMENTS: readonly Document[] = [
  {
    path: /^datasets-registry\.json$/,
    accesses: [
      ...must('instant', 'lastChecked'),
      ...must('number', 'totalCount'),
      ...must('map', 'latestSnapshots'),
      ...must('text', 'latestSnapshots.*'),
    ],
  },
  {
    path: /^all-datasets\.json$/,
    accesses: [
      ...must('instant', 'lastUpdated'),
      ...must('list', 'datasets'),
      ...must('text', 'datasets.*.id'),
      ...must('status', 'datasets.*.status'),
      ...must('map', 'datasets.*.checks'),
      ...must('status', ...perCheck('datasets.*.checks')),
      ...may('flag', 'datasets.*.s3Blocked'),
      ...may('map', 'datasets.*.lastChecked'),
      // The newest of all values, whatever their names.
      ...may('instant', ...perCheck('datasets.*.lastChecked'), 'datasets.*.lastChecked.*'),
      ...may('number', 'datasets.*.s3FilesAdded', 'datasets.*.s3FilesRemoved'),
      ...may('map', 'datasets.*.issueSubtypes'),
      ...may('text', ...perCheck('datasets.*.issueSubtypes')),
      ...may('text', 'datasets.*.githubVersion', 'datasets.*.s3Version'),
      ...may('instant', 'datasets.*.latestSnapshotDate'),
    ],
  },
  {
    path: /^timestamps\/(?:github|s3-version|s3-files)\.json$/,
    accesses: must('instant', '*'),
  },
  {
    path: /^datasets\/[^/]+\/snapshots\.json$/,
    accesses: [...must('list', 'tags'), ...must('text', 'tags.*')],
  },
  {
    path: /^datasets\/[^/]+\/snapshots\/[^/]+\/metadata\.json$/,
    accesses: [...must('commit', 'hexsha'), ...must('instant', 'created')],
  },
  {
    path: /^datasets\/[^/]+\/snapshots\/[^/]+\/files\.json$/,
    accesses: [...must('number', 'count'), ...must('list', 'files'), ...must('text', 'files.*')],
  },
  {
    path: /^datasets\/[^/]+\/github\.json$/,
    accesses: [
      ...may('text', 'head', 'error'),
      ...must('map', 'branches', 'tags'),
      ...must('commit', 'branches.*', 'tags.*'),
      ...may('instant', 'lastChecked'),
    ],
  },
  {
    path: /^datasets\/[^/]+\/s3-version\.json$/,
    accesses: [
      ...must('flag', 'accessible'),
      ...may('instant', 'lastChecked'),
      ...may('number', 'httpStatus', 'httpError'),
      ...may('text', 'datasetDescriptionDOI', 'extractedVersion', 'versionSource'),
      ...may('flag', 'datasetDescriptionMissing', 'doiIdMismatch', 'invalidJson'),
      ...may('text', 'doiDatasetId', 'requestError', 'unexpectedError'),
    ],
  },
  {
    path: /^datasets\/[^/]+\/s3-diff\.json$/,
    // Their value is absent if nothing was compared.
    accesses: [
      ...must('text', 'datasetId', 'snapshotTag', 's3Version'),
      ...must('status', 'status'),
      ...must('number', 'totalS3Files', 'totalGitFiles'),
      ...may('instant', 'checkedAt'),
      ...must('flag', 'exportMissing'),
      ...must('list', 'added', 'removed', 'context'),
      ...must('text', 'added.*', 'removed.*', 'context.*'),
    ],
  },
];

function perCheck(field: string): string[] {
  return ['github', 's3Version', 's3Files'].map((check) => `${field}.${check}`);
}

/** What would break them, as `path field: what stands there`; each path is of a tree in `data/`. */
export function brokenReads(path: string, text: string): string[] {
  const kind = DOCUMENTS.find((document) => document.path.test(path));
  if (kind === undefined) return [];
  const document = JSON.parse(text) as Record<string, unknown>;
  return kind.accesses.flatMap(({ field, use, orNull }) =>
    valuesAt(document, field.split('.'))
      .filter((value) => !(orNull && value === null) && !USES[use](value))
      .map((value) => `${path} ${field}: ${JSON.stringify(value) ?? 'absent'} as ${use}`),
  );
}

/** Nothing if a map on the way is null: they check before they go on. */
function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value).flatMap((each) => valuesAt(each, rest));
  return valuesAt((value as Record<string, unknown>)[name], rest);
}

/** Documents that they reach through others, without checking that they exist. */
export function missingReads(has: (path: string) => string | undefined): string[] {
  const read = (path: string) => JSON.parse(has(path) ?? 'null');
  const { latestSnapshots } = read('datasets-registry.json');
  const rows: { id: string }[] = read('all-datasets.json').datasets;
  return [
    ...rows
      .filter(({ id }) => !Object.hasOwn(latestSnapshots, id))
      .map(({ id }) => `no latest snapshot of ${id}`),
    ...Object.keys(latestSnapshots).flatMap((id) => {
      const tags: string[] | undefined = read(`datasets/${id}/snapshots.json`)?.tags;
      if (tags === undefined) return [`no snapshots.json of ${id}`];
      return [
        ...(tags.includes(latestSnapshots[id]) ? [] : [`the latest tag of ${id} is not listed`]),
        ...tags
          .filter((tag) => has(`datasets/${id}/snapshots/${tag}/metadata.json`) === undefined)
          .map((tag) => `no metadata.json of ${id} ${tag}`),
      ];
    }),
  ];
}
