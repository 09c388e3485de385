// What each field of the documents is, for readers of the published schemas (json-schema.ts).
// Nothing else loads these texts. Those of the history are in core/history/field-words.ts; an
// archive brings its own.

import { ageColumns, numberColumns, type Shown, versionColumns } from './catalogue.ts';

/**
 * Description by field. A key is all the names that lead to a field, after that of the schema
 * (`status:checks.findings`); or the last of them in any schema, as many as it takes to tell the
 * field from others (`at`, `checks.at`).
 */
export type FieldWords = Readonly<Record<string, string>>;

/**
 * The key that says most of a field.
 * @param fields the names that lead to it, outermost first, and its own
 */
export function keyFor(
  words: FieldWords,
  schema: string,
  fields: readonly string[],
): string | undefined {
  const inAny = fields.map((_, from) => fields.slice(from).join('.'));
  return [`${schema}:${inAny[0]}`, ...inAny].find((key) => Object.hasOwn(words, key));
}

/** Fields that have the names of an archive's checks and columns. */
export function checkWords(archive: Pick<Shown, 'checks'>): FieldWords {
  const nameOf = new Map(archive.checks.map(({ id, words }) => [id, `“${words.name}”`]));
  return Object.fromEntries([
    ...archive.checks.map(({ id, words }) => [id, `Of the check “${words.name}”: ${words.asks}`]),
    ...ageColumns(archive).map(({ id, isLasting, base }) => [
      `columns.${id}`,
      `By row, how many seconds before ${
        base === undefined ? 'lastUpdated' : `the check ${nameOf.get(base)}`
      } the check ${nameOf.get(id)} was last measured well, both to the last whole minute${
        isLasting ? ', rounded up to whole days' : ''
      }; null if never.`,
    ]),
    ...versionColumns(archive).map(({ id, column }) => [
      `columns.${column}`,
      `By row, the version that the check ${nameOf.get(id)} found: 0 is none, 1 the latest one, others are 2 + an index into versions.`,
    ]),
    ...numberColumns(archive).map(({ id, words }) => [
      `columns.${words.column}`,
      `By row, a number of the check ${nameOf.get(id)}: how many are ${words.says}. Null if not counted.${
        words.wholeOf ? ' 0 if that is the sum of those compared and those missing.' : ''
      }`,
    ]),
  ]);
}

const RUN = 'Start of the run that published it, in UTC; it names the run.';
const VERSIONS = 'Every version that occurs, the most frequent first.';
const COLUMNS =
  'Lists with a value for each row. A row is a dataset; rows are by id in byte order.';
const PENDING = 'By number of the row, from 0, why its findings do not count yet.';
const FINDING_SINCE =
  'By number of the row, from 0, for how many days before lastUpdated its worst finding has been there, if that began on another day than the status; null if it was there before the first run.';

/** All times are UTC, in ISO 8601. The summary is also a part of history/imported.json. */
export const FIELD_WORDS: FieldWords = {
  schemaVersion: 'Version of the form of this document.',

  // Documents of checks
  datasetId: 'The dataset.',
  status: 'The verdict. A status of pending says that it is not known.',
  subtype: 'The worst finding that counts; null if there is none.',
  findings: 'All findings that apply, worst first, with those that do not count yet.',
  notCompared: 'Why nothing was compared; null if something was.',
  rulesVersion: 'Number of the rules that gave the verdict; absent if they had none.',
  lastAttempt:
    'The newest attempt to measure, if it failed: all else is then of the last good measurement. Null if it did not fail.',
  at: 'When the attempt failed, in UTC.',
  reason: 'Why the attempt failed.',
  'lastAttempt.httpStatus': 'HTTP status of the answer; absent if there was none.',
  'unverified.httpStatus': 'HTTP status of the answer; absent if there was none.',
  pending:
    'Why findings of a dataset just published do not count yet; null or absent if all of them count.',
  'pending.reason': 'Why they do not count yet.',
  'pending.until': 'From when on they count, in UTC.',

  // datasets-registry.json
  'datasets-registry:lastChecked': 'When the registry was last read, in UTC.',
  totalCount: 'Number of entries in latestSnapshots.',
  latestSnapshots:
    'By dataset, the tag of its latest snapshot; null if the archive has no versions.',
  'datasets-registry:names': 'By dataset, its name; datasets without one are left out.',
  skipped: 'Datasets that exist and are not checked, with the reason.',
  'datasets-registry:unverified':
    'Datasets whose entry came broken and stays as last known, with the time and the reason.',
  'datasets-registry:lastAttempt':
    'The newest reading of the registry, if it failed: all entries stay as last known. Null if it did not fail.',
  published: 'By dataset, when it was published, in UTC; absent where that is not known.',
  versionDates:
    'By dataset, when its latest snapshot was created, in UTC; absent where that is not known.',
  gone: 'Datasets that are no longer listed.',
  'gone.id': 'The dataset.',
  'gone.state': "The registry's answer for its id.",
  'gone.at': 'When the registry gave that answer, in UTC.',
  withdrawn:
    'Datasets that a later reading confirmed to be deleted or not public. Nothing else is kept of them.',
  'withdrawn.id': 'The dataset.',
  'withdrawn.since': 'When it left, in UTC.',

  // archives.json and index.json
  'archives:archives': 'The archives that have published, in the order in which they are shown.',
  'archives.id': 'Its id.',
  'archives.name': 'Its name, for people.',
  'archives.origin':
    'Whether it is real (live), recorded with parts that are invented (replay), or invented (sample).',
  folder: 'Folder of its documents below this one, with a slash at its end; empty for this one.',
  'index:digest':
    'Hash of all else in this document: while it is the same, no address and no schema has changed.',
  'index:archive': 'The archive whose addresses these are.',
  'index:archive.id': 'Its id.',
  'archive.title': 'Its name, for people.',
  'index:archives': 'Address of the list of all archives.',
  addresses: 'Everything that is published, by address. An address is relative to this document.',
  'addresses.address': 'Where it is. A name in braces stands for one of several: see placeholders.',
  'addresses.title': 'What it is.',
  'addresses.mediaType': 'Its media type.',
  'addresses.schema': 'Address of its JSON Schema; null if it is no JSON document.',
  'addresses.stays': 'How long it stays: a key of lifetimes.',
  api: 'What is computed when it is asked for, with GET.',
  'api.address': 'Where it is, relative to this document.',
  'api.title': 'What it is.',
  'api.mediaType': 'Its media type.',
  'api.parameters': 'Names of its parameters; docs/history.md of Mirrorwatch says what they mean.',
  placeholders: 'What a name in braces in an address stands for, and where its values are.',
  lifetimes: 'By the key in stays, how long that is.',
  schemas: 'By address of a JSON Schema, the SHA-256 of its bytes, in hex.',

  // status.json
  lastRun: 'The last run, whether or not it published.',
  'lastRun.id': 'Its start in UTC, which names it.',
  startedAt: 'When it began, in UTC.',
  finishedAt: 'When it ended, in UTC.',
  outcome:
    'Whether its results were published, were held back for a person to look at, or it failed.',
  why: 'Why it did not publish, one sentence each; of a run that did, what a person must look at.',
  durationSeconds: 'How long it took, in seconds.',
  rulesChanged:
    'Datasets judged by other rules than in the summary published before; absent if there are none.',
  publishedAt: 'When the published summary was made, in UTC; null if none is.',
  everyHours: 'Hours between two scheduled runs, at most; absent if nothing schedules them.',
  'status:datasets': 'Number of datasets in the registry.',
  covered: 'Number of datasets of which every check was measured well in the last run.',
  'status:unverified': 'Number of datasets with a check whose newest attempt failed.',
  'status:checks': 'Verdicts of the checks of the archive as a whole; absent if it has none.',
  'status:checks.findings': 'What it found, worst first.',
  'checks.at': 'When it was last measured well, in UTC; null if never.',
  archive: 'The archive of these results, and the addresses that links and commands lead to.',
  'archive.id': 'Its id; absent in older documents.',
  'archive.name': 'Its name, for people.',
  'archive.origin':
    'Whether it is real (live), recorded with parts that are invented (replay), or invented (sample).',
  registryUrl: 'Address of its registry; null if it has none that anybody can open.',
  mirrorUrl: 'Address of its mirrors; null if it has none that anybody can open.',
  exportUrl: 'Address of its exports; null if it has none that anybody can open.',
  registry: 'The list of datasets; absent if there is none.',
  readAt: 'When it was last read, in UTC.',
  'registry.lastAttempt':
    'The newest reading, if it failed: the list is then that of readAt. Null if it did not fail.',

  // summary.json and names.json
  lastUpdated: 'When the summary was made, in UTC.',
  run: RUN,
  publication: 'Counts the publications, from 1; absent in older files.',
  total: 'Number of rows in all parts.',
  more: 'Names of the further parts, beside this one; empty in all but the first.',
  verdicts: 'Every combination of verdicts that occurs, the most frequent first.',
  'verdicts.status': 'The worst status of the checks.',
  'verdicts.checks': 'By check, its status; null or absent if it was not made.',
  issueSubtypes: 'By check, its worst finding; null if there is none.',
  'verdicts.findings': 'All findings, of checks with more than one.',
  'verdicts.notCompared':
    'By check, why it compared nothing; a text alone is of the first check that can wait. Null if all compared.',
  causes: 'Likely causes, by id; absent or null if none were looked for.',
  'verdicts.rulesVersion':
    'Number of the oldest rules that judged one of the checks; absent if they had none.',
  'summary:versions': VERSIONS,
  'summary.versions': VERSIONS,
  'summary:columns': COLUMNS,
  'summary.columns': COLUMNS,
  'columns.id': 'By row, the dataset.',
  'columns.verdict': 'By row, an index into verdicts.',
  'columns.latest': 'By row, its latest version: 0 is none, others are 1 + an index into versions.',
  'columns.latestDate':
    'By row, when that version was created, in seconds since 1970; null if not known.',
  'columns.since':
    'By row, for how many days before lastUpdated the status has been what it is; null if it was so before the first run.',
  unverified:
    'By number of the row, from 0, the checks whose newest attempt failed, with the time and the reason.',
  'summary:pending': PENDING,
  'summary.pending': PENDING,
  'summary:findingSince': FINDING_SINCE,
  'summary.findingSince': FINDING_SINCE,
  'names:names': 'By dataset, its name; datasets without one are left out.',

  // Rows of all-datasets.json
  'all-datasets:datasets': 'One row for each dataset, by id in byte order.',
  'datasets.id': 'The dataset.',
  'datasets.name': 'Its name; null if it has none.',
  'datasets.version': 'Its latest version; null if it has none.',
  'datasets.versionDate': 'When that version was created, in UTC; null if not known.',
  'datasets.status': 'The worst status of its checks.',
  'datasets.since':
    'Since when the status is what it is, in UTC; null or absent if it was so before the first run.',
  'datasets.checkedAt':
    'The oldest time at which one of its checks was last measured well, in UTC; those whose answers hold for days do not count. Null if one never was.',
  'datasets.checks': 'By check, its verdict; null or absent if it was not made.',
  'datasets.checks.since':
    'When the present status and finding were first measured, in UTC; null if before the first run.',
  'checks.version': 'The version that it found; null if it looks for none.',
  'checks.numbers': 'What it counted, by name.',
  'datasets.rulesVersion':
    'Number of the oldest rules that judged one of its checks; absent or null if they had none.',
};
