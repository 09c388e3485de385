// Replaces CloudFront, which the emulator lacks: answers each request with an object of the
// deployed bucket, its stored headers, and the security headers of the template.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { resourcesOf, templateOf } from '../lib/synthesize.ts';

export interface Front {
  /** `http://127.0.0.1:34567/` */
  readonly url: string;
  close(): Promise<void>;
}

export async function startFront(s3: S3Client, bucket: string): Promise<Front> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    const { pathname } = new URL(request.url ?? '/', 'http://front');
    const key = decodeURIComponent(pathname.slice(1)) || ROOT_OBJECT;
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
      const { ContentType, CacheControl, ETag } = object;
      response.writeHead(200, {
        ...(ContentType && { 'content-type': ContentType }),
        ...(CacheControl && { 'cache-control': CacheControl }),
        ...(ETag && { etag: ETag }),
      });
      response.end(body);
    } catch (error) {
      const { httpStatusCode } =
        (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      response.writeHead(httpStatusCode ?? 500).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const only = (type: string) => {
  const [[, { Properties }], ...others] = resourcesOf(templateOf(), type) as [
    ReturnType<typeof resourcesOf>[number],
  ];
  if (others.length > 0) throw new Error(`there are several of ${type}`);
  return Properties;
};

const ROOT_OBJECT: string = only('AWS::CloudFront::Distribution').DistributionConfig
  .DefaultRootObject;

/** All but HSTS, which must not be sent over plain HTTP (RFC 6797, §7.2). */
const SECURITY_HEADERS: ReadonlyMap<string, string> = (() => {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = only(
    'AWS::CloudFront::ResponseHeadersPolicy',
  ).ResponseHeadersPolicyConfig;
  return new Map([
    ['content-security-policy', security.ContentSecurityPolicy.ContentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', security.FrameOptions.FrameOption],
    ['referrer-policy', security.ReferrerPolicy.ReferrerPolicy],
    ...custom.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value]),
  ]);
})();
