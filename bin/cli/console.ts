// Log lines of the command line on stderr, for people or as JSON, above any progress bars.

import type { Log } from '../../core/monitor/context.ts';
import { plain, plainJson } from './format.ts';

export interface Output {
  readonly stream: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly now: () => Date;
}

export interface ConsoleOptions extends Output {
  readonly json: boolean;
  readonly verbose: boolean;
}

export interface Console {
  readonly log: Log;
  /** A sentence for people; with JSON, an event with its facts. */
  say(text: string, event?: string, facts?: Readonly<Record<string, unknown>>): void;
  /** The target of lines; progress bars replace it while they are drawn. */
  line: (text: string) => void;
}

const RANK = { debug: 0, info: 1, warn: 2, error: 3 };

export function createConsole({ stream, now, json, verbose }: ConsoleOptions): Console {
  const least = verbose ? RANK.debug : RANK.info;
  const log: Log = (level, event, facts = {}) => {
    if (RANK[level] < least) return;
    const time = now().toISOString();
    console.line(
      json
        ? plainJson({ time, level, event, ...facts })
        : `${time.slice(11, 19)} ${level.padEnd(5)} ${plain(event)}${factsText(facts)}`,
    );
  };
  const console: Console = {
    log,
    say: (text, event = 'note', facts = { text }) =>
      json ? log('info', event, facts) : console.line(plain(text)),
    line: (text) => {
      stream.write(`${text}\n`);
    },
  };
  return console;
}

function factsText(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}=${factText(value)}`)
    .join('');
}

function factText(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@+-]+$/.test(value)) return value;
  return plainJson(value);
}
