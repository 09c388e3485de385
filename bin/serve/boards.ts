// Boards of `mirrorwatch serve --boards FOLDER`: the API over a folder, carried by Node's server.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ARCHIVES } from '../../archives/index.ts';
import type { ApiAnswer, ApiRequest } from '../../boards/answers.ts';
import { isKeyOf, sha256 } from '../../boards/digest.ts';
import { evictToTarget } from '../../boards/evict.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { bearerOf } from '../../boards/ports.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import { systemClock } from '../../core/http/clock.ts';
import { Problem } from '../../core/problem.ts';
import { openFolderBoards } from '../boards/folder-store.ts';
import { fileProblem } from '../problem.ts';

export type BoardsApi = (request: ApiRequest) => Promise<ApiAnswer>;

export interface OpenBoards {
  readonly api: BoardsApi;
  close(): Promise<void>;
}

export interface BoardsOptions {
  readonly boards: string;
  /** File with the token of maintenance. @default nobody may maintain */
  readonly boardsMaintenance?: string | undefined;
  /** Whether others than this machine may ask: then writes of a client are counted. */
  readonly isShared: boolean;
  readonly say: (text: string) => void;
}

const SHORTEST_TOKEN = 32;

/** @throws Problem if the folder or the token cannot be used, or a setting */
export async function openBoards({
  boards: folder,
  boardsMaintenance,
  isShared,
  say,
}: BoardsOptions): Promise<OpenBoards> {
  const settings = readBoardSettings(process.env);
  const tokenHash = boardsMaintenance ? await readToken(boardsMaintenance) : null;
  const { store, close } = await openFolderBoards(folder, {
    onUnreadable: (path) => say(`${path} is not a board; it stays as it is`),
  });
  const onFault = (doing: string, error: unknown) =>
    say(`boards: could not ${doing}: ${error instanceof Error ? error.message : String(error)}`);
  let evicting: Promise<unknown> | undefined;
  const evict = () =>
    evictToTarget({ store, settings }, null, () => false)
      .catch((error) => onFault('evict', error))
      .finally(() => {
        evicting = undefined;
      });
  const handle = createBoardsApi({
    ...{ store, settings, onFault },
    vocabulary: vocabularyOf(ARCHIVES),
    limiter: memoryLimiter(),
    clock: systemClock,
    random: randomBytes,
    mayMaintain: (request) => isKeyOf(tokenHash, bearerOf(request)),
    // Nobody waits for it.
    async evictLater() {
      evicting ??= evict();
    },
  });
  return {
    api: (request) => handle(isShared ? request : { ...request, client: null }),
    async close() {
      await evicting;
      await close();
    },
  };
}

async function readToken(file: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw fileProblem('read', file, error);
  }
  if (/^[\w~+/.=-]+$/.test(token) && token.length >= SHORTEST_TOKEN) return sha256(token);
  throw new Problem(
    `${file} holds no token of ${SHORTEST_TOKEN} or more letters and digits; openssl rand -hex 32 makes one`,
  );
}

/** Curves have an address of their own. */
export const isOfBoards = (path: string): boolean =>
  /^\/api(?:\/|$)/.test(path) && path !== CURVE_PATH;

/** Has a request of Node's server answered. */
export async function carry(
  api: BoardsApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  const { status, headers, body } = await api({
    ...{ method: request.method ?? '', path, query: new URLSearchParams(query.join('?')) },
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    client: request.socket.remoteAddress ?? null,
    body: (most) => readBody(request, most),
  });
  // What was not read is not waited for.
  if (!request.complete) response.setHeader('connection', 'close');
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 || status === 200 ? { 'content-length': bytes.length } : {};
  response.writeHead(status, { ...headers, ...length }).end(bytes);
}

async function readBody(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    length += piece.length;
    if (length > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
