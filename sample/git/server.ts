// Git's smart HTTP, gitprotocol-http(5), over sample repositories: what GitHub shows an anonymous
// client that reads.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type PackStyle, packBytes, USUAL_STYLE } from './pack.ts';
import { DELIMITER, FLUSH, type Packet, packet, readPackets, sideband } from './pkt-line.ts';
import { advertiseV0, advertiseV2, listRefs } from './refs.ts';
import type { SampleRepository } from './repository.ts';
import { type FetchRequest, isRefused, readFetchV0, readFetchV2 } from './request.ts';
import { commonCommits, isReady, type Selection, selectObjects } from './selection.ts';

export interface GitHandlerOptions {
  /** Answer for a repository that is not there; GitHub asks anonymous git to log in (401). */
  readonly absent?: 401 | 404;
  /** The number of refs after which a list ends, as if whole but for its flush packet. */
  readonly cutRefs?: (id: string) => number | undefined;
  readonly packStyle?: (id: string) => PackStyle;
  /** Repositories that are refused as GitHub refuses one that it has taken down. */
  readonly closed?: (id: string) => boolean;
}

export type GitHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  /** The path below the repository: `info/refs` or `git-upload-pack`. */
  rest: string,
) => Promise<void>;

/** A request says what it wants and what it has, 50 bytes a commit: more than this is a mistake. */
const MAX_REQUEST = 16 * 2 ** 20;

export function createGitHandler(
  find: (id: string) => Promise<SampleRepository | undefined>,
  options: GitHandlerOptions = {},
): GitHandler {
  return async (request, response, id, rest) => {
    const route = `${request.method} ${rest}`;
    const query = new URLSearchParams(request.url?.split('?')[1]);
    const reads = query.get('service') === 'git-upload-pack';
    if (options.closed?.(id)) {
      return refuse(response, 403, 'Repository unavailable due to DMCA takedown.\n');
    }
    const repository = await find(id);
    if (repository === undefined) return refuseAbsent(response, options.absent ?? 401);
    const cutAfter = options.cutRefs?.(id);
    if (route === 'GET info/refs' && reads) {
      const refs =
        speaksV2(request) && !hidesHead(repository)
          ? advertiseV2()
          : advertiseV0(repository, cutAfter);
      return reply(response, 'advertisement', refs);
    }
    if (route !== 'POST git-upload-pack') return refuse(response, 403, 'Reading with git only.');
    const body = await readBody(request);
    const packets = body === undefined ? undefined : readPackets(body);
    if (packets === undefined) return refuse(response, 400, 'Not a request of git.');
    const style = options.packStyle?.(id) ?? USUAL_STYLE;
    if (!speaksV2(request)) return answerV0(response, repository, packets, style);
    const { command, args } = readCommand(packets);
    if (command === 'ls-refs' && hidesHead(repository)) {
      return refuse(response, 400, 'Not a request of git.');
    }
    if (command === 'ls-refs') {
      return reply(response, 'result', listRefs(repository, args, cutAfter));
    }
    if (command === 'fetch') return answerV2(response, repository, args, style);
    return reply(response, 'result', packet(`ERR unknown command '${command}'`));
  };
}

/** Such a repository stands for an old server: its refs come by protocol v0, without HEAD. */
function hidesHead({ head, branches }: SampleRepository): boolean {
  return head === null && branches.size > 0;
}

function speaksV2(request: IncomingMessage): boolean {
  return String(request.headers['git-protocol'] ?? '')
    .split(':')
    .includes('version=2');
}

function readCommand(packets: readonly Packet[]): { command: string; args: string[] } {
  const line = (packet: Packet): string[] => (packet.kind === 'line' ? [packet.text] : []);
  const split = packets.findIndex(({ kind }) => kind === 'delimiter');
  const head = split < 0 ? packets : packets.slice(0, split);
  const command = head.flatMap(line).find((text) => text.startsWith('command='));
  return {
    command: command?.slice('command='.length) ?? '',
    args: split < 0 ? [] : packets.slice(split + 1).flatMap(line),
  };
}

async function answerV2(
  response: ServerResponse,
  repository: SampleRepository,
  args: readonly string[],
  style: PackStyle,
): Promise<void> {
  const fetch = readFetchV2(args);
  if (isRefused(fetch)) return reply(response, 'result', packet(`ERR ${fetch.message}`));
  if (fetch.wants.length === 0) return reply(response, 'result', FLUSH);
  const selection = selectObjects(repository, fetch, style.ignoreFilter);
  if (isRefused(selection)) return reply(response, 'result', packet(`ERR ${selection.message}`));
  const lead: Buffer[] = [];
  if (!fetch.done && fetch.haves.length > 0) {
    const common = commonCommits(repository, fetch);
    lead.push(packet('acknowledgments\n'));
    lead.push(...(common.length > 0 ? common.map((oid) => packet(`ACK ${oid}\n`)) : [nak()]));
    if (!isReady(repository, fetch)) {
      return reply(response, 'result', Buffer.concat([...lead, FLUSH]));
    }
    lead.push(packet('ready\n'), DELIMITER);
  }
  if (fetch.depth !== undefined || fetch.shallow.length > 0) {
    lead.push(packet('shallow-info\n'), ...shallowLines(selection), DELIMITER);
  }
  lead.push(packet('packfile\n'));
  await stream(response, packAnswer(lead, selection, style, fetch));
}

/** v0 over HTTP: every request repeats the wants; only the one that is done gets a pack. */
async function answerV0(
  response: ServerResponse,
  repository: SampleRepository,
  packets: readonly Packet[],
  style: PackStyle,
): Promise<void> {
  const fetch = readFetchV0(packets);
  if (isRefused(fetch)) return reply(response, 'result', packet(`ERR ${fetch.message}`));
  const selection = selectObjects(repository, fetch, style.ignoreFilter);
  if (isRefused(selection)) return reply(response, 'result', packet(`ERR ${selection.message}`));
  const lead = fetch.depth === undefined ? [] : [...shallowLines(selection), FLUSH];
  // A client that deepens first asks for the shallow lines alone, and then again with `done`.
  if (!fetch.done && fetch.haves.length === 0) {
    return reply(response, 'result', Buffer.concat(lead));
  }
  const [first] = commonCommits(repository, fetch);
  lead.push(first === undefined ? nak() : packet(`ACK ${first}\n`));
  if (!fetch.done) return reply(response, 'result', Buffer.concat(lead));
  await stream(response, packAnswer(lead, selection, style, fetch));
}

function nak(): Buffer {
  return packet('NAK\n');
}

function shallowLines({ shallow, unshallow }: Selection): Buffer[] {
  return [
    ...shallow.map((oid) => packet(`shallow ${oid}\n`)),
    ...unshallow.map((oid) => packet(`unshallow ${oid}\n`)),
  ];
}

function* packAnswer(
  lead: readonly Buffer[],
  { objects }: Selection,
  style: PackStyle,
  fetch: FetchRequest,
): Generator<Buffer> {
  yield Buffer.concat(lead);
  const pack = packBytes(objects, style, fetch.ofsDelta);
  if (!fetch.sideband) return yield* pack;
  if (fetch.progress) {
    yield* sideband(2, [Buffer.from(`Enumerating objects: ${objects.length}, done.\n`)]);
  }
  yield* sideband(1, pack);
  yield FLUSH;
}

/** Undefined when it is too long or not compressed as it says. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_REQUEST) return undefined;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_REQUEST });
  } catch {
    return undefined;
  }
}

function start(response: ServerResponse, what: 'advertisement' | 'result'): void {
  response.statusCode = 200;
  response.setHeader('Content-Type', `application/x-git-upload-pack-${what}`);
  response.setHeader('Cache-Control', 'no-cache, max-age=0, must-revalidate');
}

function reply(response: ServerResponse, what: 'advertisement' | 'result', body: Buffer): void {
  start(response, what);
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Waits for a slow client, and lets other requests in between. */
async function stream(response: ServerResponse, chunks: Iterable<Buffer>): Promise<void> {
  start(response, 'result');
  for (const chunk of chunks) {
    if (response.destroyed) return;
    if (response.write(chunk)) await setImmediate();
    else await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

function refuseAbsent(response: ServerResponse, status: 401 | 404): void {
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="GitHub"');
  refuse(response, status, 'Repository not found.');
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain');
  response.end(text);
}
