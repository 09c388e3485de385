// Canonical JSON: the same value gives the same bytes (docs/checks.md#documents). Keys are in
// schema order. Maps have keys chosen by uploaders (branches, tags). They are in UTF-8 byte order
// and keep names such as `__proto__`, which plain objects and zod's records lose.

import * as z from 'zod';
import { compareBytes } from '../compare/byte-order.ts';

/** What is wrong with a document, and where: `tags.1.0.0`, empty for the document itself. */
export interface Issue {
  readonly field: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** A value that must not be written. Our own code made it, so this is a bug. */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError';
}

/** A map with names chosen by others. It has no prototype, so every name is a plain key. */
export function recordOf<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  const record: Record<string, V> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/**
 * A document as text: two spaces per level, lists in the given order, a newline at the end.
 * @throws UnencodableError if the value does not fit the schema.
 */
export function encodeDocument(schema: z.ZodType, value: unknown): string {
  return `${encodeWithin(schema, value, '')}\n`;
}

/**
 * The same for a part of a document: all lines but the first begin with `indent`.
 * @throws UnencodableError if the value does not fit the schema.
 */
export function encodeWithin(schema: z.ZodType, value: unknown, indent: string): string {
  return writerOf(schema)(fitting(schema, value), indent);
}

/**
 * The value with the schema's fields, in schema order.
 * @throws UnencodableError if it does not fit the schema.
 */
export function fitting<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const checked = checkValue(schema, value);
  if (checked.ok) return checked.value;
  const [first] = checked.issues;
  throw new UnencodableError(`${first?.field || 'document'}: ${first?.message}`);
}

/** Checks a parsed value against its schema; the result has no unknown fields. */
export function checkValue<T extends z.ZodType>(schema: T, value: unknown): Checked<z.infer<T>> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    return {
      ok: false,
      issues: parsed.error.issues.map((issue) => ({
        field: issue.path.map(String).join('.'),
        message: issue.message,
      })),
    };
  }
  // If no map can hold the entry that zod loses, zod's copy is enough.
  if (!holdsRecords(schema)) return { ok: true, value: parsed.data };
  const issues: Issue[] = [];
  const picked = pick(schema, value, parsed.data, '', issues) as z.infer<T>;
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: picked };
}

/** Reads JSON text; a parse failure is an issue, never an exception. */
export function parseJson(text: string): Checked<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, issues: [{ field: '', message: `not JSON: ${message}` }] };
  }
}

const definition = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;

const withRecords = new WeakMap<z.core.$ZodType, boolean>();

/** Whether a schema contains maps with names chosen by others. */
function holdsRecords(schema: z.core.$ZodType): boolean {
  let holds = withRecords.get(schema);
  if (holds === undefined) {
    holds = definition(schema).type === 'record' || partsOf(schema).some(holdsRecords);
    withRecords.set(schema, holds);
  }
  return holds;
}

function partsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = definition(schema);
  switch (def.type) {
    case 'object':
      return Object.values(def.shape);
    case 'array':
      return [def.element];
    case 'nullable':
    case 'optional':
      return [def.innerType];
    default:
      return [];
  }
}

/**
 * Zod's copy of a value, plus the entries that it loses. Records are rebuilt from the input,
 * because zod drops `__proto__` from them unchecked; here that entry is checked and kept.
 */
function pick(
  schema: z.core.$ZodType,
  value: unknown,
  copy: unknown,
  at: string,
  issues: Issue[],
): unknown {
  if (value === null || value === undefined || !holdsRecords(schema)) return copy;
  const def = definition(schema);
  switch (def.type) {
    case 'object': {
      const input = value as Record<string, unknown>;
      const output = copy as Record<string, unknown>;
      for (const [key, field] of Object.entries(def.shape)) {
        if (!Object.hasOwn(input, key)) continue;
        output[key] = pick(field, input[key], output[key], join(at, key), issues);
      }
      return output;
    }
    case 'record': {
      const input = value as Record<string, unknown>;
      const known = copy as Record<string, unknown>;
      const output = recordOf<unknown>([]);
      const { valueType } = def;
      for (const key of Object.keys(input)) {
        const entry =
          key === '__proto__' ? checkHidden(def, input[key], join(at, key), issues) : known[key];
        output[key] = holdsRecords(valueType)
          ? pick(valueType, input[key], entry, join(at, key), issues)
          : entry;
      }
      return output;
    }
    case 'array':
      return (value as unknown[]).map((item, i) =>
        pick(def.element, item, (copy as unknown[])[i], join(at, String(i)), issues),
      );
    case 'nullable':
    case 'optional':
      return pick(def.innerType, value, copy, at, issues);
    default:
      return copy;
  }
}

function checkHidden(
  def: z.core.$ZodRecordDef,
  entry: unknown,
  field: string,
  issues: Issue[],
): unknown {
  let copy: unknown;
  for (const [schema, value] of [
    [def.keyType, '__proto__'],
    [def.valueType, entry],
  ] as const) {
    const parsed = z.safeParse(schema, value);
    copy = parsed.data;
    if (!parsed.success) {
      issues.push({ field, message: parsed.error.issues[0]?.message ?? 'Invalid entry' });
    }
  }
  return copy;
}

const join = (at: string, key: string) => (at === '' ? key : `${at}.${key}`);

/** A checked value as text; all lines but the first begin with the indent. */
type Writer = (value: unknown, indent: string) => string;

const writers = new WeakMap<z.core.$ZodType, Writer>();

/** A schema's parts are looked up once, not once for each of 100,000 rows. */
function writerOf(schema: z.core.$ZodType): Writer {
  let writer = writers.get(schema);
  if (writer === undefined) {
    writer = makeWriter(schema);
    writers.set(schema, writer);
  }
  return writer;
}

/** Zod's copy has the fields in schema order, so the engine's own JSON is canonical. */
const byEngine: Writer = (value, indent) => {
  const text = JSON.stringify(value, null, 2);
  // Texts have no line breaks, because JSON escapes them.
  return indent === '' ? text : text.replaceAll('\n', `\n${indent}`);
};

const SCALARS = ['string', 'number', 'int', 'boolean', 'null', 'literal', 'enum'];

/** Whether the engine's own JSON has the same form: no maps, no columns of numbers. */
function isWrittenByEngine(schema: z.core.$ZodType): boolean {
  const def = definition(schema);
  if (def.type === 'array' && isNumber(def.element)) return false;
  const isNested = ['object', 'array', 'nullable', 'optional'].includes(def.type);
  return isNested ? partsOf(schema).every(isWrittenByEngine) : SCALARS.includes(def.type);
}

function makeWriter(schema: z.core.$ZodType): Writer {
  const def = definition(schema);
  if (isWrittenByEngine(schema)) return byEngine;
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape).map(([key, field]) => ({
        key,
        name: `${JSON.stringify(key)}: `,
        write: writerOf(field),
      }));
      return (value, indent) => {
        const lines: string[] = [];
        for (const { key, name, write } of fields) {
          const field = (value as Record<string, unknown>)[key];
          if (field !== undefined) lines.push(name + write(field, `${indent}  `));
        }
        return enclose('{', lines, '}', indent);
      };
    }
    case 'record': {
      const write = writerOf(def.valueType);
      return (value, indent) => {
        const entries = value as Record<string, unknown>;
        const lines = Object.keys(entries)
          .sort(compareBytes)
          .map((key) => `${JSON.stringify(key)}: ${write(entries[key], `${indent}  `)}`);
        return enclose('{', lines, '}', indent);
      };
    }
    case 'array': {
      // Nobody reads a column of 10,000 numbers, so it is on one line.
      if (isNumber(def.element)) return (value) => JSON.stringify(value);
      const write = writerOf(def.element);
      return (value, indent) => {
        const lines = (value as unknown[]).map((item) => write(item, `${indent}  `));
        return enclose('[', lines, ']', indent);
      };
    }
    case 'nullable':
    case 'optional': {
      const write = writerOf(def.innerType);
      return (value, indent) => (value === null ? 'null' : write(value, indent));
    }
    default:
      return (value) => JSON.stringify(value);
  }
}

function isNumber(schema: z.core.$ZodType): boolean {
  const def = definition(schema);
  return def.type === 'nullable' ? isNumber(def.innerType) : def.type === 'number';
}

function enclose(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close;
  return `${open}\n${indent}  ${items.join(`,\n${indent}  `)}\n${indent}${close}`;
}
