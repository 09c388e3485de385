// A clock that was ahead must not freeze what it wrote: a record that is dated well after now never wins
// over a measurement of now (docs/checks.md#unverified).

/** Clocks of two machines may differ by this much; more means that one was set wrong. */
const TOLERANCE_MS = 5 * 60 * 1000;

/** @param instant ISO 8601 */
export function isFromFuture(instant: string, now: Date): boolean {
  return Date.parse(instant) > now.getTime() + TOLERANCE_MS;
}

/** A run's one note about records from the future; null where there were none. */
export function clockAheadNote(starts: readonly (string | undefined)[]): string | null {
  const newest = starts.reduce(
    (last, start) => (start && !(last && last >= start) ? start : last),
    undefined,
  );
  return newest === undefined
    ? null
    : `Results of a run that began in the future (${newest}, by its clock) do not count and are replaced`;
}

/** Whether a record of a run that began at `before` stays when a run that began at `start` writes. */
export function staysOver(before: string, start: string, now: Date): boolean {
  return Date.parse(before) > Date.parse(start) && !isFromFuture(before, now);
}
