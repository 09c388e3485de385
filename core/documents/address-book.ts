// index.json, the address book of an archive's tree (docs/data.md), and the schemas that it names.
// It has no time in it: it changes with the version of Mirrorwatch alone.

import { hash } from 'node:crypto';
import { CURVE_PARAMETERS, CURVE_PATH } from '../history/curve-parameters.ts';
import { DOCUMENT_MEDIA_TYPE } from './at-rest.ts';
import type { DocumentType } from './document-type.ts';
import type { Addresses } from './documents.ts';
import { jsonSchemas } from './json-schema.ts';
import { LIFETIMES, lifetimeAt, PLACEHOLDERS } from './lifetimes.ts';
import { pagesOf } from './pages.ts';
import { ARCHIVES_PATH, folderOf, schemaPath } from './paths.ts';
import { type DocumentSource, documentsOf } from './tree.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface AddressBook {
  readonly index: Addresses;
  /** Texts by path below the archive's tree. */
  readonly schemas: ReadonlyMap<string, string>;
}

const made = new WeakMap<DocumentSource, Promise<AddressBook>>();

/** Cached per archive: the schemas take a while. */
export function addressBookOf(archive: DocumentSource): Promise<AddressBook> {
  const book = made.get(archive) ?? makeAddressBook(archive);
  made.set(archive, book);
  return book;
}

async function makeAddressBook(archive: DocumentSource): Promise<AddressBook> {
  const schemas = new Map(await jsonSchemas(archive));
  const digests = Array.from(schemas, ([path, text]) => [path, hash('sha256', text)] as const);
  const { id, words } = archive;
  /** From the archive's folder to that of all results, which is at /data/ of the site. */
  const root = folderOf(archive).replace(/[^/]+/, '..');
  const index: Omit<Addresses, 'schemaVersion' | 'digest'> = {
    archive: { id, title: words.title },
    archives: `${root}${ARCHIVES_PATH}`,
    addresses: addressesOf(archive),
    api: [
      {
        address: `${root}..${CURVE_PATH}`,
        title: 'Series over time; history/series.json names them',
        mediaType: DOCUMENT_MEDIA_TYPE,
        parameters: Object.keys(CURVE_PARAMETERS),
      },
    ],
    placeholders: PLACEHOLDERS,
    lifetimes: LIFETIMES,
    schemas: Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  const digest = hash('sha256', JSON.stringify(index)).slice(0, 16);
  return { index: { schemaVersion: SCHEMA_VERSION, digest, ...index }, schemas };
}

/** Documents, then pages, each by address. */
export function addressesOf(archive: DocumentSource): Addresses['addresses'] {
  const { kindAt, types } = documentsOf(archive);
  const documents = Array.from(kindAt, ([address, kind]) => {
    const { path, title, stays = lifetimeAt(address) } = types.get(kind) as DocumentType;
    return { address, title, mediaType: DOCUMENT_MEDIA_TYPE, schema: schemaPath(path), stays };
  });
  const pages = Array.from(pagesOf(archive), ([address, { title, contentType, stays }]) => {
    const mediaType = contentType.replace(/;.*/, '');
    return { address, title, mediaType, schema: null, stays };
  });
  const byAddress = (a: { address: string }, b: { address: string }) =>
    a.address < b.address ? -1 : 1;
  return [...documents.sort(byAddress), ...pages.sort(byAddress)];
}
