// `node scripts/changelog-entry.ts v1.2.0` prints the CHANGELOG.md entry of a version, for its
// release.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The text below the heading of a version, up to the next heading.
 * @param tag `v1.2.0` or `1.2.0`
 * @throws Error if the tag is not the package's version, or there is no such entry
 */
export function changelogEntry(changelog: string, tag: string, packaged: string): string {
  const version = tag.replace(/^v/, '');
  if (version !== packaged) throw new Error(`${tag} is tagged, and package.json says ${packaged}`);
  const entry = changelog
    .split(/^## /m)
    .slice(1)
    .find((section) => section.split(/\s/, 1)[0] === version);
  const text = entry?.slice(entry.indexOf('\n')).trim();
  if (!text) throw new Error(`CHANGELOG.md has no entry for ${version}: add "## ${version}"`);
  return text;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const read = (name: string) => readFileSync(join(root, name), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  try {
    process.stdout.write(
      `${changelogEntry(read('CHANGELOG.md'), process.argv[2] ?? '', version)}\n`,
    );
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
