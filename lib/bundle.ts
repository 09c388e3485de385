// A function's code: its entry and all it imports in one file, made by esbuild when the app is
// synthesized, without Docker. Everything is in it, the SDK too: functions that took the
// runtime's SDK failed on emulators, and the version deployed is then the version tested.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const LAMBDAS = join(ROOT, 'lambdas');

/** Some bundled packages are CommonJS and call `require` for Node's own modules. */
const BANNER =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The handler of every bundle: export `handler` of `index.mjs`. */
export const HANDLER = 'index.handler';

export interface BundleOptions {
  /** Module that exports `handler`, relative to the repository. */
  readonly entry: string;
  /** Files to carry along, by their path in the bundle. @default none */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export function bundle({ entry, files = new Map() }: BundleOptions): Code {
  return Code.fromAsset(LAMBDAS, {
    // What came out, not what went in: an unchanged function is not deployed again.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-needed'),
      // Names the bundle in the CDK's cache of assets; nothing runs it.
      command: [entry, digest(files)],
      local: {
        tryBundle(outputDir: string): boolean {
          buildSync({
            entryPoints: [join(ROOT, entry)],
            outfile: join(outputDir, 'index.mjs'),
            absWorkingDir: ROOT,
            bundle: true,
            platform: 'node',
            target: 'node24',
            format: 'esm',
            // Names stay: a stack trace is read by people, and needs no source map then.
            minifySyntax: true,
            minifyWhitespace: true,
            banner: { js: BANNER },
            legalComments: 'none',
            logLevel: 'warning',
          });
          for (const [path, bytes] of files) {
            mkdirSync(dirname(join(outputDir, path)), { recursive: true });
            writeFileSync(join(outputDir, path), bytes);
          }
          return true;
        },
      },
    },
  });
}

/** Changes when any path or byte does. */
export function digest(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
