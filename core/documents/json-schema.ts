// The documents' schemas for other languages: JSON Schema 2020-12, generated from the zod schemas
// so that the two cannot differ, with what each field is from the field words.

import * as z from 'zod';
import { HISTORY_WORDS } from '../history/field-words.ts';
import { checkWords, FIELD_WORDS, type FieldWords, keyFor } from './field-words.ts';
import { schemaPath } from './paths.ts';
import { type DocumentSource, documentsOf } from './tree.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

/**
 * Path below an archive's tree and text of each schema, one for every kind of document. Its `$id` is
 * relative, so that it is the address from which it was loaded, whatever that is.
 */
export async function jsonSchemas(
  archive: DocumentSource,
): Promise<[path: string, text: string][]> {
  const words = await fieldWordsOf(archive);
  return Array.from(documentsOf(archive).types.values(), ({ title, path, schema }) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    const address = schemaPath(path);
    const $id = address.slice(address.lastIndexOf('/') + 1);
    const name = $id.slice(0, $id.indexOf('.'));
    const whole = {
      ...{ $schema, $id, title: `${title} (${path}), schema ${SCHEMA_VERSION}` },
      ...(described(rest, (fields) => words[keyFor(words, name, fields) ?? '']) as object),
    };
    return [address, `${JSON.stringify(whole, null, 2)}\n`];
  });
}

/** All there are for an archive; what is said of a field in its own words wins. */
export async function fieldWordsOf(archive: DocumentSource): Promise<FieldWords> {
  return {
    ...checkWords(archive),
    ...FIELD_WORDS,
    ...HISTORY_WORDS,
    ...(await archive.documents.fieldWords?.()),
  };
}

/** Keywords whose value is one schema, or a list of schemas. */
const OF_ONE = ['additionalProperties', 'items', 'anyOf', 'oneOf', 'allOf', 'prefixItems'];

/** @param fields the names of properties that lead here */
function described(
  schema: unknown,
  wordsFor: (fields: readonly string[]) => string | undefined,
  fields: readonly string[] = [],
): unknown {
  if (Array.isArray(schema)) return schema.map((one) => described(one, wordsFor, fields));
  if (typeof schema !== 'object' || schema === null) return schema;
  const made: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') {
      made[keyword] = Object.fromEntries(
        Object.entries(value as object).map(([name, property]) => {
          const inside = [...fields, name];
          const description = wordsFor(inside);
          const own = described(property, wordsFor, inside) as object;
          return [name, description === undefined ? own : { description, ...own }];
        }),
      );
    } else made[keyword] = OF_ONE.includes(keyword) ? described(value, wordsFor, fields) : value;
  }
  return made;
}
