// `mirrorwatch serve`: opens the port and prints the address; ends with Ctrl-C.

import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ARCHIVES } from '../../archives/index.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { folderOf, STATUS_PATH } from '../../core/documents/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { Problem } from '../../core/problem.ts';
import { plain } from '../cli/format.ts';
import { errorCode } from '../problem.ts';
import { openBoards } from './boards.ts';
import { isLoopback } from './host.ts';
import type { ServeOptions } from './options.ts';
import { pageFolder } from './page.ts';
import { createSiteServer } from './server.ts';

/** @returns the exit code, once Ctrl-C has closed the server */
export async function serveCommand(
  options: ServeOptions,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  const site = await openSite(options, 1, archives);
  process.stdout.write(`Serving ${options.out} at ${site.url} (Ctrl-C ends it)\n`);
  return untilInterrupted(site);
}

export interface OpenSite {
  /** `http://127.0.0.1:8000/`, with `?archive=` if there are no results of the first archive. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param tries number of ports to try, from the given one on
 * @throws Problem if there are no results, no port, or no boards to open
 */
export async function openSite(
  options: ServeOptions,
  tries = 1,
  archives: readonly Archive[] = ARCHIVES,
): Promise<OpenSite> {
  const is = await stat(options.out).catch(() => undefined);
  if (!is?.isDirectory()) {
    throw new Problem(
      `there is no folder ${options.out}; start a run to create it, or name another with --out`,
    );
  }
  const { port, host } = options;
  const shown = await shownFirst(options.out, archives);
  const folders = { data: options.out, page: await pageFolder() };
  const boards =
    options.boards === undefined || !readBoardSettings(process.env).on
      ? null
      : await openBoards({
          ...{ boards: options.boards, boardsMaintenance: options.boardsMaintenance },
          isShared: !isLoopback(host),
          say: (text) => process.stderr.write(`${plain(text)}\n`),
        });
  const server = createSiteServer(folders, host, boards?.api);
  for (let at = port; ; at += 1) {
    try {
      await listen(server, at, host);
      break;
    } catch (error) {
      const taken = errorCode(error) === 'EADDRINUSE';
      if (taken && at + 1 < port + tries && at < 65_535) continue;
      await boards?.close();
      throw listenProblem(error, at, host);
    }
  }
  const { port: got } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${got}/${shown === archives[0] ? '' : `?archive=${shown?.id}`}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await boards?.close();
    },
  };
}

/** The first archive with a report in this folder; the first of the list if there is none. */
async function shownFirst(
  folder: string,
  archives: readonly Archive[],
): Promise<Archive | undefined> {
  for (const archive of archives) {
    const report = join(folder, folderOf(archive), STATUS_PATH);
    if (await stat(report).catch(() => undefined)) return archive;
  }
  return archives[0];
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function listenProblem(error: unknown, port: number, host: string): unknown {
  const code = errorCode(error);
  switch (code) {
    case 'EADDRINUSE':
      return new Problem(
        `port ${port} is in use; choose another one with --port, 0 for a free one`,
      );
    case 'EACCES':
      return new Problem(`port ${port} needs more rights; choose one above 1023 with --port`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Problem(`this machine has no address ${host}; --host 127.0.0.1 always works`);
    default:
      return error;
  }
}

/** Ctrl-C is the normal end of a server, not a failure. */
export async function untilInterrupted(site: OpenSite): Promise<number> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await site.close();
  return 0;
}
