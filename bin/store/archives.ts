// Writes archives.json beside the results of the archives.

import { join } from 'node:path';
import { publishedArchives } from '../../core/documents/archives.ts';
import { archivesSchema } from '../../core/documents/documents.ts';
import { encodeDocument } from '../../core/documents/json.ts';
import { ARCHIVES_PATH } from '../../core/documents/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { fileProblem } from '../problem.ts';
import { writeIfChanged } from './atomic.ts';
import { diskFiles, type Files } from './files.ts';

/**
 * @param root of all results
 * @throws Problem if the folder cannot be read or written
 */
export async function listArchives(
  root: string,
  archives: readonly Archive[],
  files: Files = diskFiles,
): Promise<void> {
  const read = async (path: string) => (await files.read(join(root, path)))?.toString();
  const write = async () => {
    const list = await publishedArchives(archives, read);
    const bytes = Buffer.from(encodeDocument(archivesSchema, list));
    return writeIfChanged(files, join(root, ARCHIVES_PATH), bytes);
  };
  try {
    // Of runs that end together, the last one sees the reports of all.
    while ((await write()) === 'written');
  } catch (error) {
    throw fileProblem('write to', root, error);
  }
}
