import { describe, expect, test } from 'vitest';
import { backoff, pauseFor, type RetryPolicy } from '../../../core/http/retry.ts';
import { START } from '../../support/clock.ts';

const POLICY: RetryPolicy = {
  tries: 4,
  budget: 10,
  baseMs: 500,
  maxMs: 3000,
  pauseMs: 5000,
  refusals: 5,
  maxPauseMs: 60_000,
};

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(START + seconds * 1000).toUTCString();
  test.each([
    { header: '7', pause: 7000 },
    { header: ' 7 ', pause: 7000 },
    { header: '0', pause: 0 },
    { header: inSeconds(20), pause: 20_000 },
    { header: inSeconds(-20), pause: 0 },
    { header: '86400', pause: 60_000 },
    { header: '9'.repeat(400), pause: 60_000 },
    { header: inSeconds(10 * 365 * 86_400), pause: 60_000 },
    // An invalid value counts as missing.
    { header: undefined, pause: 5000 },
    { header: '', pause: 5000 },
    { header: '-3', pause: 5000 },
    { header: '1.5', pause: 5000 },
    { header: '1e3', pause: 5000 },
    { header: 'soon', pause: 5000 },
    { header: '7, 9', pause: 5000 },
    { header: '2026-08-01', pause: 5000 },
    { header: 'Xxx, 99 Yyy 2026 12:00:20 GMT', pause: 5000 },
  ])('"$header" is a pause of $pause ms', ({ header, pause }) => {
    expect(pauseFor(POLICY, header, 1, START)).toBe(pause);
  });

  test('missing again and again, the pause doubles up to its bound', () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((nth) => pauseFor(POLICY, undefined, nth, START));
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });
});

describe('backoff', () => {
  test.each([
    { random: 0, waits: [0, 0, 0, 0] },
    { random: 0.5, waits: [250, 500, 1000, 1500] },
    { random: 1, waits: [500, 1000, 2000, 3000] },
  ])('full jitter, at $random of the bound', ({ random, waits }) => {
    expect([1, 2, 3, 4].map((nth) => backoff(POLICY, nth, () => random))).toEqual(waits);
  });
});
