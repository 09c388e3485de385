// Builds the page: bundles frontend/ into a folder of static files with hashed names, writes the
// two HTML files that refer to them, and measures what a visitor loads against the budgets.
//
//   npm run build:site [-- --out DIR] [--quiet]      default: site/, where `serve` looks

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'frontend');
const ENTRIES = ['main.tsx', 'dataset.tsx', 'theme.ts', 'style.css'] as const;
const PAGES = { 'index.html': 'main.tsx', 'dataset.html': 'dataset.tsx' } as const;
/** Without a hash: data/summary.html outlives a build and refers to it. */
const PLAIN_STYLE = 'plain.css';

/** Bytes, gzipped: what the main page may load (architecture.md section 2). */
export const BUDGETS = { js: 30 * 1024, css: 8 * 1024 } as const;

export interface Built {
  /** Gzipped bytes that each page loads before its data. */
  readonly pages: Readonly<Record<string, { readonly js: number; readonly css: number }>>;
  readonly files: readonly string[];
}

export async function buildSite(out: string): Promise<Built> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const { metafile } = await build({
    entryPoints: ENTRIES.map((entry) => join(SOURCES, entry)),
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/shared-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } },
    absWorkingDir: ROOT,
    metafile: true,
    logLevel: 'warning',
  });
  const icon = await copyHashed('icon.svg', out);
  const outputs = Object.entries(metafile.outputs);
  const fileOf = (entry: string): string => {
    const found = outputs.find(([, output]) => output.entryPoint === `frontend/${entry}`);
    if (!found) throw new Error(`the build made nothing of frontend/${entry}`);
    return relativeTo(out, found[0]);
  };
  const style = await readFile(join(out, fileOf('style.css')));
  await writeFile(join(out, PLAIN_STYLE), style);

  const pages: Record<string, { js: number; css: number }> = {};
  for (const [page, entry] of Object.entries(PAGES)) {
    const chunks = chunksOf(metafile, fileOf(entry), out);
    const template = await readFile(join(SOURCES, page), 'utf8');
    const html = template.replace(/\{\{(preloads )?([^}]+)\}\}/g, (_, preloads, name) => {
      if (!preloads) return name === 'icon.svg' ? icon : fileOf(name);
      return chunks.map((chunk) => `<link rel="modulepreload" href="${chunk}">`).join('\n');
    });
    await writeFile(join(out, page), html);
    const scripts = [fileOf('theme.ts'), fileOf(entry), ...chunks];
    pages[page] = { js: await gzipped(out, scripts), css: gzipSync(style, { level: 9 }).length };
  }
  const files = outputs.map(([path]) => relativeTo(out, path));
  return { pages, files: [...files, icon, PLAIN_STYLE, ...Object.keys(PAGES)].sort() };
}

const relativeTo = (out: string, path: string): string =>
  resolve(ROOT, path)
    .slice(resolve(out).length + 1)
    .replaceAll('\\', '/');

/** What an entry imports, directly or not. */
function chunksOf(metafile: Metafile, entry: string, out: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    const output = Object.entries(metafile.outputs).find(
      ([path]) => relativeTo(out, path) === file,
    );
    for (const { path, kind } of output?.[1].imports ?? []) {
      const chunk = relativeTo(out, path);
      if (kind !== 'import-statement' || found.has(chunk)) continue;
      found.add(chunk);
      visit(chunk);
    }
  };
  visit(entry);
  return [...found];
}

async function copyHashed(name: string, out: string): Promise<string> {
  const bytes = await readFile(join(SOURCES, name));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const [stem, ending] = basename(name).split('.');
  const path = `assets/${stem}-${hash}.${ending}`;
  await writeFile(join(out, path), bytes);
  return path;
}

async function gzipped(out: string, files: readonly string[]): Promise<number> {
  const sizes = files.map(
    async (file) => gzipSync(await readFile(join(out, file)), { level: 9 }).length,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'site' },
      quiet: { type: 'boolean', default: false },
    },
  });
  const { pages } = await buildSite(resolve(values.out));
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
