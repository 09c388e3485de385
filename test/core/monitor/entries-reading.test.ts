// A reading of the registry that was cut off: what the next try of the same run makes of it.

import { expect, test } from 'vitest';
import { seen } from '../../../core/failure.ts';
import type { EntryPage, EntrySource } from '../../../core/monitor/entries.ts';
import { type KeptPart, readEntries } from '../../../core/monitor/entries-reading.ts';

const SIZE = 2;

/** A registry whose cursors are offsets, as a real one's may be. */
function registry(ids: string[]) {
  const asked: (string | undefined)[] = [];
  const stop = { afterPages: Number.POSITIVE_INFINITY, time: new AbortController() };
  const source: EntrySource = {
    async *pages(signal, after) {
      for (let at = Number(after ?? 0); ; at += SIZE) {
        if (asked.length >= stop.afterPages) stop.time.abort(new Error('out of time'));
        signal?.throwIfAborted();
        asked.push(at === 0 ? undefined : String(at));
        const next = at + SIZE < ids.length ? String(at + SIZE) : null;
        yield seen(pageOf(ids.slice(at, at + SIZE), ids.length, next));
        if (next === null) return;
      }
    },
  };
  return { source, asked, stop, ids };
}

const pageOf = (ids: readonly string[], count: number, next: string | null): EntryPage => ({
  entries: ids.map((id) => ({ id, name: null, version: '1.0.0', skipped: null })),
  broken: [],
  count,
  notes: [],
  next,
});

function memory(parts: KeptPart[] = []) {
  return {
    parts,
    load: async () => [...parts],
    keep: async (part: KeptPart) => void parts.push(part),
  };
}

const idsOf = (result: Awaited<ReturnType<typeof readEntries>>) =>
  'entries' in result ? result.entries.map(({ id }) => id) : result;
const names = (count: number) => Array.from({ length: count }, (_, at) => `ds${at}`);

/** Reads until the time is up after so many pages. */
async function cutOff(archive: ReturnType<typeof registry>, pages: number, kept = memory()) {
  archive.stop.afterPages = archive.asked.length + pages;
  archive.stop.time = new AbortController();
  const reading = readEntries(archive.source, archive.stop.time.signal, kept);
  await expect(reading).rejects.toThrow('out of time');
  archive.stop.afterPages = Number.POSITIVE_INFINITY;
  archive.asked.length = 0;
  return kept;
}

const readOn = (archive: ReturnType<typeof registry>, kept: ReturnType<typeof memory>) =>
  readEntries(archive.source, new AbortController().signal, kept);

test('the next try requests the last page again and continues there', async () => {
  const archive = registry(names(11));
  const kept = await cutOff(archive, 3);
  const result = await readOn(archive, kept);
  expect(idsOf(result)).toEqual(names(11));
  expect(result).toMatchObject({ complete: true });
  expect(archive.asked).toEqual(['4', '6', '8', '10']);
});

test('a reading may be interrupted several times', async () => {
  const archive = registry(names(21));
  const kept = await cutOff(archive, 3);
  await cutOff(archive, 3, kept);
  await cutOff(archive, 1, kept);
  expect(idsOf(await readOn(archive, kept))).toEqual(names(21));
  expect(archive.asked[0]).toBe('8');
});

test('an entry that was deleted meanwhile moves the pages, so the reading starts over', async () => {
  const archive = registry(names(11));
  const kept = await cutOff(archive, 3);
  archive.ids.splice(1, 1);
  expect(idsOf(await readOn(archive, kept))).toEqual(archive.ids);
  expect(archive.asked.slice(0, 3)).toEqual(['4', undefined, '2']);
});

test('what was kept before such a beginning does not come back', async () => {
  const archive = registry(names(21));
  const kept = await cutOff(archive, 4);
  archive.ids.splice(1, 1);
  // The page that differs, and two of the new reading.
  await cutOff(archive, 3, kept);
  expect(idsOf(await readOn(archive, kept))).toEqual(archive.ids);
  expect(archive.asked[0]).toBe('2');
});

test('an entry that was added at the end is read', async () => {
  const archive = registry(names(5));
  const kept = await cutOff(archive, 2);
  archive.ids.push('ds5', 'ds6');
  expect(idsOf(await readOn(archive, kept))).toEqual(names(7));
  expect(archive.asked[0]).toBe('2');
});

test('a part that does not continue the one before it is not used', async () => {
  const archive = registry(names(11));
  const { parts } = await cutOff(archive, 3);
  const late: KeptPart = { reading: 0, from: 5, pages: [pageOf(['ds10'], 11, null)] };
  expect(idsOf(await readOn(archive, memory([...parts, late])))).toEqual(names(11));
});

test('a small registry keeps nothing', async () => {
  const kept = memory();
  await readOn(registry(names(11)), kept);
  expect(kept.parts).toEqual([]);
});

test('a long reading is kept on the way, so that a killed function loses little', async () => {
  const kept = memory();
  await readOn(registry(names(300)), kept);
  expect(kept.parts.map(({ from, pages }) => [from, pages.length])).toEqual([
    [0, 50],
    [50, 50],
    [100, 50],
  ]);
});

test('a second reading that was cut off continues as the second', async () => {
  const archive = registry(names(6));
  // The list is always one short, so it is read twice.
  const short: EntrySource = {
    async *pages(signal, after) {
      for await (const page of archive.source.pages(signal, after)) {
        yield page.kind === 'failed' ? page : seen({ ...page.value, count: 7 });
      }
    },
  };
  const shortly = { ...archive, source: short };
  const kept = await cutOff(shortly, 4);
  expect(kept.parts.map(({ reading }) => reading)).toEqual([1]);
  expect(idsOf(await readOn(shortly, kept))).toEqual(names(6));
});
