// Writes schema/: one JSON Schema for every kind of document, from the zod schemas.
// `npm run schema`; a test fails when what is committed is out of date.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ARCHIVES } from '../archives/index.ts';
import { jsonSchemas } from '../core/documents/json-schema.ts';
import type { Archive } from '../core/monitor/archive.ts';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, text] of jsonSchemas(ARCHIVES[0] as Archive))
  await writeFile(`${folder}${name}`, text);
