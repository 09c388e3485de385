// Asks the API of boards (docs/boards.md). Every answer is a value, also none at all.

import { isObject } from './widget-document.ts';

/** Beside the page, wherever that is. */
const API = 'api/';

export interface Done {
  readonly kind: 'done';
  /** The board as it is stored, with its id. */
  readonly board: Readonly<Record<string, unknown>>;
  readonly etag: string;
  /** RFC 3339; null if it is not told. */
  readonly changedAt: string | null;
  /** Told once, when a board is made; absent where nobody needs a key. */
  readonly editKey?: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  /** The first place that the schema refuses, and why. */
  readonly error: { readonly path: string; readonly message: string } | null;
  readonly size: number | null;
  readonly max: number | null;
  /** Seconds. */
  readonly retryAfter: number | null;
}

/** `none`: something answered, but not the API. */
export type Answer = Done | Refused | { readonly kind: 'away' | 'none' };

export interface Question {
  readonly body?: unknown;
  readonly key?: string | undefined;
  readonly ifMatch?: string | undefined;
}

export const readBoardOf = (id: string): Promise<Answer> => ask('GET', `boards/${id}`);
export const createBoard = (body: unknown): Promise<Answer> => ask('POST', 'boards', { body });
export const replaceBoard = (id: string, question: Question): Promise<Answer> =>
  ask('PUT', `boards/${id}`, question);
export const deleteBoard = (id: string, key: string | undefined): Promise<Answer> =>
  ask('DELETE', `boards/${id}`, { key });
export const forkOf = (id: string, title: string): Promise<Answer> =>
  ask('POST', `boards/${id}/fork`, { body: { title } });

/** Whether boards can be saved here, and the store answers. */
export async function isThere(): Promise<boolean> {
  try {
    const response = await fetch(`${API}health`, { cache: 'no-store' });
    // An answer that is not read keeps its connection.
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

/** As in a board's address: the first digits of the hash of the stored board, which its ETag begins with. */
export const hashOf = (etag: string): string => /([0-9a-f]{12})[0-9a-f]{4}-/.exec(etag)?.[1] ?? '';

async function ask(method: string, path: string, question: Question = {}): Promise<Answer> {
  const { body, key, ifMatch } = question;
  const text = body === undefined ? '' : JSON.stringify(body);
  let status: number;
  let etag: string;
  let changedAt: string | null;
  let said: unknown;
  try {
    const response = await fetch(API + path, {
      method,
      cache: 'no-store',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && (await digestHeader(text))),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body: text }),
    });
    status = response.status;
    // A weak one is of the same bytes, compressed on the way.
    etag = (response.headers.get('etag') ?? '').replace(/^W\//, '');
    changedAt = instantOf(response.headers.get('last-modified'));
    said = await response.json().catch(() => null);
  } catch {
    return { kind: 'away' };
  }
  if (!isObject(said)) return { kind: status >= 500 ? 'away' : 'none' };
  if (status >= 300) return refusedBy(status, said);
  if (typeof said.id !== 'string') return { kind: 'none' };
  const editKey = typeof said.editKey === 'string' ? { editKey: said.editKey } : {};
  return { kind: 'done', board: said, etag, changedAt, ...editKey };
}

function instantOf(text: string | null): string | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function refusedBy(status: number, said: Readonly<Record<string, unknown>>): Answer {
  if (typeof said.detail !== 'string') return { kind: 'none' };
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  const first: unknown = Array.isArray(said.errors) ? said.errors[0] : null;
  const error = isObject(first)
    ? { path: String(first.path), message: String(first.message) }
    : null;
  const { size, max, retryAfter } = said;
  const numbers = { size: number(size), max: number(max), retryAfter: number(retryAfter) };
  return { kind: 'refused', status, error, ...numbers };
}

/**
 * CloudFront signs what it passes on, and AWS wants the hash of the body for that (docs/boards.md). A
 * page over plain HTTP, on another host than this machine, cannot make one: there is no CloudFront
 * before it.
 */
async function digestHeader(body: string): Promise<Readonly<Record<string, string>>> {
  if (!globalThis.crypto?.subtle) return {};
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  const hex = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0'));
  return { 'x-amz-content-sha256': hex.join('') };
}
