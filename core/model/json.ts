// Canonical JSON: the same value gives the same bytes (checks.md section 8). Keys stand in the
// order of the schema; maps, whose keys are chosen by uploaders (branches, tags), stand in UTF-8
// byte order and keep names such as `__proto__`, which plain objects and zod's records lose.

import { z } from 'zod';
import { compareBytes } from '../compare/byte-order.ts';

/** What is wrong with a document, and where: `tags.1.0.0`, empty for the document itself. */
export interface Issue {
  readonly field: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** A value that must not be written: a fault of the program, since rules made it. */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError';
}

/** A map from names chosen by others. It has no prototype, so that every name is a plain key. */
export function recordOf<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  const record: Record<string, V> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/**
 * A document as text: two spaces a level, lists as given, a newline at the end.
 * @throws UnencodableError when the value does not fit the schema.
 */
export function encodeDocument(schema: z.ZodType, value: unknown): string {
  const checked = checkValue(schema, value);
  if (!checked.ok) {
    const [first] = checked.issues;
    throw new UnencodableError(`${first?.field || 'document'}: ${first?.message}`);
  }
  return `${write(schema, checked.value, '')}\n`;
}

/** Checks a parsed value against its schema; unknown fields are left out of what comes back. */
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
  const issues: Issue[] = [];
  const picked = pick(schema, value, '', issues) as z.infer<T>;
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: picked };
}

/** Reads JSON text; what does not parse is an issue, never an exception. */
export function parseJson(text: string): Checked<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, issues: [{ field: '', message: `not JSON: ${message}` }] };
  }
}

const definition = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;

/**
 * The value's own copy by the schema's fields. It is made from the input because zod leaves
 * `__proto__` out of records, unchecked: here that entry is checked and kept.
 */
function pick(schema: z.core.$ZodType, value: unknown, at: string, issues: Issue[]): unknown {
  const def = definition(schema);
  if (value === null || value === undefined) return value;
  switch (def.type) {
    case 'object': {
      const input = value as Record<string, unknown>;
      const output: Record<string, unknown> = {};
      for (const [key, field] of Object.entries(def.shape)) {
        if (Object.hasOwn(input, key)) output[key] = pick(field, input[key], join(at, key), issues);
      }
      return output;
    }
    case 'record':
      return recordOf(
        Object.entries(value as Record<string, unknown>).map(([key, entry]) => {
          if (key === '__proto__') checkHidden(def, entry, join(at, key), issues);
          return [key, pick(def.valueType, entry, join(at, key), issues)] as const;
        }),
      );
    case 'array':
      return (value as unknown[]).map((item, i) =>
        pick(def.element, item, join(at, String(i)), issues),
      );
    case 'nullable':
    case 'optional':
      return pick(def.innerType, value, at, issues);
    default:
      return value;
  }
}

function checkHidden(
  def: z.core.$ZodRecordDef,
  entry: unknown,
  field: string,
  issues: Issue[],
): void {
  for (const [schema, value] of [
    [def.keyType, '__proto__'],
    [def.valueType, entry],
  ] as const) {
    const parsed = z.safeParse(schema, value);
    if (!parsed.success) {
      issues.push({ field, message: parsed.error.issues[0]?.message ?? 'Invalid entry' });
    }
  }
}

const join = (at: string, key: string) => (at === '' ? key : `${at}.${key}`);

function write(schema: z.core.$ZodType, value: unknown, indent: string): string {
  const def = definition(schema);
  if (value === null) return 'null';
  switch (def.type) {
    case 'object': {
      const fields = value as Record<string, unknown>;
      return writeEntries(
        Object.entries(def.shape)
          .filter(([key]) => fields[key] !== undefined)
          .map(([key, field]) => [key, field, fields[key]] as const),
        indent,
      );
    }
    case 'record':
      return writeEntries(
        Object.entries(value as Record<string, unknown>)
          .sort(([a], [b]) => compareBytes(a, b))
          .map(([key, entry]) => [key, def.valueType, entry] as const),
        indent,
      );
    case 'array':
      // A column of 10,000 numbers is read by nobody: one line.
      if (isNumber(def.element)) return JSON.stringify(value);
      return enclose(
        '[',
        (value as unknown[]).map((item) => write(def.element, item, `${indent}  `)),
        ']',
        indent,
      );
    case 'nullable':
    case 'optional':
      return write(def.innerType, value, indent);
    default:
      return JSON.stringify(value);
  }
}

function isNumber(schema: z.core.$ZodType): boolean {
  const def = definition(schema);
  return def.type === 'nullable' ? isNumber(def.innerType) : def.type === 'number';
}

function writeEntries(
  entries: readonly (readonly [key: string, schema: z.core.$ZodType, value: unknown])[],
  indent: string,
): string {
  const lines = entries.map(
    ([key, schema, value]) => `${JSON.stringify(key)}: ${write(schema, value, `${indent}  `)}`,
  );
  return enclose('{', lines, '}', indent);
}

function enclose(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close;
  return `${open}\n${indent}  ${items.join(`,\n${indent}  `)}\n${indent}${close}`;
}
