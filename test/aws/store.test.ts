// The store on AWS, against the emulator.

import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { type AwsPlace, awsStoreSuite } from '../store/aws-suite.ts';
import { clients } from './clients.ts';

const { s3, dynamo } = clients();

async function place(): Promise<AwsPlace> {
  const name = `store-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await dynamo.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  return {
    s3,
    dynamo,
    bucket: name,
    table: name,
    async destroy() {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: name }));
      const objects = (page.Contents ?? []).map(({ Key }) => ({ Key }));
      if (objects.length > 0) {
        await s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects: objects } }));
      }
      await dynamo.send(new DeleteTableCommand({ TableName: name }));
    },
  };
}

awsStoreSuite('an emulator', place);
