// Whether the schemas in a tree are those that its index.json names.

import { hash } from 'node:crypto';
import type { Addresses } from './documents.ts';
import { ADDRESSES_PATH } from './paths.ts';

/** Runs write schemas only where the index would change. */
export const OTHER_SCHEMA = `is not the schema that ${ADDRESSES_PATH} names; delete ${ADDRESSES_PATH}, and the next run that publishes writes both`;

/**
 * Addresses of schemas that are missing or differ.
 * @param read text of a file; anything else if it cannot be read
 */
export async function otherSchemas(
  { schemas }: Addresses,
  read: (path: string) => Promise<unknown>,
): Promise<string[]> {
  const other: string[] = [];
  for (const [path, digest] of Object.entries(schemas)) {
    const text = await read(path);
    if (typeof text !== 'string' || hash('sha256', text) !== digest) other.push(path);
  }
  return other;
}
