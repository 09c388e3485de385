// What the API answers to: each route with its statuses. Requests are matched with this table, the
// OpenAPI document is made of it, and a test holds that every status of it is tested.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly id: string;
  readonly methods: readonly Method[];
  /** `{id}` is a board's. */
  readonly path: string;
  /** Where clients of the older system ask for the same; they have the board in `dashboard`. */
  readonly olderPath?: string;
  readonly does: string;
  readonly body?: 'board' | 'fork';
  readonly statuses: readonly number[];
}

const BOARDS = '/api/boards';
export const BOARD_FOLDER = `${BOARDS}/`;
export const OLDER_FOLDER = '/api/dashboard/';
const MAINTENANCE = '/api/maintenance/boards';
/** Any route may be answered with these: the store is away, it took too long. */
const ALWAYS = [503, 504];
const OF_BODY = [400, 413, 415, 422, 429];
const OF_KEY = [401, 403, 404, 412];
/** Whoever may not maintain is refused before anything is looked at. */
const OF_MAINTENANCE = [403, ...ALWAYS];

export const ROUTES = [
  {
    id: 'health',
    methods: ['GET'],
    path: '/api/health',
    does: 'Says whether the store answers.',
    statuses: [200, ...ALWAYS],
  },
  {
    id: 'openapi',
    methods: ['GET'],
    path: '/api/openapi.json',
    does: 'This document.',
    statuses: [200],
  },
  {
    id: 'schema',
    methods: ['GET'],
    path: `${BOARDS}/schema`,
    does: 'The JSON Schema of a board.',
    statuses: [200],
  },
  {
    id: 'create',
    methods: ['POST'],
    path: BOARDS,
    olderPath: OLDER_FOLDER,
    does: 'Saves a new board. Its edit key is in this answer only.',
    body: 'board',
    statuses: [201, ...OF_BODY, ...ALWAYS, 507],
  },
  {
    id: 'read',
    methods: ['GET'],
    path: `${BOARDS}/{id}`,
    olderPath: `${OLDER_FOLDER}{id}`,
    does: 'A board. Counts as use.',
    statuses: [200, 304, 404, ...ALWAYS],
  },
  {
    id: 'replace',
    methods: ['PUT', 'PATCH'],
    path: `${BOARDS}/{id}`,
    olderPath: `${OLDER_FOLDER}{id}`,
    does: 'Replaces a board as a whole, with either method. Counts as use.',
    body: 'board',
    statuses: [200, ...OF_KEY, ...OF_BODY, ...ALWAYS, 507],
  },
  {
    id: 'remove',
    methods: ['DELETE'],
    path: `${BOARDS}/{id}`,
    olderPath: `${OLDER_FOLDER}{id}`,
    does: 'Deletes a board and answers with it.',
    statuses: [200, ...OF_KEY, 429, ...ALWAYS],
  },
  {
    id: 'fork',
    methods: ['POST'],
    path: `${BOARDS}/{id}/fork`,
    does: 'Saves a copy with an id and a key of its own. The body may be empty, or have a title.',
    body: 'fork',
    statuses: [201, 404, ...OF_BODY, ...ALWAYS, 507],
  },
  {
    id: 'record',
    methods: ['GET'],
    path: `${MAINTENANCE}/{id}`,
    does: 'All that is kept of a board. Does not count as use.',
    statuses: [200, 404, ...OF_MAINTENANCE],
  },
  {
    id: 'removeAny',
    methods: ['DELETE'],
    path: `${MAINTENANCE}/{id}`,
    does: 'Deletes a board, protected or not, without its key.',
    statuses: [200, 404, ...OF_MAINTENANCE],
  },
  {
    id: 'whitelist',
    methods: ['POST', 'DELETE'],
    path: `${MAINTENANCE}/{id}/whitelist`,
    does: 'A whitelisted board is never evicted.',
    statuses: [200, 404, ...OF_MAINTENANCE],
  },
  {
    id: 'protect',
    methods: ['POST', 'DELETE'],
    path: `${MAINTENANCE}/{id}/protect`,
    does: 'A protected board is read-only. Protecting whitelists it, too; the opposite does not.',
    statuses: [200, 404, ...OF_MAINTENANCE],
  },
  {
    id: 'list',
    methods: ['GET'],
    path: MAINTENANCE,
    does: 'A page of the boards: `?after=` goes on where the last one ended.',
    statuses: [200, ...OF_MAINTENANCE],
  },
  {
    id: 'recount',
    methods: ['POST'],
    path: '/api/maintenance/recount',
    does: 'Counts all boards again.',
    statuses: [200, ...OF_MAINTENANCE],
  },
] as const satisfies readonly Route[];

export type RouteId = (typeof ROUTES)[number]['id'];
type KnownRoute = (typeof ROUTES)[number] & Route;

export interface Address {
  readonly route: KnownRoute;
  readonly path: string;
  /** Whether it is the older path of the route. */
  readonly isOlder: boolean;
}

/** All paths with their routes: of routes with an older path both. */
export const ADDRESSES = ROUTES.flatMap((route: KnownRoute): Address[] => {
  const { path, olderPath } = route;
  const own = { route, path, isOlder: false };
  return olderPath === undefined ? [own] : [own, { route, path: olderPath, isOlder: true }];
});

export const isMaintenance = (path: string): boolean => /^\/api\/maintenance(?:\/|$)/.test(path);

export interface Matched extends Omit<Address, 'path'> {
  readonly method: Method;
  /** What stands for `{id}`; empty where the path has none. It may be anything. */
  readonly id: string;
}

/** @returns the methods that the path has, if it does not have this one; null for no such path */
export function matchRoute(method: string, path: string): Matched | readonly Method[] | null {
  const found = ADDRESSES.flatMap(({ route, path: template, isOlder }) => {
    const id = idIn(template, path);
    return id === null ? [] : [{ route, id, isOlder }];
  });
  // `schema` is no id.
  const exact = found.filter(({ id }) => id === '');
  const those = exact.length > 0 ? exact : found;
  if (those.length === 0) return null;
  for (const { route, ...where } of those) {
    const own = route.methods.find((one) => one === method);
    if (own !== undefined) return { route, ...where, method: own };
  }
  return those.flatMap(({ route }) => route.methods);
}

function idIn(template: string, path: string): string | null {
  const wanted = template.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return null;
  if (!wanted.every((part, i) => part === '{id}' || part === parts[i])) return null;
  const id = parts[wanted.indexOf('{id}')];
  return id === '' ? null : (id ?? '');
}
