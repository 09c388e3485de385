// Schedules by AWS's rules: how far apart two firings are at most, and what is refused.

import { expect, test } from 'vitest';
import { frequencyOf, ScheduleError } from '../../lib/schedule.ts';

const DAY = 24;
const YEAR = 365 * DAY;

test.each([
  ['rate(1 minute)', 1 / 60, 1 / 60],
  ['rate(6 hours)', 6, 6],
  ['rate(1 day)', DAY, DAY],
  ['rate(7 days)', 7 * DAY, 7 * DAY],
  ['cron(0 6 * * ? *)', DAY, DAY],
  ['cron(0 6 ? * * *)', DAY, DAY],
  ['cron(15 * * * ? *)', 1, 1],
  ['cron(0/10 * * * ? *)', 1 / 6, 1 / 6],
  // 23:50 to 06:00.
  ['cron(0/10 6-23 * * ? *)', 1 / 6, 6 + 1 / 6],
  ['cron(0 6,18 * * ? *)', 12, 12],
  ['cron(0 */5 * * ? *)', 4, 5],
  ['cron(0 6 ? * MON *)', 7 * DAY, 7 * DAY],
  ['cron(0 6 ? * 2 *)', 7 * DAY, 7 * DAY],
  ['cron(30 22 ? * MON-FRI *)', DAY, 3 * DAY],
  ['cron(0 6 ? * sun,wed *)', 3 * DAY, 4 * DAY],
  ['cron(0 6 ? * L *)', 7 * DAY, 7 * DAY],
  ['cron(0 6 1 * ? *)', 28 * DAY, 31 * DAY],
  ['cron(0 6 L * ? *)', 28 * DAY, 31 * DAY],
  // From May to July.
  ['cron(0 6 31 * ? *)', 31 * DAY, 61 * DAY],
  ['cron(0 6 1,15 * ? *)', 14 * DAY, 17 * DAY],
  // A 1st that is a Saturday makes it the 3rd.
  ['cron(0 6 1W * ? *)', 28 * DAY, 33 * DAY],
  ['cron(0 6 ? * 6L *)', 28 * DAY, 35 * DAY],
  ['cron(0 6 ? * TUE#1 *)', 28 * DAY, 35 * DAY],
  ['cron(0 6 1 JAN ? *)', YEAR, YEAR + DAY],
  ['cron(0 6 1 */3 ? *)', 90 * DAY, 92 * DAY],
  // 2100 is no leap year.
  ['cron(0 6 29 2 ? *)', 4 * YEAR + DAY, 8 * YEAR + DAY],
])('%s fires every %d to %d hours', (expression, shortest, longest) => {
  const { shortestHours, longestHours } = frequencyOf(expression);
  expect(shortestHours).toBeCloseTo(shortest, 10);
  expect(longestHours).toBeCloseTo(longest, 10);
});

test.each([
  ['daily', 'is neither cron(…) nor rate(…)'],
  ['cron()', 'is neither'],
  ['at(2026-01-01T00:00:00)', 'is neither'],
  ['rate(1 hours)', 'takes a number'],
  ['rate(2 hour)', 'takes a number'],
  ['rate(0 minutes)', 'takes a number'],
  ['rate(1.5 hours)', 'takes a number'],
  ['rate(1 week)', 'takes a number'],
  ['cron(0 6 * * *)', 'has 5 fields'],
  ['cron(0 6 * *  ? *)', 'has 7 fields'],
  ['cron(0 6 * * * *)', 'must have ?'],
  ['cron(0 6 ? * ? *)', 'must have ?'],
  ['cron(0 6 * * ? 2026)', 'must have * for the year'],
  ['cron(60 6 * * ? *)', 'cannot have "60" for the minute, 0 to 59'],
  ['cron(0 24 * * ? *)', 'for the hour, 0 to 23'],
  ['cron(0 6 0 * ? *)', 'for the day of the month'],
  ['cron(0 6 * 13 ? *)', 'for the month'],
  ['cron(0 6 ? * 8 *)', 'for the day of the week'],
  ['cron(0 6 ? * MONDAY *)', 'for the day of the week'],
  ['cron(0 6 ? * TUE#6 *)', 'for the day of the week'],
  ['cron(0 18-6 * * ? *)', 'for the hour'],
  ['cron(0/0 6 * * ? *)', 'for the minute'],
  ['cron(,5 6 * * ? *)', 'for the minute'],
  ['cron(? 6 * * ? *)', 'for the minute'],
  ['cron(0 6 32W * ? *)', 'for the day of the month'],
  ['cron(0 6 30 FEB ? *)', 'never fires'],
])('%s is refused: %s', (expression, why) => {
  expect(() => frequencyOf(expression)).toThrow(ScheduleError);
  expect(() => frequencyOf(expression)).toThrow(why);
});
