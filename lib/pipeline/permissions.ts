// What each function may do to the bucket and the table: by verb and by prefix, nothing else.
// test/lib/permissions.test.ts says the same from the other side, out of the template.

import type { Role } from 'aws-cdk-lib/aws-iam';
import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import { allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import type { PipelineStage } from '../settings.ts';

/** Keys of the bucket, as IAM writes them (`*` spans `/`), and why each is as wide as it is. */
const KEY_PATTERNS = {
  'data/*': 'the documents of all datasets, whose ids the archive decides',
  'data/datasets-registry.json': 'one key',
  'data/status.json': 'one key',
  'data/leftovers.json': 'one key',
  'data/summary.html': 'one key',
  'data/datasets/*/snapshots.json': 'one document of every dataset',
  'data/datasets/*/metadata.json': 'one document of every snapshot of every dataset',
  'data/datasets/*/causes.json': 'one document of every dataset',
  'data/datasets/*/files.json': 'one document of every snapshot of every dataset',
  'runs/*': 'manifests and reports of every run, each under the start of its run',
  'trees/*': 'a list of files for every commit',
} as const;
type CheckPattern = `data/datasets/*/${(typeof CHECK_LIST)[number]['file']}.json`;
type KeyPattern = keyof typeof KEY_PATTERNS | CheckPattern;

/** The documents of the checks that a stage makes. */
const documentsOf = (stage: PipelineStage): CheckPattern[] =>
  CHECK_LIST.filter((check) => check.stage === stage).map(
    ({ file }): CheckPattern => `data/datasets/*/${file}.json`,
  );

interface Permissions {
  readonly read: readonly KeyPattern[];
  readonly write: readonly KeyPattern[];
  readonly remove?: readonly KeyPattern[];
  /** DynamoDB actions on the table. */
  readonly table: readonly string[];
}

/** Every step takes or keeps the lock of the run: an update, and a look at who has it. */
const LOCK = ['GetItem', 'UpdateItem'];

const PERMISSIONS: Readonly<Record<PipelineStage, Permissions>> = {
  'fetch-registry': {
    read: ['data/*'],
    write: [
      'data/datasets-registry.json',
      'data/status.json',
      'data/leftovers.json',
      'data/summary.html',
      'data/datasets/*/snapshots.json',
      'data/datasets/*/metadata.json',
      'runs/*',
    ],
    table: [...LOCK, 'BatchGetItem', 'PutItem'],
  },
  'check-github': {
    read: ['data/*', 'runs/*'],
    write: [...documentsOf('check-github'), 'runs/*'],
    table: [...LOCK, 'PutItem'],
  },
  'check-s3-version': {
    read: ['data/*', 'runs/*'],
    write: [...documentsOf('check-s3-version'), 'runs/*'],
    table: [...LOCK, 'PutItem'],
  },
  plan: { read: ['runs/*'], write: ['runs/*'], table: [...LOCK, 'BatchGetItem'] },
  'check-s3-files': {
    read: ['data/*', 'runs/*', 'trees/*'],
    write: [
      ...documentsOf('check-s3-files'),
      'data/datasets/*/causes.json',
      'data/datasets/*/files.json',
      'runs/*',
      'trees/*',
    ],
    // There is none where nothing was compared.
    remove: ['data/datasets/*/s3-diff.json'],
    table: [...LOCK, 'PutItem'],
  },
  summarize: {
    read: ['data/*', 'runs/*'],
    write: ['data/*'],
    table: [...LOCK, 'PutItem', 'Scan'],
  },
};

export function grantResults(role: Role, stage: PipelineStage, results: Results): void {
  const { bucket, table } = results;
  const permissions = PERMISSIONS[stage];
  const allowKeys = (action: string, patterns: readonly KeyPattern[]) => {
    for (const pattern of patterns) {
      const why =
        pattern in KEY_PATTERNS
          ? KEY_PATTERNS[pattern as keyof typeof KEY_PATTERNS]
          : 'one document of every dataset';
      allow(role, { actions: [action], resources: [bucket.arnForObjects(pattern)], why });
    }
  };
  allowKeys('s3:GetObject', permissions.read);
  allowKeys('s3:PutObject', permissions.write);
  allowKeys('s3:DeleteObject', permissions.remove ?? []);
  // Without it S3 answers 403 for a key that is not there, and absent could not be told from denied.
  allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  const actions = permissions.table.map((verb) => `dynamodb:${verb}`);
  allow(role, { actions, resources: [table.tableArn] });
}
