// What each function may do to the bucket and the table: by verb and by prefix, nothing else.
// test/lib/permissions.test.ts checks the same in the template.

import type { Role } from 'aws-cdk-lib/aws-iam';
import { checkPath, PLAIN_PATH, REGISTRY_PATH, STATUS_PATH } from '../../core/documents/paths.ts';
import { type Archive, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import { allChecks } from '../../core/monitor/check.ts';
import { allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import { PLAN } from '../settings.ts';
import { RECORD_END } from './ends.ts';
import { WATCH_SILENCE } from './silence.ts';

/** Keys of the bucket, as IAM writes them (`*` spans `/`), and the reason for each pattern. */
const WHY: Readonly<Record<string, string>> = {
  'data/*': 'the documents of all datasets, whose ids the archive decides',
  'data/datasets/*/metadata.json': 'one document of every snapshot of every dataset',
  'data/datasets/*/files.json': 'one document of every snapshot of every dataset',
  'runs/*': 'shards, reports and what functions hand on of every run, each under its start',
  'trees/*': 'a list of files for every commit',
};
const whyOf = (pattern: string) =>
  WHY[pattern] ?? (pattern.includes('*') ? 'one document of every dataset' : 'one key');

/** Documents of the entries by their file names. */
const ofEntries = (files: readonly string[]) => files.map((file) => `data/datasets/*/${file}`);

interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly remove?: readonly string[];
  /** DynamoDB actions on the table. */
  readonly table: readonly string[];
}

/** Every step takes or renews the run's lock: an update, and a read of the holder. */
const LOCK = ['GetItem', 'UpdateItem'];

export function permissionsOf(archive: Archive, stage: string): Permissions {
  switch (stage) {
    case FIRST_STAGE:
      return {
        read: ['data/*'],
        write: [
          `data/${REGISTRY_PATH}`,
          `data/${STATUS_PATH}`,
          `data/${PLAIN_PATH}`,
          ...archive.keeps.map((path) => `data/${path}`),
          'runs/*',
        ],
        table: [...LOCK, 'PutItem', 'Query'],
      };
    case WATCH_SILENCE:
      return { read: [], write: [], table: ['Query'] };
    case PLAN:
      return { read: ['runs/*'], write: ['runs/*'], table: [...LOCK, 'Query'] };
    case LAST_STAGE:
      return {
        read: ['data/*', 'runs/*'],
        write: ['data/*'],
        table: [...LOCK, 'PutItem', 'Query', 'Scan'],
      };
    case RECORD_END:
      return {
        // The counts of the last published summary, in the forms of an archive.
        read: ['data/*'],
        write: [`data/${STATUS_PATH}`, `data/${PLAIN_PATH}`],
        table: [...LOCK, 'PutItem', 'Query'],
      };
    default:
      return ofMeasurement(archive, stage);
  }
}

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
    table: [...LOCK, 'PutItem', 'Query'],
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
  if (permissions.read.length > 0)
    allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  const actions = permissions.table.map((verb) => `dynamodb:${verb}`);
  allow(role, { actions, resources: [table.tableArn] });
}

/** The files of the site that its canary looks at where there is no CloudFront to ask. */
export function grantSite(role: Role, { bucket }: Results): void {
  allow(role, {
    actions: ['s3:GetObject'],
    resources: ['index.html', 'dataset.html', 'assets/*'].map((key) => bucket.arnForObjects(key)),
    why: 'scripts have hashes in their names',
  });
}
