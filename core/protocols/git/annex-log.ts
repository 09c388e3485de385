// What the logs of a git-annex branch have in common (git-annex, "internals"). Lines are only ever
// added, from any clone and in any order. The line with the newest timestamp counts.

/** `1588743361.538097946s`, with or without fraction and `s`. */
const TIMESTAMP = /^(\d{1,12})(?:\.(\d{1,18}))?s?$/;

/** Nanoseconds since 1970, for comparing; null if the word is not a timestamp. */
export function parseTimestamp(word: string | undefined): bigint | null {
  const [, seconds, fraction = ''] = TIMESTAMP.exec(word ?? '') ?? [];
  return seconds === undefined ? null : BigInt(seconds + fraction.padEnd(9, '0').slice(0, 9));
}

/** ISO 8601. */
export function instantOf(timestamp: bigint): string {
  return new Date(Number(timestamp / 1_000_000n)).toISOString();
}

/** Lines without line ends; logs come from Windows clones too. */
export function linesOf(log: string): string[] {
  return log.split('\n').flatMap((line) => {
    const text = line.replace(/\r$/, '');
    return text === '' ? [] : [text];
  });
}

/**
 * Reads a log with one line per repository, `uuid value… timestamp=…s`: the words of the value by
 * uuid, newest first. Of equal times the later line counts, as in git-annex. Lines without a time
 * are the oldest.
 */
export function newestByUuid(log: string): Map<string, readonly string[]> {
  const newest = new Map<string, { readonly at: bigint; readonly words: readonly string[] }>();
  for (const line of linesOf(log)) {
    const [uuid = '', ...words] = line.split(' ').filter((word) => word !== '');
    const last = words.at(-1) ?? '';
    const timed = last.startsWith(TIME_FIELD);
    const at = (timed ? parseTimestamp(last.slice(TIME_FIELD.length)) : null) ?? -1n;
    const known = newest.get(uuid);
    if (uuid === '' || (known !== undefined && known.at > at)) continue;
    newest.set(uuid, { at, words: timed ? words.slice(0, -1) : words });
  }
  return new Map(Array.from(newest, ([uuid, { words }]) => [uuid, words]));
}
const TIME_FIELD = 'timestamp=';
