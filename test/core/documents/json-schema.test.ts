// The published JSON Schemas, and what they say of each field.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WORDS as DANDI_WORDS } from '../../../archives/dandi/field-words.ts';
import { dandi } from '../../../archives/dandi/index.ts';
import { WORDS } from '../../../archives/openneuro/field-words.ts';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { boardSchemaFiles } from '../../../boards/openapi.ts';
import { vocabularyOf } from '../../../boards/vocabulary.ts';
import { FIELD_WORDS, keyFor } from '../../../core/documents/field-words.ts';
import { fieldWordsOf, jsonSchemas } from '../../../core/documents/json-schema.ts';
import { schemaPath } from '../../../core/documents/paths.ts';
import { documentsOf } from '../../../core/documents/tree.ts';
import { HISTORY_WORDS } from '../../../core/history/field-words.ts';
import { withTables } from '../../../scripts/address-table.ts';
import { toy } from '../../contract/toy/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Field {
  readonly schema: string;
  readonly fields: readonly string[];
  readonly description: unknown;
}

/** Every property of a schema, however deep; found without the code that describes them. */
function* fieldsOf(schema: string, node: unknown, fields: readonly string[] = []): Iterable<Field> {
  if (typeof node !== 'object' || node === null) return;
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword !== 'properties') {
      yield* fieldsOf(schema, value, fields);
      continue;
    }
    for (const [name, property] of Object.entries(value as Record<string, object>)) {
      const inside = [...fields, name];
      yield { schema, fields: inside, description: (property as Field).description };
      yield* fieldsOf(schema, property, inside);
    }
  }
}

const nameOf = (path: string) => path.slice('schema/'.length, -'.schema.json'.length);
const allFields = async (archive: typeof openneuro | typeof dandi | typeof toy) =>
  (await jsonSchemas(archive)).flatMap(([path, text]) => [
    ...fieldsOf(nameOf(path), JSON.parse(text)),
  ]);

test('schema/ and the tables of docs/data.md are what `npm run schema` writes', async () => {
  const committed = readdirSync(join(ROOT, 'schema')).map((name) => `schema/${name}`);
  expect(new Map(committed.map((path) => [path, read(path)]))).toEqual(
    new Map([...(await jsonSchemas(openneuro)), ...boardSchemaFiles(vocabularyOf([openneuro]))]),
  );
  expect(withTables(read('docs/data.md'), openneuro)).toBe(read('docs/data.md'));
});

describe.each([
  ['OpenNeuro', openneuro, 700],
  ['DANDI', dandi, 500],
  ['another archive', toy, 200],
] as const)('of %s', (_, archive, least) => {
  test('every field is described', async () => {
    const fields = await allFields(archive);
    expect(fields.length).toBeGreaterThan(least);
    const without = fields.filter(
      ({ description }) => typeof description !== 'string' || !/^[A-Z].*[.?]$/.test(description),
    );
    expect(without).toEqual([]);
  });

  test('a schema has the name of its document, and no two have the same', async () => {
    const types = [...documentsOf(archive).types.values()];
    const schemas = new Map(await jsonSchemas(archive));
    expect(schemas.size).toBe(types.length);
    for (const { path } of types) {
      const schema = JSON.parse(schemas.get(schemaPath(path)) ?? 'null');
      expect(schema.title).toContain(`(${path})`);
      // Relative to where it is, and so the address from which it was loaded.
      const address = `https://mirrorwatch.example.org/data/${schemaPath(path)}`;
      expect(new URL(schema.$id, address).href).toBe(address);
    }
  });
});

test.each([
  ['summary.json', 'summary'],
  ['all-datasets.json', 'all-datasets'],
  ['history/changes/{month}.json', 'history-changes'],
  ['history/runs/{year}/{time}.json', 'history-runs'],
  ['datasets/{id}/history.json', 'history'],
  ['datasets/{id}/snapshots/{tag}/files.json', 'files'],
  ['timestamps/{check}.json', 'timestamps'],
])('the schema of %s is called %s', (path, name) => {
  expect(schemaPath(path)).toBe(`schema/${name}.schema.json`);
});

test('no description is left over', async () => {
  const used = new Set<string | undefined>();
  for (const archive of [openneuro, dandi, toy]) {
    const words = await fieldWordsOf(archive);
    for (const { schema, fields } of await allFields(archive)) {
      used.add(keyFor(words, schema, fields));
    }
  }
  const own = { ...FIELD_WORDS, ...HISTORY_WORDS, ...WORDS, ...DANDI_WORDS };
  expect(Object.keys(own).filter((key) => !used.has(key))).toEqual([]);
});

test('two dictionaries do not describe one field', () => {
  const keys = [FIELD_WORDS, HISTORY_WORDS, WORDS].flatMap((words) => Object.keys(words));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test.each([
  ['the most names win', 'one', ['a', 'b', 'at'], 'b.at'],
  ['all of them after the schema win over any others', 'two', ['b', 'at'], 'two:b.at'],
  ['a schema tells nothing of fields further inside', 'two', ['a', 'b', 'at'], 'b.at'],
  ['else its own name tells', 'two', ['c', 'at'], 'at'],
  ['nothing is inherited', 'one', ['toString'], undefined],
])('%s', (_, schema, fields, key) => {
  const words = { at: '', 'b.at': '', 'two:b.at': '', 'two:at': '' };
  expect(keyFor(words, schema, fields)).toBe(key);
});
