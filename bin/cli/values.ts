// Parsers of option values: text in; a value out, or one sentence that says what is expected.

import { InvalidArgumentError } from 'commander';
import { LABEL } from '../../core/history/settings.ts';
import { isToken } from '../../core/http/credentials.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `15m`, `6h`, `7d`, or 0, in milliseconds. */
export function parseDuration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd]?)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (digits !== '' && factor !== undefined) return Number(digits) * factor;
  if (/^0+$/.test(digits)) return 0;
  throw new InvalidArgumentError('Give a number with its unit, such as 90s, 15m, 6h or 7d.');
}

/** A few words of a server's answer; an empty text would match every answer. */
export function parseText(text: string): string {
  if (/^[\x20-\x7e]{3,200}$/.test(text) && text.trim() !== '') return text;
  throw new InvalidArgumentError('Give 3 to 200 printable ASCII characters.');
}

/** A whole number within bounds, both included. */
export function parseWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/**
 * Names separated by commas; blanks around them and duplicates are ignored. The archive decides
 * which names exist: bin/cli/options.ts checks.
 * @param wanted a sentence that says what to give instead of nothing
 */
export function parseNames(wanted: string): (text: string) => string[] {
  return (text) => {
    const names = new Set(text.split(',').map((part) => part.trim()));
    names.delete('');
    if (names.size === 0) throw new InvalidArgumentError(wanted);
    return [...names];
  };
}

/** An http or https address to which a path can be added. */
export function parseAddress(text: string): string {
  const url = URL.parse(text);
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.search ||
    url.hash ||
    url.username ||
    url.password
  ) {
    throw new InvalidArgumentError(
      'Give an address such as https://example.org/path, without "?", "#" or a user name.',
    );
  }
  return text.replace(/\/+$/, '');
}

/** A token from the environment; undefined if unset. No message contains its text. */
export function parseToken(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const token = env[name]?.trim();
  if (!token || isToken(token)) return token || undefined;
  throw new InvalidArgumentError(`${name} holds characters that no token has.`);
}

export function parseFolder(text: string): string {
  if (text === '' || text.includes('\0')) throw new InvalidArgumentError('Give a folder.');
  return text;
}

/**
 * A day, whose end (UTC) is meant, or an instant with its zone; in ISO 8601, UTC.
 */
export function parseUntil(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = new Date(isDay ? `${text}T23:59:59.999Z` : text);
  // 30 February would become 2 March.
  const isReal = !Number.isNaN(time.getTime()) && (!isDay || time.toISOString().startsWith(text));
  if ((isDay || isInstant) && isReal) return time.toISOString();
  throw new InvalidArgumentError(
    'Give a day such as 2026-06-30, or a time such as 2026-06-30T12:00Z.',
  );
}

export function parseFile(text: string): string {
  if (text === '' || text.includes('\0')) throw new InvalidArgumentError('Give a file.');
  return text;
}

/** Of a badge, which has room for a few words. */
export function parseLabel(text: string): string {
  if (LABEL.test(text)) return text;
  throw new InvalidArgumentError('Give 1 to 40 characters.');
}

/** Unlike other addresses it may have a query: many receivers tell their senders apart by it. */
export function parseWebhook(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && !url.hash && !url.username && !url.password) return text;
  throw new InvalidArgumentError('Give an https address, without "#" or a user name.');
}
