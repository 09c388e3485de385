// The command line in the package. It is JavaScript, because Node strips no types under
// node_modules. It is in few files, because a short run took longer to find and load its three
// hundred modules than to do its work (docs/performance.md).

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

/** Loaded only when used, and installed beside the package. */
const EXTERNAL = ['@aws-sdk/*', 'graphql', 'graphql-request', 'isomorphic-git', 'memfs'];
/** Some bundled packages are CommonJS and call `require` for Node's own modules. */
const BANNER =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

/**
 * Writes `bin/mirrorwatch.js` and its parts below `out`.
 * @returns names of the bundled packages, sorted
 */
export async function bundleCommand(out: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { 'bin/mirrorwatch': 'bin/mirrorwatch.ts' },
    outdir: out,
    bundle: true,
    // Code for one command is loaded by that command only. The depth in dist/ equals the sources'
    // depth in bin/, because some modules find files relative to themselves.
    splitting: true,
    chunkNames: 'bin/parts/[name]-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: EXTERNAL,
    banner: { js: BANNER },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const names = Object.keys(metafile.inputs).flatMap(
    (file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

/** The licences of packages, which require distribution with their code. */
export async function licencesOf(packages: readonly string[]): Promise<string> {
  const texts = packages.map(async (name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    if (file === undefined) throw new Error(`${name} comes without a licence to pass on`);
    const text = await readFile(join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}
