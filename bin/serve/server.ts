// Two folders over HTTP: the results under /data/ and the page at /. Static files, read only, with
// the headers that the deployed site sends as well (architecture.md section 6).

import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { documentKind } from '../../core/model/paths.ts';
import { type Found, findFile, plainNames } from './resolve.ts';

export interface SiteFolders {
  readonly data: string;
  readonly page: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** HSTS is left out: over plain HTTP it must not be sent (RFC 6797, section 7.2). */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const MUTABLE = 'public, max-age=60';
const IMMUTABLE = 'public, max-age=31536000, immutable';

export function createSiteServer(folders: SiteFolders): Server {
  return createServer((request, response) => {
    answer(folders, request, response).catch(() => {
      // The client went away, or the disk failed: nothing whole can follow.
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'This file cannot be read.');
    });
  });
}

async function answer(
  folders: SiteFolders,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD are answered here.');
  }
  const [path = ''] = (request.url ?? '').split('?');
  const names = plainNames(path === '/' ? '/index.html' : path);
  if (names === null) return refuse(response, 404, 'There is no such file.');
  const isData = names[0] === 'data';
  const below = isData ? names.slice(1) : names;
  const found = await findFile(isData ? folders.data : folders.page, below);
  if (found === null) return refuse(response, 404, 'There is no such file.');
  await send(request, response, found, isData ? dataCaching(below.join('/')) : 'no-cache');
}

/** What a snapshot was never changes; everything else may change with the next run. */
function dataCaching(path: string): string {
  const kind = documentKind(path);
  return kind === 'metadata' || kind === 'files' ? IMMUTABLE : MUTABLE;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  caching: string,
): Promise<void> {
  response.setHeader('etag', found.etag);
  response.setHeader('cache-control', caching);
  response.setHeader('last-modified', found.modified.toUTCString());
  if (names304(request.headers['if-none-match'], found.etag)) {
    response.writeHead(304).end();
    return;
  }
  const type = TYPES[extname(found.path).toLowerCase()] ?? 'application/octet-stream';
  const headers = { 'content-type': type, 'content-length': found.size };
  if (request.method === 'HEAD') {
    response.writeHead(200, headers).end();
    return;
  }
  const file = await open(found.path, 'r');
  try {
    response.writeHead(200, headers);
    // A run may replace the file meanwhile; the opened one stays as it was.
    if (found.size === 0) response.end();
    else await pipeline(file.createReadStream({ autoClose: false, end: found.size - 1 }), response);
  } finally {
    await file.close();
  }
}

function names304(asked: string | undefined, etag: string): boolean {
  if (asked === undefined) return false;
  return asked.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '');
    return tag === '*' || tag === etag;
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${text}\n`);
}
