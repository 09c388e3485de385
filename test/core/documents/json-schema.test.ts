import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { jsonSchemas } from '../../../core/documents/json-schema.ts';

const folder = new URL('../../../schema/', import.meta.url);

test('schema/ is what `npm run schema` writes', () => {
  const committed = readdirSync(folder).map((name) => [
    name,
    readFileSync(new URL(name, folder), 'utf8'),
  ]);
  const byName = (entries: (readonly string[])[]) => new Map(entries as [string, string][]);
  expect(byName(committed)).toEqual(byName(jsonSchemas(openneuro)));
});
