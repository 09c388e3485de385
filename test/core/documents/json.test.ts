import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Github, githubSchema } from '../../../archives/openneuro/documents.ts';
import {
  checkValue,
  encodeDocument,
  parseJson,
  recordOf,
  UnencodableError,
} from '../../../core/documents/json.ts';
import { parseAs } from '../../support/documents.ts';

const sha = (digit: string) => digit.repeat(40);

function github(refs: Partial<Github>): Github {
  return {
    schemaVersion: '3.0.0',
    head: 'main',
    branches: {},
    tags: {},
    lastChecked: null,
    error: null,
    annotated: {},
    status: 'ok',
    subtype: null,
    findings: [],
    lastAttempt: null,
    ...refs,
  };
}

describe('canonical text', () => {
  test('keys stand in the order of the schema, whatever order the value has', () => {
    const schema = z.object({ b: z.int(), a: z.array(z.string()), c: z.string().nullable() });
    const text = '{\n  "b": 1,\n  "a": [\n    "z",\n    "y"\n  ],\n  "c": null\n}\n';
    expect(encodeDocument(schema, { c: null, a: ['z', 'y'], b: 1 })).toBe(text);
    expect(encodeDocument(schema, { a: ['z', 'y'], b: 1, c: null })).toBe(text);
  });

  test('names in a map stand in UTF-8 byte order, integer-like ones among them', () => {
    // As UTF-16 units U+1F600 sorts before U+FF5E; as integer keys 10 and 9 sort before all.
    const names = ['\u{1f600}', '\uff5e', '9', '10', 'a', '1.0.0'];
    const tags = recordOf(names.map((name) => [name, sha('a')] as const));
    const lines = encodeDocument(githubSchema, github({ tags })).split('\n');
    const written = lines.filter((line) => line.includes(sha('a'))).map((line) => line.trim());
    expect(written.map((line) => JSON.parse(line.slice(0, line.indexOf(': '))))).toEqual([
      '1.0.0',
      '10',
      '9',
      'a',
      '\uff5e',
      '\u{1f600}',
    ]);
  });

  test('what stands within a map is written like the rest, two spaces further in', () => {
    const entry = z.object({
      text: z.string(),
      parts: z.array(z.object({ size: z.int() })),
      none: z.array(z.string()),
      left: z.string().optional(),
      column: z.array(z.int()),
    });
    const parts = [{ size: 1, unknown: true }, { size: 2 }];
    const map = { a: { column: [1, 2], none: [], parts, text: 'two\nlines' } };
    const lines = [
      '{',
      '  "map": {',
      '    "a": {',
      '      "text": "two\\nlines",',
      '      "parts": [',
      '        {',
      '          "size": 1',
      '        },',
      '        {',
      '          "size": 2',
      '        }',
      '      ],',
      '      "none": [],',
      '      "column": [1,2]',
      '    }',
      '  }',
      '}',
      '',
    ];
    const text = lines.join('\n');
    expect(encodeDocument(z.object({ map: z.record(z.string(), entry) }), { map })).toBe(text);
    // Without a column of numbers the engine writes an entry.
    const { column: _, ...rest } = map.a;
    const plain = text.replace(/,\n *"column".*/, '');
    const schema = z.object({ map: z.record(z.string(), entry.omit({ column: true })) });
    expect(encodeDocument(schema, { map: { a: rest } })).toBe(plain);
  });

  test('empty lists and maps stay on one line', () => {
    const schema = z.object({ list: z.array(z.string()), map: z.record(z.string(), z.string()) });
    expect(encodeDocument(schema, { list: [], map: {} })).toBe(
      '{\n  "list": [],\n  "map": {}\n}\n',
    );
  });

  test('a value that does not fit is refused, naming the field', () => {
    const wrong = github({ tags: { '1.0.0': 'not a commit' } });
    expect(() => encodeDocument(githubSchema, wrong)).toThrow(UnencodableError);
    expect(() => encodeDocument(githubSchema, wrong)).toThrow(/^tags\.1\.0\.0: /);
  });
});

describe('hostile names in a map', () => {
  const HOSTILE = ['__proto__', 'constructor', 'toString', '1', '', '\u0000', '"\\', 'a\nb', '<b>'];

  test.each(HOSTILE)('%j survives writing and reading', (name) => {
    const document = github({ tags: recordOf([[name, sha('b')]]) });
    const text = encodeDocument(githubSchema, document);
    const read = parseAs('github', text);
    if (!read.ok) throw new Error(JSON.stringify(read.issues));
    expect(Object.entries(read.value.tags)).toEqual([[name, sha('b')]]);
    expect(encodeDocument(githubSchema, read.value)).toBe(text);
  });

  test('what stands under __proto__ is checked like the rest', () => {
    const text = encodeDocument(
      githubSchema,
      github({ tags: recordOf([['__proto__', sha('c')]]) }),
    );
    const read = parseAs('github', text.replace(sha('c'), 'nonsense'));
    expect(read).toMatchObject({ ok: false, issues: [{ field: 'tags.__proto__' }] });
  });

  test('a name that is not there is not found on a map', () => {
    expect(recordOf<string>([]).constructor).toBeUndefined();
  });
});

describe('reading', () => {
  test.each([
    ['nothing', ''],
    ['half an object', '{"head": '],
    ['a page of HTML', '<html>'],
    ['brackets a million deep', '['.repeat(1_000_000)],
  ])('%s is an issue, not an exception', (_, text) => {
    const read = parseJson(text);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.issues[0]?.message).toMatch(/^not JSON: /);
  });

  test.each([
    ['null', null],
    ['a list', []],
    ['a string', '"text"'],
    ['a number', 7],
  ])('%s is no document', (_, value) => {
    expect(parseAs('github', value)).toMatchObject({ ok: false });
  });

  test('a field that the schema does not know is left out', () => {
    const checked = checkValue(z.object({ a: z.int() }), { a: 1, surprise: true });
    expect(checked).toEqual({ ok: true, value: { a: 1 } });
  });
});
