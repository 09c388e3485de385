// Writes the page into a folder and compares what a visitor loads with the budgets.
//
//   npm run build:site [-- --out DIR] [--quiet]      default: site/, where `serve` looks

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Archive } from '../core/monitor/archive.ts';
import { buildSite, type SiteFiles } from '../lib/website/site.ts';

/** Bytes, gzipped: the limits for each page (docs/architecture.md). */
export const BUDGETS = { js: 30 * 1024, css: 8 * 1024 } as const;

export interface WrittenSite {
  /** Gzipped bytes that each page loads before its data. */
  readonly pages: Readonly<Record<string, { readonly js: number; readonly css: number }>>;
}

/** Writes the page into the folder and removes everything else. */
export async function writeSite(
  folder: string,
  archives?: readonly Archive[],
): Promise<WrittenSite> {
  const { files, pages } = await buildSite(archives);
  await writeFiles(folder, files);
  const gzipped = (paths: readonly string[]): number =>
    paths.reduce((sum, path) => sum + gzipSync(files.get(path) ?? '', { level: 9 }).length, 0);
  const sizes = Object.entries(pages).map(([page, { js, css }]) => [
    page,
    { js: gzipped(js), css: gzipped(css) },
  ]);
  return { pages: Object.fromEntries(sizes) };
}

/** Correct files are left alone, because another process may be serving the folder. */
async function writeFiles(folder: string, files: SiteFiles): Promise<void> {
  for (const [path, bytes] of files) {
    const place = join(folder, path);
    const before = await readFile(place).catch(() => undefined);
    if (before?.equals(bytes)) continue;
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
  }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const place = join(entry.parentPath, entry.name);
    const path = relative(folder, place).replaceAll(sep, '/');
    if (!entry.isDirectory() && !files.has(path)) await rm(place, { force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'site' },
      quiet: { type: 'boolean', default: false },
    },
  });
  const { pages } = await writeSite(resolve(values.out));
  if (values.quiet) return;
  let over = false;
  for (const [page, sizes] of Object.entries(pages)) {
    for (const kind of ['js', 'css'] as const) {
      const kept = sizes[kind] <= BUDGETS[kind];
      over ||= !kept;
      const figures = `${(sizes[kind] / 1024).toFixed(1)} KB of ${BUDGETS[kind] / 1024} KB gzipped`;
      console.log(`${page.padEnd(13)} ${kind.padEnd(4)} ${figures}${kept ? '' : '  OVER BUDGET'}`);
    }
  }
  if (over) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
