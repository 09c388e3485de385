// SDK clients for the endpoint under test.

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { trust } from './emulator.ts';

const certificate = inject('awsCertificate');
if (certificate) trust(certificate);

export function clients() {
  const env = inject('awsEnv');
  const common = {
    // A test writes a thousand records at once; their waiting for a socket is expected.
    requestHandler: { socketAcquisitionWarningTimeout: 120_000 },
    endpoint: env.AWS_ENDPOINT_URL as string,
    region: env.AWS_REGION as string,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY as string,
    },
  };
  return {
    s3: new S3Client({ ...common, forcePathStyle: true }),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(common)),
    sfn: new SFNClient(common),
    lambda: new LambdaClient(common),
    sns: new SNSClient(common),
    sqs: new SQSClient(common),
    logs: new CloudWatchLogsClient(common),
    cloudwatch: new CloudWatchClient(common),
    cloudformation: new CloudFormationClient(common),
  };
}
