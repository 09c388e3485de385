// A clock that was ahead once must not freeze what it wrote: what is dated well after now never wins
// over what is measured now (docs/checks.md#unverified).

/** Clocks of two machines may differ by so much; more is a clock that was set wrong. */
const TOLERANCE_MS = 5 * 60 * 1000;

/** @param instant ISO 8601 */
export function isFromFuture(instant: string, now: Date): boolean {
  return Date.parse(instant) > now.getTime() + TOLERANCE_MS;
}

/** What a run says of records that it met from the future, once; null where there were none. */
export function clockAheadNote(starts: readonly (string | undefined)[]): string | null {
  const newest = starts.reduce(
    (last, start) => (start && !(last && last >= start) ? start : last),
    undefined,
  );
  return newest === undefined
    ? null
    : `Results of a run that began in the future (${newest}, by its clock) do not count and are replaced`;
}

/** Whether what was written by a run that began at `before` stays, where one that began at `start` writes. */
export function staysOver(before: string, start: string, now: Date): boolean {
  return Date.parse(before) > Date.parse(start) && !isFromFuture(before, now);
}
