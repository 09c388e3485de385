// `GET /api/history/curve`: CloudFront passes requests on to this function's URL. It reads the
// history in the bucket and nothing else.

import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { fromRest } from '../core/documents/at-rest.ts';
import { answerCurve } from '../core/history/curve.ts';
import { systemClock } from '../core/http/clock.ts';
import { ENVIRONMENT, PREFIXES } from './names.ts';
import { openObjects } from './store/objects.ts';

/** The part of a function URL's event that we use (payload format 2.0). */
const eventSchema = z.object({
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
});

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Emulators have no separate host name for each bucket.
const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
const objects = openObjects(s3, process.env[ENVIRONMENT.bucket] ?? '');

const read = async (path: string): Promise<unknown> => {
  const object = await objects.read(`${PREFIXES.data}${path}`);
  return object && JSON.parse(fromRest(object.bytes).toString());
};

export async function handler(input: unknown): Promise<Answer> {
  try {
    const { rawQueryString, headers: asked } = eventSchema.parse(input);
    const query = new URLSearchParams(rawQueryString);
    const port = { read, clock: systemClock };
    const { status, headers, body } = await answerCurve(query, port, asked['if-none-match']);
    return { statusCode: status, headers, body };
  } catch (error) {
    console.error(error);
    return {
      statusCode: 500,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body: JSON.stringify({ detail: 'The history cannot be read' }),
    };
  }
}
