// Two folders over HTTP: the results under /data/ and the page at /. Static files, read only, with
// the headers of the deployed site (lib/website/), compressed and in parts on request; curves, which
// are made from the results; and, if wanted, boards (boards.ts). Requests need a host name of this
// server (host.ts).

import { open, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fromRest, isCompressed } from '../../core/documents/at-rest.ts';
import { answerCurve } from '../../core/history/curve.ts';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import { systemClock } from '../../core/http/clock.ts';
import {
  BOARDS_HEADER,
  DATA_HEADERS,
  NOT_FOUND_PAGE,
  SITE_HEADERS,
} from '../../lib/website/answers.ts';
import { type BoardsApi, carry, isOfBoards } from './boards.ts';
import { acceptedEncoding, compressor, isCompressible } from './encoding.ts';
import { createHostCheck } from './host.ts';
import { partOf } from './range.ts';
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
  '.atom': 'application/atom+xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * @param host the host that the server will listen on
 * @param boards null for no boards
 */
export function createSiteServer(
  folders: SiteFolders,
  host: string,
  boards: BoardsApi | null = null,
): Server {
  const isOurs = createHostCheck(host);
  return createServer((request, response) => {
    setHeaders(response, SITE_HEADERS);
    if (!isOurs(request.headers.host)) {
      return refuse(response, 421, 'This server has another name; set it with --host.');
    }
    answer(folders, boards, request, response).catch(() => {
      // The client left, or the disk failed: a complete answer is impossible.
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'This file cannot be read.');
    });
  });
}

async function answer(
  folders: SiteFolders,
  boards: BoardsApi | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  if (boards !== null && isOfBoards(path)) return carry(boards, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD are answered here.');
  }
  if (path === CURVE_PATH) return sendCurve(folders.data, query.join('?'), request, response);
  const isData = path.startsWith('/data/');
  if (isData) setHeaders(response, { ...DATA_HEADERS, ...(boards && BOARDS_HEADER) });
  const names = plainNames(path === '/' ? '/index.html' : path);
  const below = isData ? names?.slice(1) : names;
  const found = below && (await findFile(isData ? folders.data : folders.page, below));
  if (found && (isData || path !== `/${NOT_FOUND_PAGE}`)) {
    return send(request, response, found);
  }
  // A missing document is no page, nor is a missing script; any other address gets a way back.
  if (isData || path.startsWith('/assets/')) return refuse(response, 404, 'There is no such file.');
  const page = await findFile(folders.page, [NOT_FOUND_PAGE]);
  response.writeHead(404, { 'content-type': TYPES['.html'], 'cache-control': 'no-store' });
  response.end(page && request.method === 'GET' ? await readFile(page.path) : undefined);
}

/** An API is read by scripts and pages of others, as the results are. */
async function sendCurve(
  data: string,
  query: string,
  { method, headers: { 'if-none-match': known } }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = async (path: string): Promise<unknown> => {
    const found = await findFile(data, path.split('/'));
    return found ? JSON.parse(fromRest(await readFile(found.path)).toString()) : undefined;
  };
  const port = { read, clock: systemClock };
  const { status, headers, body } = await answerCurve(new URLSearchParams(query), port, known);
  setHeaders(response, DATA_HEADERS);
  response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body);
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
): Promise<void> {
  const { size, path, modified } = found;
  const type = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const file = await open(path, 'r');
  try {
    const stored = isCompressed((await file.read(Buffer.alloc(2), 0, 2, 0)).buffer);
    const compressible = stored || isCompressible(type, size);
    const range = request.method === 'GET' && !stored ? rangeFor(request, found) : undefined;
    const part = partOf(range, size);
    // Parts are of the uncompressed file: a part of a compressed one is unusable.
    const encoding =
      compressible && part === 'whole'
        ? acceptedEncoding(request.headers['accept-encoding'], stored ? ['gzip'] : undefined)
        : null;
    const asStored = stored === (encoding !== null);
    // Another encoding of the file needs another etag (RFC 9110, 8.8.3.3).
    const etag = encoding === null ? found.etag : found.etag.replace(/"$/, `-${encoding}"`);
    response.setHeader('etag', etag);
    // A run may write into the folder at any time: a browser asks again, by ETag.
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('last-modified', modified.toUTCString());
    if (!stored) response.setHeader('accept-ranges', 'bytes');
    if (compressible) response.setHeader('vary', 'accept-encoding');
    if (names304(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return;
    }
    if (part === 'none') {
      response.setHeader('content-range', `bytes */${size}`);
      return refuse(response, 416, 'The file ends before that.');
    }
    const { first, last } = part === 'whole' ? { first: 0, last: size - 1 } : part;
    response.writeHead(part === 'whole' ? 200 : 206, {
      'content-type': type,
      ...(asStored && { 'content-length': last - first + 1 }),
      ...(encoding && { 'content-encoding': encoding }),
      ...(part !== 'whole' && { 'content-range': `bytes ${first}-${last}/${size}` }),
    });
    if (request.method === 'HEAD' || size === 0) return void response.end();
    // A run may replace the file meanwhile; the opened file stays unchanged.
    const bytes = file.createReadStream({ autoClose: false, start: first, end: last });
    if (asStored) await pipeline(bytes, response);
    else if (encoding === null) await pipeline(bytes, createGunzip(), response);
    else await pipeline(bytes, compressor(encoding, size), response);
  } finally {
    await file.close();
  }
}

/** With `If-Range` a part is valid only if the client's copy is of this file version. */
function rangeFor({ headers }: IncomingMessage, { etag }: Found): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === etag ? headers.range : undefined;
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
