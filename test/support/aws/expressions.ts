// DynamoDB's expressions, evaluated as its developer guide says ("Condition and filter expressions,
// operators, and functions"; "Update expressions"), as far as the store uses them. An expression
// that is not understood is refused as DynamoDB refuses it, never taken as true.

import { isDeepStrictEqual } from 'node:util';
import { compareBytes } from '../../../core/compare/byte-order.ts';
import { awsError } from './error.ts';

export type Item = Readonly<Record<string, unknown>>;
export interface Names {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}
type Operand = (item: Item, names: Names) => unknown;
type Condition = (item: Item, names: Names) => boolean;

const TOKEN = /\s*(<>|<=|>=|[=<>(),]|[:#]?[A-Za-z_][A-Za-z0-9_]*|\S)/gy;
const FUNCTIONS = ['attribute_exists', 'attribute_not_exists', 'begins_with'];

const conditions = new Map<string, Condition>();
const updates = new Map<string, (item: Item, names: Names) => Item>();
const placeholders = new Map<string, readonly string[]>();
const placeholdersOf = (text: string): readonly string[] => text.match(/[:#][A-Za-z0-9_]+/g) ?? [];

/** @param item undefined if there is none: then no attribute exists */
export function holds(expression: string, item: Item | undefined, names: Names): boolean {
  return known(conditions, expression, parseCondition)(item ?? {}, names);
}

/** The item after `SET a = :a, b = :b ADD c :c REMOVE d`, each part at most once. */
export function updated(expression: string, item: Item, names: Names): Item {
  return known(updates, expression, parseUpdate)(item, names);
}

/** Every placeholder that is used is defined, and every defined one is used. */
export function checkPlaceholders(expressions: readonly string[], { names, values }: Names): void {
  const used = new Set(expressions.flatMap((text) => known(placeholders, text, placeholdersOf)));
  const defined = [...Object.keys(names ?? {}), ...Object.keys(values ?? {})];
  for (const name of used) if (!defined.includes(name)) throw refused(`${name} is not defined`);
  for (const name of defined) if (!used.has(name)) throw refused(`${name} is unused`);
}

function known<T>(parsed: Map<string, T>, text: string, parse: (text: string) => T): T {
  const result = parsed.get(text) ?? parse(text);
  parsed.set(text, result);
  return result;
}

const refused = (why: string) => awsError('ValidationException', 400, why);

function parseCondition(text: string): Condition {
  const words = tokens(text);
  const condition = or(words);
  words.end();
  return condition;
}

function parseUpdate(text: string): (item: Item, names: Names) => Item {
  const words = tokens(text);
  const settings: { readonly name: string; readonly value: Operand }[] = [];
  const removed: string[] = [];
  if (words.take('SET')) {
    do {
      const name = words.next();
      words.expect('=');
      settings.push({ name, value: operand(words.next()) });
    } while (words.take(','));
  }
  if (words.take('ADD')) {
    do {
      const name = words.next();
      const more = operand(words.next());
      const before = operand(name);
      const value: Operand = (item, names) =>
        ((before(item, names) as number | undefined) ?? 0) + (more(item, names) as number);
      settings.push({ name, value });
    } while (words.take(','));
  }
  if (words.take('REMOVE')) {
    do removed.push(words.next());
    while (words.take(','));
  }
  if (settings.length + removed.length === 0) throw refused(`no update: ${text}`);
  words.end();
  return (item, names) => {
    const gone = removed.map((name) => attribute(name, names));
    return {
      ...Object.fromEntries(Object.entries(item).filter(([name]) => !gone.includes(name))),
      ...Object.fromEntries(
        settings.map(({ name, value }) => [attribute(name, names), value(item, names)]),
      ),
    };
  };
}

function or(words: Tokens): Condition {
  const parts = [and(words)];
  while (words.take('OR')) parts.push(and(words));
  return (item, names) => parts.some((part) => part(item, names));
}

function and(words: Tokens): Condition {
  const parts = [not(words)];
  while (words.take('AND')) parts.push(not(words));
  return (item, names) => parts.every((part) => part(item, names));
}

function not(words: Tokens): Condition {
  if (words.take('NOT')) {
    const part = not(words);
    return (item, names) => !part(item, names);
  }
  if (!words.take('(')) return term(words);
  const inner = or(words);
  words.expect(')');
  return inner;
}

function term(words: Tokens): Condition {
  const first = words.next();
  if (FUNCTIONS.includes(first)) return call(first, words);
  const left = operand(first);
  const compare = words.next();
  const right = operand(words.next());
  return (item, names) => compared(compare, left(item, names), right(item, names));
}

function call(name: string, words: Tokens): Condition {
  words.expect('(');
  const left = operand(words.next());
  const right = name === 'begins_with' && words.expect(',') ? operand(words.next()) : undefined;
  words.expect(')');
  if (right === undefined) {
    const wanted = name === 'attribute_exists';
    return (item, names) => (left(item, names) !== undefined) === wanted;
  }
  return (item, names) => {
    const [text, start] = [left(item, names), right(item, names)];
    return typeof text === 'string' && typeof start === 'string' && text.startsWith(start);
  };
}

/** An absent attribute equals nothing and has no order; values of different types are unequal. */
function compared(operator: string, a: unknown, b: unknown): boolean {
  const order = typeof a === typeof b ? orderOf(a, b) : undefined;
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
    default:
      throw refused(`no comparison: ${operator}`);
  }
}

function orderOf(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    return compareBytes(a, b);
  }
  // Lists and maps are compared by content, and have no order.
  return a !== undefined && isDeepStrictEqual(a, b) ? 0 : undefined;
}

function operand(word: string): Operand {
  if (word.startsWith(':')) return (_, { values }) => values?.[word];
  if (!/^#?[A-Za-z_]/.test(word)) throw refused(`no operand: ${word}`);
  return (item, names) => item[attribute(word, names)];
}

function attribute(word: string, { names }: Names): string {
  const name = word.startsWith('#') ? names?.[word] : word;
  if (!name || !/^[#A-Za-z_]/.test(word)) throw refused(`${word} names no attribute`);
  return name;
}

type Tokens = ReturnType<typeof tokens>;

function tokens(text: string) {
  const words = [...text.trim().matchAll(TOKEN)].map((match) => match[1] as string);
  const next = (): string => {
    const word = words.shift();
    if (word === undefined) throw refused(`cut short: ${text}`);
    return word;
  };
  return {
    next,
    take: (word: string): boolean => words[0] === word && words.shift() !== undefined,
    expect(word: string): true {
      const found = next();
      if (found !== word) throw refused(`${word} expected, found ${found}: ${text}`);
      return true;
    },
    end(): void {
      if (words.length > 0) throw refused(`not understood: ${words.join(' ')}`);
    },
  };
}
