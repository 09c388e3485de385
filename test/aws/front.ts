// Replaces CloudFront, which the emulator lacks: answers each request as the template's distribution
// says, with an object of the deployed bucket and its stored headers. It picks the behaviour by the
// path, runs that behaviour's function, adds its headers and compresses what CloudFront would.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf, templateOf } from '../lib/synthesize.ts';

export interface Front {
  /** `http://127.0.0.1:34567/` */
  readonly url: string;
  close(): Promise<void>;
}

/** Sizes that CloudFront compresses (Developer Guide, "Serve compressed files"). */
const LEAST_COMPRESSED = 1000;
const MOST_COMPRESSED = 10_000_000;

export async function startFront(s3: S3Client, bucket: string): Promise<Front> {
  const { rootObject, behaviourOf } = distributionOf(templateOf());
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://front');
    const { headers, handle } = behaviourOf(pathname);
    for (const [name, value] of headers) response.setHeader(name, value);
    const own = handle({ request: { method: request.method, uri: pathname } });
    if (own.statusCode !== undefined) {
      for (const [name, { value }] of Object.entries(own.headers ?? {})) {
        response.setHeader(name, value);
      }
      response.writeHead(own.statusCode).end(own.body?.data);
      return;
    }
    const key = decodeURIComponent(pathname.slice(1)) || rootObject;
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
      const { ContentType, CacheControl, ContentEncoding, ETag } = object;
      const compresses =
        ContentEncoding === undefined &&
        /\bgzip\b/.test(String(request.headers['accept-encoding'])) &&
        body.length >= LEAST_COMPRESSED &&
        body.length <= MOST_COMPRESSED;
      const encoding = compresses ? 'gzip' : ContentEncoding;
      response.writeHead(200, {
        ...(ContentType && { 'content-type': ContentType }),
        ...(CacheControl && { 'cache-control': CacheControl }),
        ...(encoding && { 'content-encoding': encoding }),
        ...(ETag && { etag: ETag }),
      });
      response.end(compresses ? gzipSync(body) : body);
    } catch (error) {
      const { $metadata, name } = error as Error & { $metadata?: { httpStatusCode?: number } };
      response.writeHead($metadata?.httpStatusCode ?? 500, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${name}</Code></Error>`);
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

interface Behaviour {
  /** All but HSTS, which must not be sent over plain HTTP (RFC 6797, §7.2). */
  readonly headers: ReadonlyMap<string, string>;
  /** The request as it goes on, or an answer of the function's own. */
  handle(event: object): {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, { readonly value: string }>>;
    readonly body?: { readonly data: string };
  };
}

function distributionOf(template: Template) {
  const [[, { Properties }]] = resourcesOf(template, 'AWS::CloudFront::Distribution') as [
    ReturnType<typeof resourcesOf>[number],
  ];
  const { DefaultRootObject, DefaultCacheBehavior, CacheBehaviors } = Properties.DistributionConfig;
  const usual = behaviour(template, DefaultCacheBehavior);
  const others = CacheBehaviors.map((one: Json) => ({
    prefix: `/${one.PathPattern.replace(/\*$/, '')}`,
    behaviour: behaviour(template, one),
  }));
  return {
    rootObject: DefaultRootObject as string,
    behaviourOf: (path: string): Behaviour =>
      others.find(({ prefix }: { prefix: string }) => path.startsWith(prefix))?.behaviour ?? usual,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
type Json = any;

function behaviour(template: Template, of: Json): Behaviour {
  const policy = ofType(
    template,
    'AWS::CloudFront::ResponseHeadersPolicy',
    of.ResponseHeadersPolicyId.Ref,
  );
  const {
    SecurityHeadersConfig: security,
    CustomHeadersConfig: custom,
    CorsConfig: cors,
  } = policy.ResponseHeadersPolicyConfig;
  const headers = new Map<string, string>([
    ['content-security-policy', security.ContentSecurityPolicy.ContentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', security.FrameOptions.FrameOption],
    ['referrer-policy', security.ReferrerPolicy.ReferrerPolicy],
    ...custom.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value]),
    ...(cors ? [['access-control-allow-origin', cors.AccessControlAllowOrigins.Items[0]]] : []),
  ]);
  const [association] = of.FunctionAssociations ?? [];
  if (association === undefined) return { headers, handle: () => ({}) };
  const [id] = association.FunctionARN['Fn::GetAtt'];
  const { FunctionCode } = ofType(template, 'AWS::CloudFront::Function', id);
  const context: { handler?: Behaviour['handle'] } = {};
  runInNewContext(FunctionCode, context);
  return { headers, handle: context.handler as Behaviour['handle'] };
}

const ofType = (template: Template, type: string, id: string): Json =>
  resourcesOf(template, type).find(([name]) => name === id)?.[1].Properties;
