// The recorded tree of the archive, which judges the rules. MIRRORWATCH_RECORDED names an unpacked
// tree, or a folder with the archives; the default is ../shared/recorded beside the checkout.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const ARCHIVE = '.tar.xz';
/** What every tree has, whatever its schema version. */
const MARK = 'all-datasets.json';

/**
 * Path of an unpacked recorded tree, the newest if there are several; null if none was recorded, so
 * that tests can skip. The first call on a machine takes a few seconds to unpack.
 * @throws Error when MIRRORWATCH_RECORDED names no tree, or an archive cannot be unpacked.
 */
export function recordedTree(): string | null {
  const named = process.env.MIRRORWATCH_RECORDED;
  const folder = resolve(REPOSITORY, named || '../shared/recorded');
  if (existsSync(join(folder, MARK))) return folder;
  const archive = newestArchive(folder);
  if (archive) return unpacked(join(folder, archive));
  if (named) throw new Error(`MIRRORWATCH_RECORDED: no recorded tree and no archive in ${folder}`);
  return null;
}

/** Archives have their date in the name. */
function newestArchive(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((name) => name.endsWith(ARCHIVE))
    .sort()
    .at(-1);
}

/** Unpacks once for all workers: each into its own folder, then one of them wins the rename. */
function unpacked(archive: string): string {
  const { size, mtimeMs } = statSync(archive);
  const home = join(tmpdir(), `mirrorwatch-recorded-${size}-${Math.trunc(mtimeMs)}`);
  if (!existsSync(home)) {
    const own = mkdtempSync(`${home}-`);
    execFileSync('tar', ['-xJf', archive, '-C', own, '--no-same-owner']);
    try {
      renameSync(own, home);
    } catch (error) {
      rmSync(own, { recursive: true });
      if (!existsSync(home)) throw error;
    }
  }
  const [tree] = readdirSync(home).filter((name) => existsSync(join(home, name, MARK)));
  if (tree) return join(home, tree);
  throw new Error(`no recorded tree in ${archive}`);
}
