// The API as OpenAPI 3.1, from the table of routes and the schema of boards.

import * as z from 'zod';
import { recordSchema } from './record.ts';
import { ADDRESSES, type Address, type Method, type Route, type RouteId } from './routes.ts';
import { boardJsonSchema } from './schema.ts';
import { forkSchema } from './use.ts';
import type { Vocabulary } from './vocabulary.ts';

type Json = Readonly<Record<string, unknown>>;

const MEANS: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Saved.',
  304: 'Not changed since `If-None-Match`. Counts as use.',
  400: 'The body is not a JSON object, has a key twice, or is nested too deep.',
  401: 'The edit key is absent.',
  403: 'The edit key is wrong, the board is protected, or this is maintenance.',
  404: 'There is no such board: it was never there, deleted, or evicted.',
  405: 'The address has other methods.',
  412: '`If-Match` is not the ETag of the board; nothing was written.',
  413: 'The body or the board is too big.',
  415: 'The body is not `application/json`.',
  422: 'The board does not fit its schema.',
  429: 'Too many writes from this client.',
  503: 'The store cannot answer now.',
  504: 'It took more than five seconds. The write was made whole, or not at all.',
  507: 'The store is full, and nothing may be evicted. Nothing was written.',
};

const ERROR: Json = {
  type: 'object',
  required: ['detail'],
  additionalProperties: false,
  properties: {
    detail: { type: 'string' },
    errors: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        required: ['path', 'message'],
        additionalProperties: false,
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    size: { type: 'integer' },
    max: { type: 'integer' },
    retryAfter: { type: 'integer' },
  },
};

const text = { type: 'string' } as const;
const ID = { type: 'string', format: 'uuid' } as const;
/** What is stored may be older than the schema, so it is described by what it has in any case. */
const STORED: Json = {
  type: 'object',
  required: ['id'],
  properties: { id: ID, forkedFrom: ID },
};
const NEW: Json = { ...STORED, properties: { id: ID, forkedFrom: ID, editKey: text } };
const MESSAGE: Json = { type: 'object', required: ['message'], properties: { message: text } };
const jsonSchemaOf = (schema: z.ZodType): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};
const RECORD = jsonSchemaOf(recordSchema);
const TOTALS = jsonSchemaOf(z.strictObject({ bytes: z.int(), boards: z.int() }));
const LIST: Json = {
  type: 'object',
  required: ['boards', 'next'],
  properties: {
    boards: { type: 'array', maxItems: 100, items: { type: 'object' } },
    next: { type: ['string', 'null'] },
  },
};

/** What clients of the older system send and get. */
const inDashboard = (board: Json): Json => ({
  ...{ type: 'object', required: ['dashboard'], properties: { dashboard: board } },
});

/** Of the answer that is no error. */
const ANSWERS: Readonly<Record<RouteId, Json>> = {
  ...{ health: MESSAGE, openapi: { type: 'object' }, schema: { type: 'object' } },
  ...{ create: NEW, read: STORED, replace: STORED, remove: STORED, fork: NEW },
  ...{ record: RECORD, removeAny: MESSAGE, whitelist: MESSAGE, protect: MESSAGE },
  ...{ list: LIST, recount: TOTALS },
};

const BODIES: Readonly<Record<NonNullable<Route['body']>, Json>> = {
  board: { $ref: '#/components/schemas/Board' },
  fork: { $ref: '#/components/schemas/Fork' },
};

/** A board that is changed: with its key, and only as it was seen. */
const OF_CHANGES: readonly RouteId[] = ['replace', 'remove'];

export function boardsOpenApi(vocabulary: Vocabulary): Json {
  const { $schema, $id, ...board } = boardJsonSchema(vocabulary);
  const paths: Record<string, Record<string, Json>> = {};
  for (const address of ADDRESSES) {
    const at = paths[address.path] ?? {};
    paths[address.path] = at;
    for (const method of address.route.methods) {
      at[method.toLowerCase()] = operationOf(address, method);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mirrorwatch: saved boards', version: '1' },
    paths,
    components: {
      schemas: { Board: board, Fork: jsonSchemaOf(forkSchema), Error: ERROR },
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'The edit key.' } },
    },
  };
}

function operationOf({ route, path, isOlder }: Address, method: Method): Json {
  const { id, does, body, statuses } = route;
  const isOnly = route.methods.length === 1;
  const name = isOlder ? `${id}Older` : id;
  return {
    operationId: isOnly ? name : `${name}By${method}`,
    summary: isOlder ? `${does} For clients of the older system.` : does,
    parameters: parametersOf(id, path),
    ...(OF_CHANGES.includes(id) && { security: [{ key: [] }] }),
    ...(body && {
      requestBody: {
        required: body === 'board',
        content: {
          'application/json': { schema: isOlder ? inDashboard(BODIES[body]) : BODIES[body] },
        },
      },
    }),
    responses: Object.fromEntries(
      [...statuses, 405].map((status) => [status, responseOf(id, isOlder, status)]),
    ),
  };
}

function parametersOf(id: RouteId, path: string): readonly Json[] {
  const header = (name: string) => ({ name, in: 'header', schema: text });
  return [
    ...(path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: ID }] : []),
    ...(OF_CHANGES.includes(id) ? [header('If-Match')] : []),
    ...(id === 'read' ? [header('If-None-Match')] : []),
    ...(id === 'list' ? [{ name: 'after', in: 'query', schema: text }] : []),
  ];
}

function responseOf(id: RouteId, isOlder: boolean, status: number): Json {
  const done = isOlder ? { allOf: [ANSWERS[id], inDashboard({ type: 'object' })] } : ANSWERS[id];
  const schema = status < 300 ? done : { $ref: '#/components/schemas/Error' };
  const headers = headersOf(id, status);
  return {
    description: MEANS[status],
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((name) => [name, { required: true, schema: text }])),
    }),
    ...(status !== 304 && { content: { 'application/json': { schema } } }),
  };
}

const OF_A_BOARD = ['ETag', 'Last-Modified'];

function headersOf(id: RouteId, status: number): readonly string[] {
  if (status === 405) return ['Allow'];
  if (status === 429 || status === 503) return ['Retry-After'];
  if (status === 201) return ['Location', ...OF_A_BOARD];
  return status === 304 || (status === 200 && (id === 'read' || id === 'replace'))
    ? OF_A_BOARD
    : [];
}

/** Path and text of the schema of boards and of their API, as `npm run schema` writes them. */
export function boardSchemaFiles(vocabulary: Vocabulary): [path: string, text: string][] {
  const text = (value: Json) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    ['schema/board.schema.json', text(boardJsonSchema(vocabulary))],
    ['schema/boards.openapi.json', text(boardsOpenApi(vocabulary))],
  ];
}
