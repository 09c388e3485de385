// Times to the microsecond, as whole numbers. The archive and its mirrors write `…Z` or `…+00:00`,
// with or without a fraction. A Date would cut it to milliseconds.

const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/** Microseconds since 1970; null if the text is no time with a zone. */
export function instantOf(text: string): number | null {
  const [, day, time, fraction = '', zone = ''] = INSTANT.exec(text) ?? [];
  if (day === undefined) return null;
  const minutes = zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const seconds = Date.parse(`${day}T${time}${minutes}`) / 1000;
  if (!Number.isSafeInteger(seconds)) return null;
  return seconds * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** Whether two texts are the same time; false if either is none. */
export function isSameInstant(a: string, b: string): boolean {
  const left = instantOf(a);
  return left !== null && left === instantOf(b);
}

/** Seconds from a time in microseconds to now. */
export const secondsSince = (instant: number, now: Date): number =>
  Math.floor(now.getTime() / 1000 - instant / 1_000_000);

/** Above the limits of all checks: three days. */
const OLD = 4 * 86_400;

/**
 * The same for a document, where everything that is older than any limit has one age: the document
 * of a dandiset in which nothing changes would else be another one on every run.
 */
export const ageOf = (instant: number, now: Date): number =>
  Math.min(secondsSince(instant, now), OLD);

/** As the archive writes it now: `2026-07-01T17:57:44.120371Z`. */
export function textOf(instant: number): string {
  const seconds = Math.floor(instant / 1_000_000);
  const micros = String(instant - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}Z`;
}
