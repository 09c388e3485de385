// The folders at the top of a bucket, or below a prefix: a listing with a delimiter. Each page names up to 1,000
// folders, whatever is below them.

import { type BinaryString, fromBinary } from '../../compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../failure.ts';
import type { HttpClient } from '../../http.ts';
import { askListingPage } from './listing-page.ts';

const FOLDERS_A_PAGE = 1000;
/** Far above the few thousand folders of an archive. */
const MAX_PAGES = 1000;

/**
 * @param base the bucket in path style
 * @param prefix ends in `/`; empty for the top
 * @returns names without their `/`, in byte order
 */
export async function listFolders(
  http: HttpClient,
  base: string,
  signal?: AbortSignal,
  prefix: BinaryString = '',
): Promise<Seen<string[]> | Failed> {
  const folders: string[] = [];
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const question = {
      prefix,
      byFolder: true,
      maxKeys: FOLDERS_A_PAGE,
      token,
      after: null,
    } as const;
    const read = await askListingPage({ http, base }, question, signal);
    const page = await read();
    if ('kind' in page)
      return page.kind === 'failed' ? page : failed('malformed', `a bucket that is ${page.kind}`);
    for (const name of page.folders ?? []) {
      const folder = name.slice(0, -1);
      const last = folders.at(-1);
      if (last !== undefined && `${last}/` >= name)
        return failed('malformed', 'folders that do not rise');
      folders.push(folder);
    }
    if (page.nextToken === null) return seen(folders.map(fromBinary));
    if (page.nextToken === token) return failed('malformed', 'a token that repeats');
    token = page.nextToken;
  }
  return failed('malformed', `folders on more than ${MAX_PAGES} pages`);
}
