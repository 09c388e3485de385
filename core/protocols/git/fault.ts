// The exception that the parsers in this folder throw. At the folder's edge it becomes a failed
// measurement, so nothing outside core/protocols/git sees it.

import { type Failed, failed, type Seen, seen } from '../../failure.ts';

export class GitFault extends Error {
  override readonly name = 'GitFault';
  readonly reason: 'cut-short' | 'malformed';
  constructor(reason: 'cut-short' | 'malformed', detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }
}

export function malformed(detail: string, cause?: unknown): GitFault {
  return new GitFault('malformed', detail, { cause });
}

export function cutShort(detail: string): GitFault {
  return new GitFault('cut-short', detail);
}

/** The result of `read`, or the failed measurement that its GitFault means. Bugs still throw. */
export function attempt<T>(read: () => T): Seen<T> | Failed {
  try {
    return seen(read());
  } catch (error) {
    if (error instanceof GitFault) return failed(error.reason, error.message);
    throw error;
  }
}

/** A piece of a server's text, safe for a log line: printable ASCII, at most 200 characters. */
export function quoted(bytes: Buffer): string {
  return bytes
    .toString('latin1', 0, Math.min(bytes.length, 200))
    .replace(/[^ -~]+/g, ' ')
    .trim();
}
