// Requests to the URL of a function, signed as CloudFront signs them. The emulator has such URLs
// below its own address.

import { GetFunctionUrlConfigCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { inject } from 'vitest';
import { clients } from './clients.ts';

export interface SignedRequest {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default true */
  readonly isSigned?: boolean;
}

/** @param stack whose functions are asked: there may be others in the account */
export function askFunctions(stack: string) {
  const { lambda } = clients();
  const hosts = new Map<string, string>();

  async function hostOf(description: string): Promise<string> {
    const known = hosts.get(description);
    if (known !== undefined) return known;
    const FunctionName = await nameOf(description);
    const config = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    const [host = ''] = new URL(config.FunctionUrl as string).hostname.split('.');
    hosts.set(description, host);
    return host;
  }

  /** @param description how the function's begins */
  async function nameOf(description: string): Promise<string> {
    for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
      const found = Functions.find(
        ({ FunctionName = '', Description = '' }) =>
          FunctionName.startsWith(`${stack}-`) && Description.startsWith(description),
      );
      if (found !== undefined) return found.FunctionName as string;
    }
    throw new Error(`the stack ${stack} has no function ${description}`);
  }

  async function ask(description: string, request: SignedRequest): Promise<Response> {
    const { method = 'GET', path, query = {}, headers: own = {}, body, isSigned = true } = request;
    const url = new URL(inject('awsEnv').AWS_ENDPOINT_URL as string);
    url.pathname = `/_aws/lambda-url/${await hostOf(description)}${path}`;
    const signer = await lambda.config.signer();
    const { protocol, hostname, port, pathname } = url;
    const plain = {
      ...{ method, protocol, hostname, port: Number(port), path: pathname, query },
      headers: { host: url.host, ...own },
      ...(body !== undefined && { body }),
    };
    const { headers } = isSigned ? await signer.sign(plain) : plain;
    url.search = new URLSearchParams(query).toString();
    return fetch(url, { method, headers, ...(body !== undefined && { body }) });
  }

  return { nameOf, ask };
}
