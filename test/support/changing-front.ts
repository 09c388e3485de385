// A proxy that forwards all requests and may change the answers, like a registry that lies or a box
// on the way that rewrites.

import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ChangingFront extends AsyncDisposable {
  readonly url: string;
}

/** The original text of an answer, and its replacement. */
export type Change = (body: string, question: string) => string;

/** @param url of the server behind it; its path is kept */
export async function serveChanged(url: string, change: Change): Promise<ChangingFront> {
  const { origin, pathname } = new URL(url);
  const server = createServer(async (question, answer) => {
    const asked = await buffer(question);
    const { method = 'GET', headers } = question;
    const { 'accept-encoding': _packed, ...plain } = headers;
    const behind = ask(new URL(question.url ?? '/', origin), { method, headers: plain });
    behind.on('error', () => answer.destroy());
    behind.on('response', async (got: IncomingMessage) => {
      const body = Buffer.from(change((await buffer(got)).toString(), asked.toString()));
      const { 'transfer-encoding': _chunks, ...kept } = got.headers;
      answer.writeHead(got.statusCode ?? 500, { ...kept, 'content-length': body.length });
      answer.end(body);
    });
    behind.end(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
