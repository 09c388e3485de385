// Serves the built page with worlds of data as the deployed site does: the exact headers of
// docs/architecture.md, compression, and every world under its own path, so that the page is always
// tested below a sub-path.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ARCHIVES_PATH } from '../../../core/documents/paths.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';

/** Path below data/ → text; undefined if there is no such document. */
export type World = (path: string) => Promise<string | undefined> | string | undefined;

export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Whoever publishes is listed: a world that says nothing is of this archive. */
export const ONE_ARCHIVE = JSON.stringify({
  schemaVersion: SCHEMA_VERSION,
  archives: [{ id: 'openneuro', name: 'OpenNeuro', origin: 'live', folder: '' }],
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** One that was found. */
export interface Answer {
  /** Below the world's address: `data/status.json`. */
  readonly path: string;
  readonly status: 200 | 304;
}

export interface TestServer {
  /** Address of a world's page: `{origin}/worlds/{name}/`. */
  readonly address: (world: string) => string;
  readonly origin: string;
  /** Of all worlds, the newest last. */
  readonly answers: readonly Answer[];
  readonly close: () => Promise<void>;
}

export async function serve(
  site: string,
  worlds: Readonly<Record<string, World>>,
): Promise<TestServer> {
  const answers: Answer[] = [];
  const compressed = new Map<string, { readonly text: string | Buffer; readonly gzip: Buffer }>();
  /** What is the same as last time is not compressed again, as on a content delivery network. */
  const gzip = (name: string, text: string | Buffer): Buffer => {
    const last = compressed.get(name);
    if (last?.text === text) return last.gzip;
    const made = { text, gzip: gzipSync(text) };
    compressed.set(name, made);
    return made.gzip;
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://test');
    const [, world, path] = /^\/worlds\/([a-z-]+)\/(.*)$/.exec(pathname) ?? [];
    const found = world && worlds[world] ? await read(site, worlds[world], path ?? '') : undefined;
    const type = TYPES[extname(path || 'index.html')] ?? 'text/plain';
    if (found === undefined) {
      response.writeHead(404, { ...HEADERS, 'content-type': 'text/plain' });
      response.end('not found');
      return;
    }
    const hashed = path?.startsWith('assets/') ?? false;
    const etag = `"${createHash('md5').update(found).digest('hex')}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    answers.push({ path: path ?? '', status: isKnown ? 304 : 200 });
    response.writeHead(isKnown ? 304 : 200, {
      etag,
      ...HEADERS,
      'content-type': type,
      'content-encoding': 'gzip',
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
    });
    response.end(isKnown ? undefined : gzip(pathname, found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    answers,
    address: (world) => `${origin}/worlds/${world}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function read(
  site: string,
  world: World,
  path: string,
): Promise<string | Buffer | undefined> {
  const decoded = decodeURIComponent(path);
  if (decoded === `data/${ARCHIVES_PATH}`) return (await world(ARCHIVES_PATH)) ?? ONE_ARCHIVE;
  if (decoded.startsWith('data/')) return world(decoded.slice('data/'.length));
  const file = normalize(join(site, decoded === '' ? 'index.html' : decoded));
  if (!file.startsWith(site)) return undefined;
  return readFile(file).catch(() => undefined);
}

/** A world in a folder on disk. */
export function folderWorld(folder: string): World {
  return (path) => {
    const file = normalize(join(folder, path));
    if (!file.startsWith(folder)) return undefined;
    return readFile(file, 'utf8').catch(() => undefined);
  };
}

/** A world based on another: some documents are replaced, or (undefined) absent. */
export function changedWorld(
  world: World,
  changes: Readonly<Record<string, string | undefined>>,
): World {
  return (path) => (Object.hasOwn(changes, path) ? changes[path] : world(path));
}
