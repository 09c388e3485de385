// Numbers, times and foreign text as text for a terminal.

import { styleText } from 'node:util';
import type { Status } from '../../core/documents/vocabulary.ts';

/** `812 B`, `14.2 MB`: powers of 1,000, as for disks and networks. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `0.4 s`, `48 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

const COLORS = {
  error: 'red',
  'version-mismatch': 'magenta',
  warning: 'yellow',
  pending: 'blue',
  ok: 'green',
} as const;

/** A text in the colour of a status, if the stream supports it and NO_COLOR is unset. */
export const statusText = (status: Status, text: string, stream: NodeJS.WritableStream): string =>
  styleText(COLORS[status], text, { stream: stream as NodeJS.WriteStream });

/** Characters that move the cursor, change the text direction, or start another line. */
const NOT_PLAIN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Foreign text on one line of a terminal; it cannot move the cursor or change the direction. */
export function plain(text: string): string {
  return text.replace(NOT_PLAIN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Several lines, such as a stack, each made plain. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n');
}

/**
 * A value as JSON on one line, made plain like `plain`: JSON.stringify escapes only the controls of
 * ASCII, and U+009B also begins an escape sequence.
 */
export function plainJson(value: unknown): string {
  const json = JSON.stringify(value, withoutErrors) ?? 'null';
  return json.replace(NOT_PLAIN, (character) => character.split('').map(escaped).join(''));
}

/** One UTF-16 unit as a JSON escape. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Errors have no enumerable fields of their own. */
function withoutErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
