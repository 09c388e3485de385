// Where results are stored: one private bucket (documents, kept trees, run manifests, the site) and
// one table (records of checks and of runs, the lock of the current run). Both outlive the stack. A
// later stack of the same name takes them up again: CloudFormation imports what exists by a name that
// stands in the template as text (CreateChangeSet, `ImportExistingResources`).

import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PREFIXES, TREE_DAYS } from '../../lambdas/names.ts';
import { acknowledge } from '../reasons.ts';

/** Longer than anybody needs to look into a run; each is some 20 KB a dataset. */
const MANIFEST_DAYS = 7;

export interface ResultsProps {
  /** The stack's. */
  readonly name: string;
  /**
   * Days that replaced versions of documents are kept; manifests of runs are kept a week at most.
   * @default 30
   */
  readonly retentionDays?: number;
}

export class Results extends Construct {
  readonly bucket: Bucket;
  readonly table: Table;

  constructor(scope: Construct, id: string, props: ResultsProps) {
    super(scope, id);
    const kept = Duration.days(props.retentionDays ?? 30);
    // Years of observations: a person must decide to remove them.
    const removalPolicy = RemovalPolicy.RETAIN;

    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketName(this, props.name),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      // A wrong summary is rolled back by its version (docs/deploy.md).
      versioned: true,
      lifecycleRules: [
        {
          id: 'manifests-of-old-runs',
          prefix: PREFIXES.runs,
          expiration: Duration.days(Math.min(MANIFEST_DAYS, kept.toDays())),
        },
        {
          id: 'trees-that-nobody-reads',
          prefix: PREFIXES.trees,
          expiration: Duration.days(TREE_DAYS.kept),
        },
        {
          id: 'replaced-versions',
          noncurrentVersionExpiration: kept,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });

    acknowledge(
      this.bucket,
      'S1',
      'only the functions and CloudFront can read it; access logs would cost more than all else and tell nothing new',
    );

    this.table = new Table(this, 'Table', {
      tableName: `${props.name}-records`,
      deletionProtection: true,
      // CHECK#<dataset> / <check>, RUN / <start>, LOCK, HOST / <host>: docs/architecture.md has the
      // access patterns.
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
  }
}

/** Buckets of all accounts share their names. Without an account, CloudFormation chooses one. */
function bucketName(scope: Construct, name: string): { readonly bucketName?: string } {
  const { account, region } = Stack.of(scope);
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) return {};
  return { bucketName: `${name.toLowerCase()}-${account}-${region}` };
}
