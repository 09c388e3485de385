// Git's own HTTP server (`git http-backend`, a CGI program) on loopback, and git as a function.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Neither the machine's nor a user's configuration, and the same commit ids on every run. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
};

export const hasGit = ((): boolean => {
  try {
    const programs = execFileSync('git', ['--exec-path'], { env: ENVIRONMENT }).toString().trim();
    return existsSync(`${programs}/git-http-backend`);
  } catch {
    return false;
  }
})();

export interface Git {
  /** Its output without the last newline. */
  (args: readonly string[], input?: string | Buffer): string;
  raw(args: readonly string[], input?: string | Buffer): Buffer;
}

export function gitIn(folder: string): Git {
  mkdirSync(folder, { recursive: true });
  const raw = (args: readonly string[], input: string | Buffer = '') =>
    execFileSync('git', args, {
      cwd: folder,
      env: ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'ignore'],
      input,
      maxBuffer: 1 << 26,
    });
  const git = (args: readonly string[], input?: string | Buffer) =>
    raw(args, input).toString().replace(/\n$/, '');
  return Object.assign(git, { raw });
}

export async function serveGit(root: string) {
  let asked: string[] = [];
  let late: { readonly protocol: string | undefined } | undefined;
  const server = createServer((request, response) => {
    asked.push(request.method ?? '');
    const isFirst = asked.length === 1;
    if (late && isFirst) response.end('hello');
    else runBackend({ root, ...late }, request, response);
  });
  // On a busy machine a test may pause for longer than the five seconds that Node keeps a connection.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on: the first request gets no git answer, the others one in this version. */
    firstPostFails(protocol: string | undefined) {
      asked = [];
      late = { protocol };
    },
    /** Methods of the requests since then. */
    asked: () => asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

export interface Backend {
  /** Folder of the repositories. */
  readonly root: string;
  /** Path and query below the root; by default the request's own. */
  readonly address?: string;
  /** The protocol version that the server is told; by default the client's. */
  readonly protocol?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** Answers with `git http-backend`, a CGI program (gitprotocol-http). */
export function runBackend(
  { root, address, env = ENVIRONMENT, ...told }: Backend,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(address ?? request.url ?? '/', 'http://127.0.0.1');
  const protocol =
    'protocol' in told ? told.protocol : String(request.headers['git-protocol'] ?? '');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      ...(protocol && { GIT_PROTOCOL: protocol }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    for (const line of output.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(': ', 2);
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else if (name !== '') response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
  // A backend that has its answer may end before it has read the whole request.
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
}
