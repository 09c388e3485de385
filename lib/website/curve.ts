// The function that answers with series over time, and how CloudFront asks it.

import { Duration } from 'aws-cdk-lib';
import { CachePolicy, CacheQueryStringBehavior } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlAuthType, type IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ARCHIVES_PATH } from '../../core/documents/paths.ts';
import { CURVE_PARAMETERS } from '../../core/history/curve-parameters.ts';
import { HISTORY_FOLDER, stripsPath } from '../../core/history/paths.ts';
import { ENVIRONMENT, PREFIXES } from '../../lambdas/names.ts';
import { bundle } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';

export interface CurveProps {
  readonly results: Results;
  readonly logRetention: RetentionDays;
  /** Folders of the deployed archives. */
  readonly folders: readonly string[];
}

/** @returns its address, which takes only requests that AWS has signed: CloudFront's */
export function curveFunction(
  scope: Construct,
  { results: { bucket }, logRetention, folders }: CurveProps,
): IFunctionUrl {
  const { role, function: made } = new NodeFunction(scope, 'Curve', {
    code: bundle({ entry: 'lambdas/curve.lambda.ts', isAwaited: true }),
    description: 'Mirrorwatch curve: answers with series over time',
    memory: 512,
    // It gives up after ten seconds (core/history/curve.ts).
    timeout: Duration.seconds(15),
    logRetention,
    environment: { [ENVIRONMENT.bucket]: bucket.bucketName },
  });
  const keyOf = (path: string) => bucket.arnForObjects(`${PREFIXES.data}${path}`);
  allow(role, { actions: ['s3:GetObject'], resources: [keyOf(ARCHIVES_PATH)] });
  for (const folder of folders) {
    allow(role, {
      actions: ['s3:GetObject'],
      resources: [keyOf(`${folder}${HISTORY_FOLDER}/*`)],
      why: 'a file of every month',
    });
    allow(role, {
      actions: ['s3:GetObject'],
      resources: [keyOf(`${folder}${stripsPath('*')}`)],
      why: 'one document of every dataset',
    });
  }
  // Without it S3 answers 403 for a missing key, and absent would look like denied.
  allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  return made.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
}

export const curveCache = (scope: Construct): CachePolicy =>
  new CachePolicy(scope, 'CurveCache', {
    comment: 'Mirrorwatch: curves, by the parameters that they follow from and no others',
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.days(1),
    queryStringBehavior: CacheQueryStringBehavior.allowList(
      ...Object.entries(CURVE_PARAMETERS).flatMap(([name, other]) => [name, ...(other ?? [])]),
    ),
    enableAcceptEncodingBrotli: true,
    enableAcceptEncodingGzip: true,
  });
