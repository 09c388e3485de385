// Numbers, dates and ages as text for people. Always English and UTC, so that a row copied into an
// issue reads the same everywhere.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1,834`, for a whole number. Without Intl, which takes longer to load than a small run. */
export const number = (value: number): string => `${value}`.replace(/\B(?=(\d{3})+$)/g, ',');

/** `one` or `many` after its number: 1 dataset, 2 datasets. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

/** `one`, `one and two`, `one, two and three` */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** How long ago an instant was: `4 d`, `3 h`, `12 min`. */
export function age(instant: string, now: number): string {
  const passed = now - Date.parse(instant);
  if (Number.isNaN(passed)) return 'unknown';
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < 2 * DAY) return `${Math.floor(passed / HOUR)} h`;
  return `${number(Math.floor(passed / DAY))} d`;
}

/** `2026-08-01` */
export const date = (instant: string): string => instant.slice(0, 10);

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** `1 August 2026` */
export const longDate = (instant: string): string =>
  `${Number(instant.slice(8, 10))} ${MONTHS[Number(instant.slice(5, 7)) - 1]} ${instant.slice(0, 4)}`;

/** `2026-08-01 08:31 UTC` */
export const moment = (instant: string): string =>
  `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** First ten digits of a commit: enough to distinguish commits of one dataset. */
export const shortCommit = (commit: string): string => commit.slice(0, 10);
