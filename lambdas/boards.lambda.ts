// `/api/boards`: CloudFront passes requests on to this function's URL. It may not maintain boards,
// whoever asks.

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { ApiAnswer } from '../boards/answers.ts';
import { openApi } from './boards/open.ts';
import { BOARDS_ENVIRONMENT, VIEWER_HEADERS } from './names.ts';

/** The part of a function URL's event that we use (payload format 2.0). */
const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string() }) }),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const lambda = new LambdaClient();
const handle = openApi({
  async evictLater() {
    const FunctionName = process.env[BOARDS_ENVIRONMENT.evict];
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
  },
});

export async function handler(input: unknown) {
  const { rawPath: path, requestContext, headers, ...event } = eventSchema.parse(input);
  const { method, sourceIp } = requestContext.http;
  const { [VIEWER_HEADERS.address]: address, [VIEWER_HEADERS.authorization]: key } = headers;
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  const answered = await handle({
    ...{ method, path, query: new URLSearchParams(event.rawQueryString) },
    // The other `Authorization` is the signature of the request.
    headers: { ...headers, authorization: key },
    client: address ?? sourceIp,
    body: async (most) => (bytes.length > most ? null : bytes),
  });
  return toUrl(answered);
}

const toUrl = ({ status, headers, body }: ApiAnswer) => ({ statusCode: status, headers, body });
