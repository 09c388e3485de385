// All suites, for one kind of store.

import { describe, expect, test } from 'vitest';
import { dumpTests } from './dump-suite.ts';
import { evictTests } from './evict-suite.ts';
import { rightsTests } from './rights-suite.ts';
import { troubleTests } from './trouble-suite.ts';
import { useTests } from './use-suite.ts';
import { unseen, type World, type WorldOptions } from './world.ts';

type Open = (options?: WorldOptions) => Promise<World>;

/** @param edits who may change a board */
export function boardTests(open: Open, edits: readonly ('key' | 'open')[] = ['key', 'open']): void {
  describe.each(edits)('with BOARD_EDIT=%s', (edit) => {
    describe('boards', () => useTests(open, edit));
    describe('rights', () => rightsTests(open, edit));
  });
  describe('eviction', () => evictTests(open));
  describe('dumps', () => dumpTests(open));
  describe('trouble', () => troubleTests(open));

  test('B38 every route and every status of it was seen in some test', async () => {
    const world = await open();
    for (const path of ['/api/openapi.json', '/api/boards/schema']) {
      const { status, headers } = await world.ask('GET', path);
      expect({ status, caching: headers['cache-control'] }).toEqual({
        ...{ status: 200, caching: 'max-age=3600' },
      });
    }
    await world.close();
    expect(unseen()).toEqual([]);
  });
}

/** Those that need neither a clock nor a store of their own: for functions as they are deployed. */
export function deployedBoardTests(open: Open): void {
  describe('boards', () => useTests(open, 'key', false));
  describe('rights', () => rightsTests(open, 'key', false));
  describe('eviction', () => evictTests(open, false));
  describe('dumps', () => dumpTests(open));
}
