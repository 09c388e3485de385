// Reading, saving, replacing, deleting and forking boards.

import * as z from 'zod';
import { type ApiAnswer, answer, away, notFound, Refusal } from './answers.ts';
import {
  type Canonical,
  checkBoard,
  checkSize,
  fitting,
  type JsonObject,
  ownFields,
  readObject,
} from './check.ts';
import { etagOf, isKeyOf, makeId, makeKey, sha256 } from './digest.ts';
import { makeRoom } from './evict.ts';
import { upgraded } from './migrations.ts';
import { type Asked, bearerOf, type Operation } from './ports.ts';
import { BOARD_FOLDER, OLDER_FOLDER } from './routes.ts';
import { titleSchema } from './schema.ts';
import type { BoardRecord } from './store.ts';

export const forkSchema = z.strictObject({ title: titleSchema.optional() });
const olderSchema = z.strictObject({ dashboard: z.record(z.string(), z.unknown()) });

/** A write that others are always faster than ends after so many. */
const TRIES = 5;

async function create(asked: Asked): Promise<ApiAnswer> {
  const given = await readObject(asked.request);
  await countWrite(asked);
  return save(asked, checkGiven(asked, given), null);
}

async function read(asked: Asked): Promise<ApiAnswer> {
  const { ports, request, id } = asked;
  const known = request.headers['if-none-match'];
  const record = await ports.store.read(id, known !== undefined);
  if (record === null) throw notFound();
  await touch(ports, record);
  const of = headersOf(record);
  return isAmong(of.etag, known) ? answer(304, '', of) : answer(200, bodyOf(asked, record), of);
}

async function replace(asked: Asked): Promise<ApiAnswer> {
  const { ports, request, id } = asked;
  const given = await readObject(request);
  await countWrite(asked);
  for (let left = TRIES; left > 0; left -= 1) {
    const seen = await ports.store.read(id, true);
    if (seen !== null) refuseUnlessMay(asked, seen);
    const board = checkGiven(asked, given);
    if (seen === null) throw notFound();
    refuseUnlessMatching(asked, seen);
    const time = now(asked);
    const changedAt = board.body === seen.body ? seen.changedAt : time;
    const next = { ...seen, ...board, rev: seen.rev + 1, changedAt, lastAccess: time };
    if (!(await ports.store.put(next, seen))) continue;
    await refuseWithoutRoom(asked, next, () =>
      // Readers may have seen the revision, so no other body gets it.
      ports.store.put({ ...seen, rev: next.rev + 1 }, next),
    );
    return answer(200, bodyOf(asked, next), headersOf(next));
  }
  throw away();
}

async function remove(asked: Asked): Promise<ApiAnswer> {
  const { store } = asked.ports;
  await countWrite(asked);
  for (let left = TRIES; left > 0; left -= 1) {
    const seen = await store.read(asked.id, true);
    if (seen === null) throw notFound();
    refuseUnlessMay(asked, seen);
    refuseUnlessMatching(asked, seen);
    if (await store.remove(seen)) return answer(200, bodyOf(asked, seen));
  }
  throw away();
}

async function fork(asked: Asked): Promise<ApiAnswer> {
  const { ports, request, id } = asked;
  const given = await readObject(request, {});
  await countWrite(asked);
  const { title } = fitting(forkSchema, given);
  const source = await ports.store.read(id, true);
  if (source === null) throw notFound();
  // The words of a stored board may be older than the vocabulary: it is copied as it is read.
  const board = upgraded(source.body);
  const body = title === undefined ? board : JSON.stringify({ ...JSON.parse(board), title });
  return save(asked, checkSize(body, ports.settings), id);
}

export const READ_AND_WRITE = { create, read, replace, remove, fork } as const satisfies Record<
  string,
  Operation
>;

async function save(asked: Asked, board: Canonical, forkedFrom: string | null): Promise<ApiAnswer> {
  const { store, settings, random } = asked.ports;
  const editKey = settings.edit === 'key' ? makeKey(random) : null;
  const time = now(asked);
  const record: BoardRecord = {
    id: makeId(random),
    ...board,
    ...{ rev: 1, createdAt: time, changedAt: time, lastAccess: time },
    ...{ keyHash: editKey && sha256(editKey), forkedFrom },
    ...{ whitelisted: false, protected: false },
  };
  if (!(await store.put(record, null))) throw new Error('a random id was there already');
  await refuseWithoutRoom(asked, record, () => store.remove(record));
  const folder = asked.isOlder ? OLDER_FOLDER : BOARD_FOLDER;
  const headers = { location: `${folder}${record.id}`, ...headersOf(record) };
  return answer(201, bodyOf(asked, record, editKey), headers);
}

function checkGiven({ ports, schema, isOlder }: Asked, given: JsonObject): Canonical {
  const board = isOlder ? fitting(olderSchema, ownFields(given)).dashboard : given;
  return checkBoard(board, schema, ports.settings);
}

/** Evicts others; where that is not enough, the write is undone. */
async function refuseWithoutRoom(
  { ports }: Asked,
  { id }: BoardRecord,
  undo: () => Promise<boolean>,
): Promise<void> {
  let room: Awaited<ReturnType<typeof makeRoom>> = 'enough';
  try {
    room = await makeRoom(ports, id);
    if (room === 'evict-later') await ports.evictLater();
  } catch (error) {
    // The board is saved, whatever becomes of others.
    ports.onFault('evict', error);
  }
  if (room !== 'full' || ports.settings.evictOwn) return;
  if (await undo()) throw new Refusal(507, 'There is no room for more boards.');
}

async function countWrite({ ports, request: { client } }: Asked): Promise<void> {
  const retryAfter = client === null ? 0 : await ports.limiter.count(client, ports.clock.now());
  if (retryAfter > 0) throw new Refusal(429, 'Too many writes from here.', { retryAfter });
}

function refuseUnlessMay({ ports, request }: Asked, seen: BoardRecord): void {
  if (ports.settings.edit === 'key') {
    const key = bearerOf(request);
    if (!isKeyOf(seen.keyHash, key)) {
      if (key !== null) throw new Refusal(403, 'This is not the edit key of the board.');
      const headers = { 'www-authenticate': 'Bearer' };
      throw new Refusal(401, 'Changing a board needs its edit key.', {}, headers);
    }
  }
  if (seen.protected) {
    throw new Refusal(403, `Board ${seen.id} is protected and cannot be changed.`);
  }
}

function refuseUnlessMatching({ request }: Asked, seen: BoardRecord): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || isAmong(etagOf(seen), wanted)) return;
  throw new Refusal(412, 'The board was changed meanwhile.');
}

/** Its version, and when it became so. */
const headersOf = (record: BoardRecord) => ({
  etag: etagOf(record),
  'last-modified': new Date(record.changedAt).toUTCString(),
});

/** @param list of `If-Match` or `If-None-Match` */
function isAmong(etag: string, list: string | undefined): boolean {
  return (list ?? '').split(',').some((one) => one.trim() === etag || one.trim() === '*');
}

/** Writes a use, unless one was written just before; a reader has the board in any case. */
async function touch({ store, settings, clock, onFault }: Asked['ports'], record: BoardRecord) {
  const time = Math.floor(clock.now());
  if (record.lastAccess >= time - settings.touchSeconds * 1000) return;
  await store.touch(record.id, time).catch((error) => onFault('write a use', error));
}

const now = ({ ports }: Asked): number => Math.floor(ports.clock.now());

/** The stored text goes out as it is, unless its form is of an older version. */
function bodyOf(
  { isOlder }: Asked,
  { id, forkedFrom, body }: BoardRecord,
  editKey: string | null = null,
): string {
  const own = JSON.stringify({
    id,
    ...(editKey !== null && { editKey }),
    ...(forkedFrom !== null && { forkedFrom }),
  });
  const board = upgraded(body);
  if (isOlder) return `${own.slice(0, -1)},"dashboard":${board}}`;
  return board === '{}' ? own : `${own.slice(0, -1)},${board.slice(1)}`;
}
