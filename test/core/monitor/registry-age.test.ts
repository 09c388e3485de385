// How long a registry may be unreadable before a person is called (docs/checks.md#registry).

import { expect, test } from 'vitest';
import { registryFault } from '../../../core/monitor/hold.ts';

const NOW = new Date('2026-08-10T06:00:00.000Z');
const at = '2026-08-10T05:00:00.000Z';
const lastAttempt = { at, reason: 'timeout' } as const;

test.each([
  ['read just now', '2026-08-10T05:59:00.000Z', null, 3, false],
  ['not asked for a month', '2026-07-10T05:59:00.000Z', null, 3, false],
  ['unreadable for a day', '2026-08-09T05:59:00.000Z', lastAttempt, 3, false],
  [
    'unreadable for a minute less than three days',
    '2026-08-07T06:01:00.000Z',
    lastAttempt,
    3,
    false,
  ],
  ['unreadable for three days', '2026-08-07T06:00:00.000Z', lastAttempt, 3, true],
  ['unreadable for three days of ten', '2026-08-07T06:00:00.000Z', lastAttempt, 10, false],
  ['unreadable, and no day is allowed', '2026-08-10T04:00:00.000Z', lastAttempt, 0, true],
  ['unreadable, with a list from the future', '2027-01-01T00:00:00.000Z', lastAttempt, 3, true],
  ['unreadable, with a clock a minute apart', '2026-08-10T06:01:00.000Z', lastAttempt, 3, false],
])('%s', (_what, lastChecked, attempt, days, isFault) => {
  const fault = registryFault({ lastChecked, lastAttempt: attempt }, days, NOW);
  expect(fault !== null).toBe(isFault);
  if (isFault) expect(fault).toContain(lastChecked.slice(0, 10));
});
