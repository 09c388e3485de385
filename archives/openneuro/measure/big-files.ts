// Files of an export that GitHub would have rejected in git itself: a likely reason why their
// version never reached the mirror (docs/checks.md#causes).

import { type BinaryString, detached, fromBinary } from '../../../core/compare/byte-order.ts';
import type { Failed } from '../../../core/failure.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import type { ListedObject } from '../../../core/protocols/sources.ts';
import { isInAnnex } from '../bookkeeping.ts';
import type { Github } from '../documents.ts';
import type { BigFile } from '../rules/cause-input.ts';
import { GITHUB_BLOB_LIMIT } from '../rules/causes.ts';
import { highestVersion } from '../version-order.ts';

/** More of them add no evidence. */
const MAX_FILES = 1000;

export function createBigFiles() {
  const files: { readonly key: BinaryString; readonly size: number }[] = [];
  return {
    push(objects: readonly ListedObject[]): void {
      for (const { key, size } of objects) {
        if (size > GITHUB_BLOB_LIMIT && files.length < MAX_FILES && !isInAnnex(key)) {
          files.push({ key: detached(key), size });
        }
      }
    },
    files: (): readonly { readonly key: BinaryString; readonly size: number }[] => files,
  };
}

/**
 * Big files of a kind that the mirror's newest version never annexes. Large files are usually
 * annexed, and the rule goes by the file extension.
 */
export async function bigFilesSeen(
  seen: ReturnType<typeof createBigFiles>,
  github: Github | null,
  contentsOf: (commit: string) => Promise<ContentList | Failed>,
): Promise<BigFile[]> {
  const missing = github?.findings.some(({ subtype }) => subtype === 'tag-missing');
  const tag = highestVersion(Object.keys(github?.tags ?? {}));
  if (!missing || tag === null || seen.files().length === 0) return [];
  const files = await contentsOf(github?.tags[tag] as string);
  if ('reason' in files) return [];
  const annexed = new Set<string>();
  for (const { path, content } of files) {
    if (content.kind === 'annexed') annexed.add(endOf(path));
  }
  return seen
    .files()
    .filter(({ key }) => !annexed.has(endOf(key)))
    .map(({ key, size }) => ({ path: fromBinary(key), size }));
}

/** `.mat`, `.gz`; the whole name of a file without an extension. */
function endOf(path: BinaryString): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? path.slice(path.lastIndexOf('/') + 1);
}
