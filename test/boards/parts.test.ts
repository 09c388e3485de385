// Settings, thresholds as they are by default, and who counts as one client.

import { describe, expect, test } from 'vitest';
import { makeRoom } from '../../boards/evict.ts';
import { memoryStore } from '../../boards/indexed-store.ts';
import { networkOf } from '../../boards/limiter.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import type { BoardStore } from '../../boards/store.ts';

describe('settings', () => {
  test('have defaults', () => {
    expect(readBoardSettings()).toEqual({
      ...{ on: true, edit: 'key', validateSchema: true, validateSize: true, maxBytes: 262_144 },
      ...{ maxTotalBytes: 1_073_741_824, evictionThreshold: 0.95, targetUtilization: 0.6 },
      ...{ touchSeconds: 60, evictOwn: false },
    });
  });

  test.each([
    ['1', true],
    ['True', true],
    ['YES', true],
    ['on', true],
    ['off', false],
    ['', false],
    ['nonsense', false],
  ])('%j is %s', (text, value) => {
    const { validateSchema } = readBoardSettings({ VALIDATE_BOARD_SCHEMA: text });
    expect(validateSchema).toBe(value);
  });

  test.each([
    [{ BOARD_EDIT: 'all' }, /BOARD_EDIT/],
    [{ BOARD_EVICTION_THRESHOLD: '1.1' }, /BOARD_EVICTION_THRESHOLD cannot be "1.1"/],
    [{ BOARD_TARGET_UTILIZATION: '-0.1' }, /BOARD_TARGET_UTILIZATION/],
    [{ BOARD_TARGET_UTILIZATION: '0.96' }, /is more than BOARD_EVICTION_THRESHOLD/],
    [{ BOARD_MAX_SINGLE_BYTES: '350001' }, /from 0 to 350000/],
    [{ BOARD_MAX_SINGLE_BYTES: '1e3' }, /BOARD_MAX_SINGLE_BYTES/],
    [{ BOARD_MAX_TOTAL_STORAGE_BYTES: '1000' }, /is more than BOARD_MAX_TOTAL/],
    [{ BOARD_TOUCH_SECONDS: 'x' }, /BOARD_TOUCH_SECONDS/],
  ])('%j is refused', (given, why) => {
    expect(() => readBoardSettings(given)).toThrow(why);
  });
});

describe('with the defaults', () => {
  /** Where one whitelisted board has so many bytes, and others the rest. */
  async function evictionsAt(total: number): Promise<number> {
    let bytes = total;
    let evictions = 0;
    const store: BoardStore = {
      ...memoryStore(),
      totals: async () => ({ bytes, boards: 1 }),
      async *evictable() {
        yield* Array.from({ length: 20 }, (_, i) => ({
          ...{ id: `${i}`, size: 50_000_000, lastAccess: i },
        }));
      },
      async evict({ size }) {
        bytes -= size;
        evictions += 1;
        return true;
      },
    };
    const clock = { now: () => 0 };
    await makeRoom({ store, settings: readBoardSettings(), clock }, 'own');
    return evictions;
  }

  test('the first total that evicts is 1,020,054,733', async () => {
    expect(await evictionsAt(1_020_054_732)).toBe(0);
    expect(await evictionsAt(1_020_054_733)).toBe(8);
  });

  test('a total of 644,245,094 is met, one more byte is not', async () => {
    expect(await evictionsAt(644_245_094 + 8 * 50_000_000)).toBe(8);
    expect(await evictionsAt(644_245_095 + 8 * 50_000_000)).toBe(9);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
