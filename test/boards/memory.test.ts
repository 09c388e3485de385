// Boards in memory: the handler alone.

import { describe, expect, test } from 'vitest';
import { evictTests } from './evict-suite.ts';
import { rightsTests } from './rights-suite.ts';
import { troubleTests } from './trouble-suite.ts';
import { useTests } from './use-suite.ts';
import { memoryBackend, openWorld, unseen, type WorldOptions } from './world.ts';

const open = (options?: WorldOptions) => openWorld(memoryBackend, options);

describe.each(['key', 'open'] as const)('with BOARD_EDIT=%s', (edit) => {
  describe('boards', () => useTests(open, edit));
  describe('rights', () => rightsTests(open, edit));
});

describe('eviction', () => evictTests(open));
describe('trouble', () => troubleTests(open));

test('B38 every route and every status of it was seen in some test', async () => {
  const world = await open();
  for (const path of ['/api/openapi.json', '/api/boards/schema']) {
    const { status, headers } = await world.ask('GET', path);
    expect({ status, caching: headers['cache-control'] }).toEqual({
      ...{ status: 200, caching: 'max-age=3600' },
    });
  }
  expect(unseen()).toEqual([]);
});
