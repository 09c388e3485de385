// What each function may do to the bucket and the table: by verb and by prefix, nothing else.
// test/lib/permissions.test.ts checks the same in the template.

import type { Role } from 'aws-cdk-lib/aws-iam';
import {
  ADDRESSES_PATH,
  ARCHIVES_PATH,
  checkPath,
  folderOf,
  NAMES_PATH,
  PLAIN_PATH,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  schemaPath,
  timesPath,
} from '../../core/documents/paths.ts';
import {
  archiveBadgePath,
  archiveFeedPath,
  BADGE_FORMS,
  badgePath,
  changesPath,
  countsPath,
  feedPath,
  INDEX_PATH,
  NOTICES_PATH,
  RUNS_FOLDER,
  SENT_PATH,
  SERIES_PATH,
  SYNC_PATH,
  stripsPath,
} from '../../core/history/paths.ts';
import { type Archive, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import { allChecks } from '../../core/monitor/check.ts';
import { HOSTS, keysOf, MARKS_FILE, PREFIXES, WATCH } from '../../lambdas/names.ts';
import { PLAN } from '../functions.ts';
import { allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import { RECORD_END } from './ends.ts';
import { WATCH_SILENCE } from './silence.ts';

/** Why a pattern of keys is wide (in IAM `*` spans `/`). The first that fits counts. */
const WHY: readonly (readonly [keys: RegExp, why: string])[] = [
  [/\/datasets\/\*$/, 'the documents of withdrawn datasets, whose ids the archive decides'],
  [/^runs\//, 'shards, reports and what functions hand on of every run, each under its start'],
  [/^trees\//, 'a list of files for every commit'],
  [/^data\/(\w+\/)?\*$/, 'the documents of all datasets, whose ids the archive decides'],
  [/^data\/\*\/status\.json$/, 'the report of every archive'],
  [/summary\*\.json$/, 'the summary for the page, in as many parts as it needs'],
  [/timestamps\/\*\.json$/, 'one manifest of every check'],
  [/history\/runs\/\*$/, 'one document of every published run'],
  [/history\/\w+\/\*\.json$/, 'one document of every month'],
  [/\/(metadata|files)\.json$/, 'one document of every snapshot of every dataset'],
  [/\*/, 'one document of every dataset'],
];
const whyOf = (pattern: string) => WHY.find(([keys]) => keys.test(pattern))?.[1] ?? 'one key';

/** Documents of the entries by their file names. */
const ofEntries = (files: readonly string[]) => files.map((file) => `data/datasets/*/${file}`);

interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly remove?: readonly string[];
  readonly table: readonly TableRight[];
}

/** DynamoDB actions on items of these partitions. */
interface TableRight {
  readonly verbs: readonly string[];
  /** A pattern of `pk`; null for a scan, which has no key to look at. */
  readonly keys: string | null;
}

/** Before the archive's folder. */
const KEYS = keysOf('');
const RUNS = KEYS.run('').pk;

/** Every step takes or renews the run's lock: an update, and a read of the holder. */
const LOCK: TableRight = { verbs: ['GetItem', 'UpdateItem'], keys: KEYS.lock.pk };
/** Functions that ask hosts tell each other about them; every function listens. */
const HOSTS_HEARD: TableRight = { verbs: ['Query'], keys: HOSTS };
const HOSTS_SHARED: TableRight = { verbs: ['Query', 'UpdateItem'], keys: HOSTS };
/** Who ends a run compares it with those before. */
const RUN_RECORDS: TableRight = { verbs: ['PutItem', 'Query'], keys: RUNS };
/** @param of an id; `*` for all */
const records = (of: string, ...verbs: readonly string[]): TableRight => ({
  verbs,
  keys: KEYS.check(of, '').pk,
});

const MARKS = `${PREFIXES.runs}${MARKS_FILE}`;

/** Patterns in the archive's own folder, where those of one at the root are none of another's. */
export function permissionsOf(archive: Archive, stage: string): Permissions {
  const folder = folderOf(archive);
  const isList = stage === LAST_STAGE;
  const inFolder = (patterns: readonly string[]) =>
    patterns.map((pattern) => placed(pattern, folder));
  const { read, write, remove, table } = rightsOf(archive, stage);
  return {
    read: [...inFolder(read), ...(isList && folder !== '' ? REPORTS : [])],
    write: [...inFolder(write), ...(isList ? [LIST] : [])],
    ...(remove && { remove: inFolder(remove) }),
    // What is said of a host is for all archives.
    table: table.map(({ verbs, keys }) => ({
      verbs,
      keys: keys === null || keys === HOSTS ? keys : `${folder}${keys}`,
    })),
  };
}

/** The list of archives, and what it is made from. */
const LIST = `data/${ARCHIVES_PATH}`;
const REPORTS = [`data/${STATUS_PATH}`, `data/*/${STATUS_PATH}`, LIST];

/** Folders of archives begin with a letter, runs with their year. Trees have the names of commits. */
function placed(pattern: string, folder: string): string {
  if (folder !== '') return pattern.replace('/', `/${folder}`);
  return pattern === 'runs/*' ? 'runs/2*' : pattern;
}

function rightsOf(archive: Archive, stage: string): Permissions {
  switch (stage) {
    case FIRST_STAGE:
      return {
        read: ['data/*', 'runs/*'],
        write: [
          `data/${REGISTRY_PATH}`,
          `data/${STATUS_PATH}`,
          `data/${PLAIN_PATH}`,
          ...archive.keeps.map((path) => `data/${path}`),
          'runs/*',
        ],
        table: [LOCK, HOSTS_SHARED, RUN_RECORDS, records('*', 'Query')],
      };
    case WATCH_SILENCE:
      return { read: [], write: [], table: [HOSTS_HEARD, { verbs: ['Query'], keys: RUNS }] };
    case PLAN:
      return {
        read: ['runs/*'],
        write: ['runs/*'],
        table: [LOCK, HOSTS_HEARD, records('*', 'Query')],
      };
    case WATCH:
      return { read: ['data/*', MARKS], write: [MARKS], table: [HOSTS_SHARED] };
    case LAST_STAGE:
      return {
        read: ['data/*', 'runs/*'],
        write: [
          ...[...SUMMARY, ...HISTORY].map((path) => `data/${path}`),
          `data/${feedPath('*')}`,
          `data/${archiveFeedPath(archive)}`,
          ...BADGE_FORMS.flatMap((form) => [
            `data/${badgePath('*', form)}`,
            `data/${archiveBadgePath(archive, form)}`,
          ]),
          // It says in the documents of checks that their function died.
          ...allChecks(archive).map((check) => `data/${checkPath(check, '*')}`),
        ],
        // All that there is of a withdrawn dataset.
        remove: ['data/datasets/*'],
        table: [
          LOCK,
          HOSTS_SHARED,
          RUN_RECORDS,
          records('*', 'DeleteItem', 'PutItem', 'Query'),
          { verbs: ['Scan'], keys: null },
        ],
      };
    case RECORD_END:
      return {
        // The counts of the last published summary, in the forms of an archive.
        read: ['data/*'],
        write: [`data/${STATUS_PATH}`, `data/${PLAIN_PATH}`],
        table: [
          LOCK,
          HOSTS_HEARD,
          RUN_RECORDS,
          // The verdicts on the archive as a whole, for its report.
          ...(archive.wholeChecks ? [records(archive.id, 'Query')] : []),
        ],
      };
    default:
      return ofMeasurement(archive, stage);
  }
}

/** What is published. */
const SUMMARY = [
  ADDRESSES_PATH,
  schemaPath('*'),
  SUMMARY_PATH,
  'summary*.json',
  NAMES_PATH,
  PLAIN_PATH,
  STATUS_PATH,
  timesPath({ file: '*' }),
];

/** Not how an import ended, which the command line alone writes. */
const HISTORY = [
  INDEX_PATH,
  NOTICES_PATH,
  SENT_PATH,
  SERIES_PATH,
  SYNC_PATH,
  `${RUNS_FOLDER}/*`,
  changesPath('*'),
  countsPath('*'),
  stripsPath('*'),
];

function ofMeasurement(archive: Archive, stage: string): Permissions {
  const measurement = archive.measurements.find(({ id }) => id === stage);
  if (!measurement) throw new Error(`no measurement ${stage}`);
  const { writes = [], removes, keepsTrees } = measurement;
  const documents = allChecks(archive)
    .filter((check) => check.stage === stage)
    .map((check) => `data/${checkPath(check, '*')}`);
  const trees = keepsTrees ? ['trees/*'] : [];
  return {
    read: ['data/*', 'runs/*', ...trees],
    write: [...documents, ...ofEntries(writes), 'runs/*', ...trees],
    ...(removes && { remove: ofEntries(removes) }),
    table: [LOCK, HOSTS_SHARED, records('*', 'PutItem', 'Query')],
  };
}

export function grantResults(role: Role, archive: Archive, stage: string, results: Results): void {
  const { bucket, table } = results;
  const permissions = permissionsOf(archive, stage);
  const allowKeys = (action: string, patterns: readonly string[]) => {
    for (const pattern of patterns) {
      const resources = [bucket.arnForObjects(pattern)];
      allow(role, { actions: [action], resources, why: whyOf(pattern) });
    }
  };
  allowKeys('s3:GetObject', permissions.read);
  allowKeys('s3:PutObject', permissions.write);
  allowKeys('s3:DeleteObject', permissions.remove ?? []);
  // Without it S3 answers 403 for a missing key, and absent would look like denied.
  if (permissions.read.length > 0) {
    allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  }
  for (const { verbs, keys } of permissions.table) {
    allow(role, {
      actions: verbs.map((verb) => `dynamodb:${verb}`),
      resources: [table.tableArn],
      // Every one of these verbs names keys, so that none passes as a request without any.
      ...(keys !== null && {
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] } },
      }),
    });
  }
}

/** The files of the site that its canary looks at where there is no CloudFront to ask. */
export function grantSite(role: Role, { bucket }: Results): void {
  allow(role, {
    actions: ['s3:GetObject'],
    resources: ['index.html', 'dataset.html', 'assets/*'].map((key) => bucket.arnForObjects(key)),
    why: 'scripts have hashes in their names',
  });
}
