// Publishes index.json and the schemas that it names. It has their digests, so that of what is
// unchanged no more than the index is read.

import type { Addresses } from '../documents/documents.ts';
import { ADDRESSES_PATH } from '../documents/paths.ts';
import type { StageContext } from './archive.ts';
import { readOrNull } from './frame.ts';

/** The index comes last: while it names a schema, that schema is there. */
export async function writeAddresses(context: StageContext): Promise<void> {
  const { archive, store } = context;
  // Only what publishes needs the words of all fields.
  const { addressBookOf } = await import('../documents/address-book.ts');
  const { index, schemas } = await addressBookOf(archive);
  const there = await readOrNull<Addresses>(context, ADDRESSES_PATH);
  if (there?.digest === index.digest) return;
  for (const [path, text] of schemas) await store.writePage(path, text);
  await store.writeDocument(ADDRESSES_PATH, index);
}
