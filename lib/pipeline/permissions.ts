// What each function may do to the bucket and the table: by verb and by prefix, nothing else.
// test/lib/permissions.test.ts says the same from the other side, out of the template.

import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Results } from '../results/index.ts';
import type { PipelineStage } from '../settings.ts';

interface Permissions {
  /** Keys of the bucket; `*` is IAM's, and spans `/`. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** DynamoDB actions on the table. */
  readonly table: readonly string[];
}

const RECORDS = ['GetItem', 'PutItem'];
/** The lock of the run is taken, renewed and given back. */
const LOCK = ['UpdateItem', 'DeleteItem'];

const PERMISSIONS: Readonly<Record<PipelineStage, Permissions>> = {
  'fetch-registry': {
    read: ['data/*'],
    write: [
      'data/datasets-registry.json',
      'data/status.json',
      'data/datasets/*/snapshots.json',
      'data/datasets/*/metadata.json',
      'runs/*',
    ],
    table: [...RECORDS, ...LOCK, 'Query'],
  },
  'check-github': {
    read: ['data/*', 'runs/*'],
    write: ['data/datasets/*/github.json'],
    table: RECORDS,
  },
  'check-s3-version': {
    read: ['data/*', 'runs/*'],
    write: ['data/datasets/*/s3-version.json'],
    table: RECORDS,
  },
  plan: { read: ['data/*', 'runs/*'], write: ['runs/*'], table: RECORDS },
  'check-s3-files': {
    read: ['data/*', 'runs/*', 'trees/*'],
    write: ['data/datasets/*/s3-diff.json', 'data/datasets/*/files.json', 'trees/*'],
    table: RECORDS,
  },
  summarize: {
    read: ['data/*', 'runs/*'],
    write: ['data/*', 'runs/*'],
    table: [...RECORDS, ...LOCK, 'Scan'],
  },
};

export function grantResults(grantee: IGrantable, stage: PipelineStage, results: Results): void {
  const { bucket, table } = results;
  const { read, write, table: verbs } = PERMISSIONS[stage];
  const keys = (patterns: readonly string[]) => patterns.map((key) => bucket.arnForObjects(key));
  const allow = (actions: string[], resources: string[]) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  allow(['s3:GetObject'], keys(read));
  allow(['s3:PutObject'], keys(write));
  // Without it S3 answers 403 for a key that is not there, and absent could not be told from denied.
  allow(['s3:ListBucket'], [bucket.bucketArn]);
  allow(
    verbs.map((verb) => `dynamodb:${verb}`),
    [table.tableArn],
  );
}
