// Boards in a store of some kind, with a clock that a test moves. Every route and status that is
// answered is noted.

import { createHash } from 'node:crypto';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { ApiAnswer, ApiRequest } from '../../boards/answers.ts';
import { evictToTarget } from '../../boards/evict.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import { memoryStore } from '../../boards/indexed-store.ts';
import { type Limiter, memoryLimiter } from '../../boards/limiter.ts';
import { ADDRESSES, type Address, matchRoute } from '../../boards/routes.ts';
import { type BoardSettings, readBoardSettings } from '../../boards/settings.ts';
import type { BoardStore } from '../../boards/store.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { type ManualClock, manualClock } from '../support/clock.ts';

export const VOCABULARY = vocabularyOf([openneuro]);

export interface Saved {
  readonly id: string;
  readonly key: string | undefined;
  readonly etag: string;
}

export interface Question {
  /** Text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly client?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly json: any;
}

export interface WorldOptions extends Partial<BoardSettings> {
  readonly wrap?: (store: BoardStore) => BoardStore;
  /** @default true */
  readonly mayMaintain?: boolean;
}

/** What carries the API of one store. */
export interface Carrier {
  ask(request: ApiRequest, body: Uint8Array): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface Backend {
  readonly store: BoardStore;
  readonly limiter: Limiter;
  /** @default the handler is called */
  readonly carry?: (handle: (request: ApiRequest) => Promise<ApiAnswer>) => Promise<Carrier>;
  readonly close?: () => Promise<void>;
}

/** `route status` of all answers so far; those of an older path begin with `older`. */
export const seen = new Set<string>();

export const memoryBackend = async (): Promise<Backend> => ({
  store: memoryStore(),
  limiter: memoryLimiter(),
});

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld(
  makeBackend: (clock: ManualClock) => Promise<Backend>,
  { wrap = (store) => store, mayMaintain = true, ...changes }: WorldOptions = {},
) {
  const clock = manualClock();
  const backend = await makeBackend(clock);
  const store = wrap(backend.store);
  const settings = { ...readBoardSettings(), ...changes };
  const faults: unknown[] = [];
  const ports = { store, settings, clock };
  let made = 0;
  const handle = createBoardsApi({
    ...ports,
    vocabulary: VOCABULARY,
    limiter: backend.limiter,
    random: (bytes) => createHash('shake256', { outputLength: bytes }).update(`${made++}`).digest(),
    mayMaintain: () => mayMaintain,
    evictLater: async () => void (await evictToTarget(ports, null, () => false)),
    onFault: (_, error) => faults.push(error),
  });
  const carrier = (await backend.carry?.(handle)) ?? {
    ask: async (request: ApiRequest) => handle(request),
    close: async () => {},
  };

  async function ask(method: string, target: string, question: Question = {}): Promise<Answered> {
    const { body, headers = {}, client = null } = question;
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const bytes = Buffer.from(text);
    const [path = '', query] = target.split('?');
    const request: ApiRequest = {
      ...{ method, path, client, query: new URLSearchParams(query) },
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: async (most) => (bytes.length > most ? null : bytes),
    };
    const answered = await carrier.ask(request, bytes);
    const matched = matchRoute(method, path);
    if (matched !== null && 'route' in matched) seen.add(seenAs(matched, answered.status));
    refuseWrongHeaders(answered);
    const json = answered.body === '' ? undefined : JSON.parse(answered.body);
    return { status: answered.status, headers: answered.headers, text: answered.body, json };
  }

  return {
    ...{ store, clock, settings, faults, ask },

    async save(board: unknown = BOARD): Promise<Saved> {
      const { status, json, headers } = await ask('POST', '/api/boards', { body: board });
      if (status !== 201) throw new Error(`not saved: ${status} ${JSON.stringify(json)}`);
      return { id: json.id, key: json.editKey, etag: headers.etag as string };
    },
    /** With the key, if there is one. */
    change(method: string, { id, key }: Saved, question: Question = {}) {
      const headers = { ...question.headers, ...(key && { authorization: `Bearer ${key}` }) };
      return ask(method, `/api/boards/${id}`, { ...question, headers });
    },
    async close(): Promise<void> {
      await carrier.close();
      await backend.close?.();
    },
  };
}

const seenAs = ({ route, isOlder }: Pick<Address, 'route' | 'isOlder'>, status: number) =>
  `${isOlder ? 'older ' : ''}${route.id} ${status}`;

/** What every answer has. @throws Error so that no test passes without them */
function refuseWrongHeaders({ status, headers }: ApiAnswer): void {
  const has: readonly [string, RegExp][] = [
    ['cache-control', /^(?:no-store|max-age=3600)$/],
    ['x-content-type-options', /^nosniff$/],
    ['x-robots-tag', /^noindex$/],
    ['access-control-allow-origin', /^\*$/],
    ['access-control-expose-headers', /etag.*location.*retry-after/],
  ];
  const wrong = has.filter(([name, value]) => !value.test(headers[name] ?? ''));
  if (wrong.length > 0 || 'access-control-allow-credentials' in headers) {
    throw new Error(`${status} has wrong headers: ${JSON.stringify(headers)}`);
  }
}

/** Routes and statuses that no test has seen. At an older path, the first one is enough. */
export const unseen = (): string[] =>
  ADDRESSES.flatMap((address) => {
    const { statuses } = address.route;
    const wanted = address.isOlder ? statuses.slice(0, 1) : statuses;
    return wanted.map((status) => seenAs(address, status));
  }).filter((one) => !seen.has(one));

/** The example of docs/boards.md, in canonical order. */
export const BOARD = {
  schemaVersion: 1,
  title: 'Broken exports I look after',
  notes: 'Asked the owner on Monday.',
  view: {
    archive: 'openneuro',
    status: ['error'],
    issue: ['s3Files:files-missing'],
    unverified: false,
    q: '',
    sort: 'missing',
    descending: true,
  },
  columns: ['status', 'id', 'latest', 'export', 'missing', 'since'],
  pinned: ['openneuro:ds000117'],
  widgets: [
    {
      kind: 'curve',
      id: 'w1',
      title: 'Errors',
      layout: { x: 0, y: 0, w: 6, h: 4 },
      series: ['openneuro.overall.error', 'openneuro.dataset.ds000117.overall'],
      plot: { range: '90d', scaling: 'linear', min: null, max: null, bins: 90 },
    },
    { kind: 'note', id: 'w2', layout: { x: 6, y: 0, w: 6, h: 4 }, text: 'ä < b' },
  ],
} as const;

/** A board whose canonical form has so many bytes. */
export function boardOf(bytes: number): object {
  const small = { schemaVersion: 1, title: 'Of some size', notes: '', view: {} };
  const notes = 'n'.repeat(bytes - Buffer.byteLength(JSON.stringify(small)));
  if (notes.length > 4000) throw new Error('notes are shorter');
  return { ...small, notes };
}
