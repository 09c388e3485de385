// What a write is checked for before the store is asked: its type, length, JSON, schema and size.

import type * as z from 'zod';
import { type ApiRequest, type FieldError, Refusal, tooBig } from './answers.ts';
import { parseObject } from './json-body.ts';
import { type BoardSettings, MOST_BYTES } from './settings.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A canonical board. */
export interface Canonical {
  readonly body: string;
  /** Bytes in UTF-8. */
  readonly size: number;
}

const MOST_ERRORS = 20;
const LONGEST_KEY = 40;

/** @param whenEmpty what an empty body stands for, if it may be empty */
export async function readObject(
  request: ApiRequest,
  whenEmpty: JsonObject | null = null,
): Promise<JsonObject> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const isJson = type === 'application/json';
  const noJson = () => new Refusal(415, 'Send the body as application/json.');
  if (!isJson && whenEmpty === null) throw noJson();
  const bytes = await readBytes(request);
  if (bytes.length === 0 && whenEmpty !== null) return whenEmpty;
  if (!isJson) throw noJson();
  const parsed = parseObject(bytes);
  if (typeof parsed === 'string') throw new Refusal(400, parsed);
  return parsed;
}

async function readBytes({ headers, body }: ApiRequest): Promise<Uint8Array> {
  const length = Number(headers['content-length'] ?? 0);
  if (length > MOST_BYTES) throw tooBig(MOST_BYTES, length);
  const bytes = await body(MOST_BYTES);
  if (bytes === null) throw tooBig(MOST_BYTES);
  return bytes;
}

/** Without the fields that an answer has beside the board, so that one can be sent back. */
export function ownFields({ id, editKey, forkedFrom, ...board }: JsonObject): JsonObject {
  return board;
}

/** @throws Refusal 422 or 413 */
export function checkBoard(
  given: JsonObject,
  schema: z.ZodType,
  settings: BoardSettings,
): Canonical {
  const own = ownFields(given);
  const board = settings.validateSchema ? fitting(schema, own) : own;
  return checkSize(JSON.stringify(board), settings);
}

/** @throws Refusal 422 */
export function fitting<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(errorsOf).slice(0, MOST_ERRORS);
  throw new Refusal(422, 'Board validation failed.', { errors });
}

export function checkSize(body: string, { validateSize, maxBytes }: BoardSettings): Canonical {
  const size = Buffer.byteLength(body);
  const most = validateSize ? maxBytes : MOST_BYTES;
  if (size > most) throw tooBig(most, size);
  return { body, size };
}

/** Zod's own words for unknown keys repeat them. */
function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pointer([...issue.path, key]),
      message: 'There is no such field',
    }));
  }
  return [{ path: pointer(issue.path), message: issue.message }];
}

const pointer = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => String(key).slice(0, LONGEST_KEY).toWellFormed())
    .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
