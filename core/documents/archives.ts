// data/archives.json: the archives that have published here. It follows from their reports, so
// whoever writes it last is right.

import type { Archive } from '../monitor/archive.ts';
import { type AboutArchive, type ListedArchive, statusSchema } from './documents.ts';
import { checkValue, parseJson } from './json.ts';
import { folderOf, STATUS_PATH } from './paths.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

/** The text of a document; its path is below the root of all results. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** @param archives those to look for, in the order in which they are listed */
export async function publishedArchives(
  archives: readonly Archive[],
  read: ReadText,
): Promise<{ schemaVersion: typeof SCHEMA_VERSION; archives: ListedArchive[] }> {
  const listed: ListedArchive[] = [];
  for (const archive of archives) {
    const folder = folderOf(archive);
    const about = publishedBy(archive, await read(`${folder}${STATUS_PATH}`));
    if (about) listed.push({ id: archive.id, name: about.name, origin: about.origin, folder });
  }
  return { schemaVersion: SCHEMA_VERSION, archives: listed };
}

/** What a report says of its archive; undefined if it published nothing, or cannot be read. */
function publishedBy({ id }: Archive, text: string | undefined): AboutArchive | undefined {
  const json = parseJson(text ?? '');
  const status = json.ok ? checkValue(statusSchema, json.value) : json;
  if (!status.ok || status.value.publishedAt === null) return undefined;
  const { archive } = status.value;
  return archive?.id === undefined || archive.id === id ? archive : undefined;
}
