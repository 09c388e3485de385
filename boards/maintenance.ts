// What only an operator may do: see everything kept of a board, spare it from eviction, make it
// read-only, delete it, list and count all. None of it counts as use.

import { type ApiAnswer, answer, away, notFound } from './answers.ts';
import type { Asked, Operation } from './ports.ts';
import { toJson } from './record.ts';
import type { BoardRecord } from './store.ts';

const TRIES = 5;

async function record({ ports, id }: Asked): Promise<ApiAnswer> {
  const found = await ports.store.read(id, true);
  if (found === null) throw notFound();
  return answer(200, JSON.stringify(toJson(found)));
}

async function removeAny(asked: Asked): Promise<ApiAnswer> {
  return changing(asked, 'deleted', (seen) => asked.ports.store.remove(seen));
}

async function whitelist(asked: Asked): Promise<ApiAnswer> {
  const isOn = asked.method === 'POST';
  const flags = { whitelisted: isOn };
  return setting(asked, isOn ? 'whitelisted' : 'unwhitelisted', flags);
}

async function protect(asked: Asked): Promise<ApiAnswer> {
  const isOn = asked.method === 'POST';
  const flags = { protected: isOn, ...(isOn && { whitelisted: true }) };
  const says = isOn ? 'protected and whitelisted' : 'unprotected, may still be whitelisted';
  return setting(asked, says, flags);
}

const setting = (asked: Asked, says: string, flags: Partial<BoardRecord>): Promise<ApiAnswer> =>
  changing(asked, says, (seen) => asked.ports.store.put({ ...seen, ...flags }, seen));

/** @param change is not made if the board was changed meanwhile */
async function changing(
  { ports, id }: Asked,
  says: string,
  change: (seen: BoardRecord) => Promise<boolean>,
): Promise<ApiAnswer> {
  for (let left = TRIES; left > 0; left -= 1) {
    const seen = await ports.store.read(id, true);
    if (seen === null) throw notFound();
    if (await change(seen)) return answer(200, JSON.stringify({ message: `Board ${id} ${says}` }));
  }
  throw away();
}

async function list({ ports, request }: Asked): Promise<ApiAnswer> {
  const { records, next } = await ports.store.list(request.query.get('after'));
  const boards = records.map((one) => {
    const { id, board, createdAt, lastAccess, whitelisted, protected: isProtected } = toJson(one);
    const { title } = board as { readonly title?: unknown };
    return {
      ...{ id, title: typeof title === 'string' ? title : '', size: one.size },
      ...{ createdAt, lastAccess, whitelisted, protected: isProtected },
    };
  });
  return answer(200, JSON.stringify({ boards, next }));
}

async function recount({ ports }: Asked): Promise<ApiAnswer> {
  return answer(200, JSON.stringify(await ports.store.recount()));
}

export const MAINTENANCE = {
  record,
  removeAny,
  whitelist,
  protect,
  list,
  recount,
} as const satisfies Record<string, Operation>;
