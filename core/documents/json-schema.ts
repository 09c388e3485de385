// The documents' schemas for other languages: JSON Schema 2020-12, generated from the zod schemas
// so that the two cannot differ.

import * as z from 'zod';
import { type DocumentSource, documentsOf } from './tree.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

/** File name below schema/ and text, for every kind of document. */
export function jsonSchemas(archive: DocumentSource): [name: string, text: string][] {
  return Array.from(documentsOf(archive).types, ([kind, { title, path, schema }]) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    const whole = { $schema, title: `${title} (${path}), schema ${SCHEMA_VERSION}`, ...rest };
    return [`${kind}.schema.json`, `${JSON.stringify(whole, null, 2)}\n`];
  });
}
