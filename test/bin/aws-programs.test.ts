// The commands of a deployed monitor as programs of their own: what they refuse before they ask AWS.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mirrorwatch, ROOT, start } from './cli.ts';

test.each([
  [['rerun', '--datasets', '../x'], 'is no dataset id'],
  [['rerun', '--stages', 'check-svn'], 'is no stage'],
  [['status', '--last', '0'], 'whole number from 1'],
])('%j is refused before AWS is asked', async (args, words) => {
  const { code, stderr } = await mirrorwatch(args);
  expect(stderr).toContain(words);
  expect(code).toBe(2);
});

describe('npm run deploy', () => {
  /** As AWS answers a key that was revoked. */
  const aws = createServer((_, response) =>
    response.writeHead(403, { 'content-type': 'text/xml' }).end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>
       <Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>`,
    ),
  );
  let endpoint: string;
  beforeAll(async () => {
    aws.listen(0, '127.0.0.1');
    await once(aws, 'listening');
    endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  });
  afterAll(() => aws.close());

  const nobody = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const key = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };

  test.each([
    ['no region is set', {}, 'set AWS_REGION'],
    ['there are no credentials', { AWS_REGION: 'eu-west-1' }, 'there are no AWS credentials'],
    ['they are not valid', { AWS_REGION: 'eu-west-1', ...key }, 'not valid (any more)'],
  ])('says at once that %s, before CDK begins', async (_, given, words) => {
    const script = join(ROOT, 'scripts/deploy.ts');
    const env = { ...nobody, AWS_ENDPOINT_URL: endpoint, ...given };
    const { code, stdout, stderr } = await start([], { script, env }).ended;
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(words)]);
    expect(stdout).toBe('');
  });
});
