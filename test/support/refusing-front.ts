// A proxy that refuses every request with credentials, as GitHub does with an expired token, and
// forwards all other requests.

import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RefusingFront extends AsyncDisposable {
  readonly url: string;
  /** Header `Authorization` of each request, in order; undefined if there was none. */
  readonly heard: (string | undefined)[];
}

/** @param origin of the upstream server, without a path */
export async function serveRefusing(origin: string, status: number): Promise<RefusingFront> {
  const heard: (string | undefined)[] = [];
  const server = createServer((question, answer) => {
    heard.push(question.headers.authorization);
    if (question.headers.authorization !== undefined) {
      question.resume();
      answer.writeHead(status, { 'content-type': 'text/plain', 'content-length': 4 }).end('Bad.');
      return;
    }
    const { method = 'GET', headers } = question;
    const behind = ask(new URL(question.url ?? '/', origin), { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    behind.on('error', () => answer.destroy());
    question.pipe(behind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
