// Writes schema/: one JSON Schema per kind of document, from the zod schemas. `npm run schema`; a
// test fails if the committed files are out of date.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ARCHIVES } from '../archives/index.ts';
import { jsonSchemas } from '../core/documents/json-schema.ts';
import type { Archive } from '../core/monitor/archive.ts';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, text] of jsonSchemas(ARCHIVES[0] as Archive))
  await writeFile(`${folder}${name}`, text);
