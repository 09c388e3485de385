// The server of `mirrorwatch serve --boards`, over documents in memory and a new folder of boards. A
// test sees what the page asks it, and can have it answer otherwise.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BoardsApi, openBoards } from '../../../bin/serve/boards.ts';
import { createSiteServer } from '../../../bin/serve/server.ts';
import type { ApiAnswer, ApiRequest } from '../../../boards/answers.ts';
import { ARCHIVES_PATH } from '../../../core/documents/paths.ts';
import { ONE_ARCHIVE, type TestServer } from './server.ts';

export interface AskedApi {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface BoardsSite extends TestServer {
  /** Requests to the API, the newest last. */
  readonly asked: AskedApi[];
  /** Answers in place of the API, while it returns something. */
  instead: (request: ApiRequest) => ApiAnswer | null;
  /** Asks the API, as a script would. */
  api(method: string, path: string, body?: unknown, key?: string): Promise<ApiJson>;
}

export interface ApiJson {
  readonly status: number;
  readonly etag: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly json: any;
}

/** Token of maintenance. */
const TOKEN = 'maintenance-of-the-browser-tests-0123';

/**
 * @param documents path below data/ → text
 * @returns starts it over the page in a folder
 */
export const boardsSite =
  (documents: ReadonlyMap<string, string>, options: { readonly boards?: boolean } = {}) =>
  async (site: string): Promise<BoardsSite> => {
    const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
    for (const [path, text] of [[ARCHIVES_PATH, ONE_ARCHIVE] as const, ...documents]) {
      const file = join(folder, 'data', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const token = join(folder, 'token');
    await writeFile(token, TOKEN);
    const open = await openBoards({
      ...{ boards: join(folder, 'boards'), boardsMaintenance: token, isShared: false },
      say: (text) => console.log(text),
    });
    const asked: AskedApi[] = [];
    const api: BoardsApi = async (request) => {
      const bytes = await request.body(1e6);
      const { method, path, headers } = request;
      asked.push({ method, path, headers, body: Buffer.from(bytes ?? []).toString() });
      return self.instead(request) ?? open.api({ ...request, body: async () => bytes });
    };
    const folders = { data: join(folder, 'data'), page: site };
    const server = createSiteServer(folders, '127.0.0.1', options.boards === false ? null : api);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const self: BoardsSite = {
      ...{ origin, asked, answers: [], instead: () => null },
      address: () => `${origin}/`,
      async api(method, path, body, key = TOKEN) {
        const response = await fetch(`${origin}/api/${path}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const etag = response.headers.get('etag') ?? '';
        return { status: response.status, etag, json: await response.json() };
      },
      async close() {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
        await open.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
    return self;
  };
