// Removes versions of functions that no run needs any more. It is a custom resource of
// CloudFormation, called after a deployment with new versions.

import { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { customResourceSchema, respond } from './cloudformation.ts';
import { removeOldVersions } from './versions.ts';

const eventSchema = customResourceSchema.extend({
  ResourceProperties: z.object({ Versions: z.array(z.string()) }),
});

const lambda = new LambdaClient();

export async function handler(input: unknown): Promise<void> {
  const event = eventSchema.parse(input);
  if (event.RequestType !== 'Delete') {
    // The next deployment tries again, so a failure is no reason to undo this one.
    await removeOldVersions(lambda, event.ResourceProperties.Versions, new Date()).catch((error) =>
      console.error(error),
    );
  }
  await respond(event, { status: 'SUCCESS' });
}
