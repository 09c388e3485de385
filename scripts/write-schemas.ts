// Writes schema/: one JSON Schema per kind of document, as runs publish them, that of boards, and the
// OpenAPI document of their API. Also the tables of docs/data.md. `npm run schema`; a test fails if
// the committed files are out of date.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVES } from '../archives/index.ts';
import { boardSchemaFiles } from '../boards/openapi.ts';
import { vocabularyOf } from '../boards/vocabulary.ts';
import { jsonSchemas } from '../core/documents/json-schema.ts';
import type { Archive } from '../core/monitor/archive.ts';
import { withTables } from './address-table.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'schema');
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const archive = ARCHIVES[0] as Archive;
const files = [...(await jsonSchemas(archive)), ...boardSchemaFiles(vocabularyOf(ARCHIVES))];
for (const [path, text] of files) await writeFile(join(root, path), text);
const guide = join(root, 'docs', 'data.md');
await writeFile(guide, withTables(await readFile(guide, 'utf8'), archive));
