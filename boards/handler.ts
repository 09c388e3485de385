// The API of boards: `(request) → answer`. It knows neither server nor cloud; both carry it.

import {
  type ApiAnswer,
  type ApiRequest,
  answer,
  away,
  notFound,
  preflight,
  Refusal,
  refused,
} from './answers.ts';
import { isId } from './digest.ts';
import { MAINTENANCE } from './maintenance.ts';
import { boardsOpenApi } from './openapi.ts';
import type { ApiPorts, Operation } from './ports.ts';
import { isMaintenance, matchRoute, type RouteId } from './routes.ts';
import { boardJsonSchema, boardSchema } from './schema.ts';
import { StoreAway } from './store.ts';
import { READ_AND_WRITE } from './use.ts';

const LONGEST_MS = 5000;

/** For answers that change with a new version only. */
const FOR_AN_HOUR = { 'cache-control': 'max-age=3600' };

/** Made when it is first asked for, so that no start waits for it. */
function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function createBoardsApi(ports: ApiPorts): (request: ApiRequest) => Promise<ApiAnswer> {
  const schema = boardSchema(ports.vocabulary);
  const jsonSchema = once(() => JSON.stringify(boardJsonSchema(ports.vocabulary)));
  const openApi = once(() => JSON.stringify(boardsOpenApi(ports.vocabulary)));
  const operations: Readonly<Record<RouteId, Operation>> = {
    ...READ_AND_WRITE,
    ...MAINTENANCE,
    async health() {
      await ports.store.totals();
      return answer(200, JSON.stringify({ message: 'Alive and Well!' }));
    },
    schema: async () => answer(200, jsonSchema(), FOR_AN_HOUR),
    openapi: async () => answer(200, openApi(), FOR_AN_HOUR),
  };

  async function respond(request: ApiRequest): Promise<ApiAnswer> {
    const { method, path } = request;
    if (isMaintenance(path) && !ports.mayMaintain?.(request)) {
      throw new Refusal(403, 'Maintenance is not for everybody.');
    }
    if (method === 'OPTIONS') return preflight();
    const matched = matchRoute(method, path);
    if (matched === null) throw new Refusal(404, 'There is no such address.');
    if (!('route' in matched)) {
      const allow = [...matched, 'OPTIONS'].join(', ');
      throw new Refusal(405, `Use one of ${allow}.`, {}, { allow });
    }
    const { route, ...where } = matched;
    if (where.id !== '' && !isId(where.id)) throw notFound();
    return operations[route.id]({ ports, schema, request, ...where });
  }

  return async (request) => {
    const late = Promise.withResolvers<never>();
    const timer = ports.clock.after(LONGEST_MS, () =>
      late.reject(new Refusal(504, 'Request timed out')),
    );
    try {
      return await Promise.race([late.promise, respond(request)]);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      ports.onFault('answer a request', error);
      if (error instanceof StoreAway) return refused(away());
      return refused(new Refusal(500, 'This is a fault of the program.'));
    } finally {
      timer.cancel();
    }
  };
}
