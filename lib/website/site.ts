// The page, built from the current sources. Publishing, packing and serving build it here first, so
// nothing uses a page from an older checkout.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin, transform } from 'esbuild';
import { ARCHIVES } from '../../archives/index.ts';
import { arrivalsOf, detailsOf, sentenceWordsOf } from '../../core/documents/catalogue.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import type { CheckDefinition } from '../../core/monitor/check.ts';
import { NOT_FOUND_PAGE } from './answers.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = join(ROOT, 'frontend');
const ENTRIES = [
  'main.tsx',
  'dataset.tsx',
  'changes.tsx',
  'theme.ts',
  'style.css',
  'icon.svg',
] as const;
const PAGES = {
  'index.html': 'main.tsx',
  'dataset.html': 'dataset.tsx',
  'changes.html': 'changes.tsx',
} as const;
/** Without a hash: data/summary.html outlives a build and refers to it. */
const PLAIN_STYLE = 'plain.css';

/** Relative path (`assets/main-CL6S6XGD.js`) → bytes; the pages come last. */
export type SiteFiles = ReadonlyMap<string, Uint8Array>;

export interface Site {
  readonly files: SiteFiles;
  /** By page: the files that it loads before its data. */
  readonly pages: Readonly<Record<string, PageLoad>>;
}

export interface PageLoad {
  readonly js: readonly string[];
  readonly css: readonly string[];
}

/** The fields of a check that the page receives. */
const SHOWN = [
  ...['id', 'file', 'of', 'words', 'findings', 'waits'],
  ...['column', 'version', 'numbers', 'coverage', 'goodForDays'],
];
/** Only on the page of one dataset (frontend/dataset/details.ts), or not on the page at all. */
const NOT_IN_LIST: ReadonlySet<string> = new Set([
  'asks',
  'ok',
  'fix',
  'who',
  'counted',
  'versions',
  'caution',
  'changes',
]);

/** The module with the catalogue of an archive that is not the first: loaded if it is asked for. */
const LATER = 'archive:';

/**
 * The page gets the catalogue of each archive and archives/<id>/page.ts, nothing else: schemas and
 * rules would only cost bytes. A dataset's page also gets the texts about one dataset. Parts that
 * none of the archives needs are left out. An archive other than the first is loaded when the address
 * asks for it.
 */
const catalogue = (archives: readonly Archive[]): Plugin => ({
  name: 'catalogue',
  setup({ onLoad, onResolve }) {
    const pageOf = ({ id }: Archive, from: string) =>
      existsSync(join(ROOT, 'archives', id, 'page.ts'))
        ? `import { page } from '${from}/${id}/page.ts';`
        : 'const page = {};';
    onLoad({ filter: /[\\/]archives[\\/]index\.ts$/ }, () => {
      const [first, ...others] = archives as readonly [Archive, ...Archive[]];
      const later = others.map(({ id }) => `${JSON.stringify(id)}: () => import('${LATER}${id}')`);
      const asked = "new URLSearchParams(globalThis.location?.search).get('archive')";
      const other =
        others.length === 0
          ? ''
          : `const other = await ({ ${later} })[${asked}]?.(); if (other) ARCHIVES.push(other.default);`;
      const value = `{ ...${nameOf(first)}, ...${listOf(first)}, ...page }`;
      const contents = `${pageOf(first, '.')}export const ARCHIVES = [${value}];${other}`;
      return { contents, loader: 'js' };
    });
    onResolve({ filter: /^archive:/ }, ({ path }) => ({ path, namespace: 'archive' }));
    // Bundled by itself: what it shares with the pages would be one more file for each of them.
    onLoad({ filter: /.*/, namespace: 'archive' }, async ({ path }) => {
      const archive = archives.find(({ id }) => path === `${LATER}${id}`) as Archive;
      const value = `{ ...${nameOf(archive)}, ...${listOf(archive)}, ...page }`;
      const contents = `${pageOf(archive, './archives')}export default ${value};`;
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: ROOT },
        bundle: true,
        format: 'esm',
        write: false,
      });
      return { contents: outputFiles[0]?.text ?? '', loader: 'js' };
    });
    if (archives.length < 2) {
      const contents = 'export const ArchiveChoice = () => null, loadArchives = () => {};';
      onLoad({ filter: /[\\/]shared[\\/]archives\.tsx$/ }, () => ({ contents }));
    }
    onLoad({ filter: /[\\/]shared[\\/]archive-names\.ts$/ }, () => {
      const names = Object.fromEntries(archives.map(({ id, words }) => [id, words.title]));
      return { contents: `export const NAMES = ${JSON.stringify(names)};`, loader: 'js' };
    });
    onLoad({ filter: /[\\/]history[\\/]arrivals\.ts$/ }, () => {
      const arrivals = Object.fromEntries(
        archives.map((archive) => [archive.id, arrivalsOf(archive)]),
      );
      return { contents: `export const ARRIVALS = ${JSON.stringify(arrivals)};`, loader: 'js' };
    });
    onLoad({ filter: /[\\/]main[\\/]whole-words\.ts$/ }, () => {
      const whole = archives.map(({ id, wholeChecks = [] }) => [
        id,
        wholeChecks.map(({ id, words, findings }) => ({ id, words, findings })),
      ]);
      const contents = `export const WHOLE_CHECKS = ${JSON.stringify(Object.fromEntries(whole))};`;
      return { contents, loader: 'js' };
    });
    onLoad({ filter: /[\\/]dataset[\\/]sentence-words\.ts$/ }, () => {
      const words = Object.fromEntries(
        archives.map((archive) => [archive.id, sentenceWordsOf(archive)]),
      );
      return {
        contents: `export const SENTENCE_WORDS = ${JSON.stringify(words)};`,
        loader: 'js',
      };
    });
    onLoad({ filter: /[\\/]boards[\\/]style\.ts$/ }, async ({ path }) => {
      const style = await readFile(path.replace(/style\.ts$/, 'boards.css'), 'utf8');
      const { code } = await transform(style, { loader: 'css', minify: true });
      return { contents: `export const STYLE = ${JSON.stringify(code)};`, loader: 'js' };
    });
    onLoad({ filter: /[\\/]dataset[\\/]details\.ts$/ }, () => {
      const details = Object.fromEntries(
        archives.map((archive) => [archive.id, detailsOf(archive)]),
      );
      return { contents: `export const DETAILS = ${JSON.stringify(details)};`, loader: 'js' };
    });
  },
});

function nameOf({ id, isAtRoot, words: { title, entry }, wholeChecks }: Archive): string {
  const whole = wholeChecks?.map((check) => ({ id: check.id }));
  return JSON.stringify({ id, isAtRoot, words: { title, entry }, wholeChecks: whole });
}

function listOf({ checks, causes }: Archive): string {
  const stages = checks.map(({ stage }) => stage);
  const list = {
    checks: checks.map((check) => shownOf(check, stages)),
    causes: causes?.map(({ says, ...cause }) => cause),
  };
  return JSON.stringify(list, function (this: object, key, value) {
    // What a number says is in its cell; what a finding says is in a sentence of its own.
    const isSentence = key === 'says' && !('csv' in this);
    return isSentence || NOT_IN_LIST.has(key) ? undefined : value;
  });
}

/** @param stages the page only compares them, so each is a number */
function shownOf(check: CheckDefinition, stages: readonly string[]): object {
  const shown = Object.entries(check).filter(([name]) => SHOWN.includes(name));
  const waiting = Object.entries(check.reasons ?? {}).filter(([, { onItsWay }]) => onItsWay);
  const reasons = Object.fromEntries(waiting.map(([name]) => [name, { onItsWay: true }]));
  const stage = stages.indexOf(check.stage);
  return { ...Object.fromEntries(shown), stage, ...(waiting.length > 0 && { reasons }) };
}

/**
 * The same sources give the same bytes. Writes nothing.
 * @param archives that the page can show; the first one is the default
 */
export async function buildSite(archives: readonly Archive[] = ARCHIVES): Promise<Site> {
  const { outputFiles, metafile } = await build({
    // The same bytes where node_modules is a link: names in the bundle follow the paths' order.
    preserveSymlinks: true,
    entryPoints: ENTRIES.map((entry) => join(SOURCES, entry)),
    // Used only for names.
    outdir: ROOT,
    write: false,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/shared-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } },
    absWorkingDir: ROOT,
    metafile: true,
    plugins: [catalogue(archives)],
    logLevel: 'warning',
  });
  const files = new Map<string, Uint8Array>();
  for (const { path, contents } of outputFiles) {
    files.set(path.slice(ROOT.length + 1).replaceAll('\\', '/'), contents);
  }
  const style = fileOf(metafile, 'style.css');
  files.set(PLAIN_STYLE, files.get(style) as Uint8Array);
  files.set(NOT_FOUND_PAGE, await readFile(join(SOURCES, NOT_FOUND_PAGE)));

  const pages: Record<string, PageLoad> = {};
  for (const [page, entry] of Object.entries(PAGES)) {
    const script = fileOf(metafile, entry);
    const chunks = chunksOf(metafile, script);
    const template = await readFile(join(SOURCES, page), 'utf8');
    const html = template.replace(/\{\{(preloads )?([^}]+)\}\}/g, (_, preloads, name) =>
      preloads
        ? chunks.map((chunk) => `<link rel="modulepreload" href="${chunk}">`).join('\n')
        : fileOf(metafile, name),
    );
    files.set(page, Buffer.from(html));
    pages[page] = { js: [fileOf(metafile, 'theme.ts'), script, ...chunks], css: [style] };
  }
  return { files, pages };
}

function fileOf({ outputs }: Metafile, entry: string): string {
  const found = Object.entries(outputs).find(
    ([, { entryPoint }]) => entryPoint === `frontend/${entry}`,
  );
  if (!found) throw new Error(`the build made nothing of frontend/${entry}`);
  return found[0];
}

/** The direct and indirect imports of an entry. */
function chunksOf({ outputs }: Metafile, entry: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind !== 'import-statement' || found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit(entry);
  return [...found];
}
