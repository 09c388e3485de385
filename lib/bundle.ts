// A function's code: its entry and all imports in one file, made by esbuild when the app is
// synthesized, without Docker. It includes the SDK: functions with the runtime's SDK failed on
// emulators, and so the deployed version is the tested one.

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
  /** Extra files, by their path in the bundle. @default none */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export function bundle({ entry, files = new Map() }: BundleOptions): Code {
  return Code.fromAsset(LAMBDAS, {
    // Hashes the output, not the input: an unchanged function is not deployed again.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-needed'),
      // Names the bundle in the CDK's asset cache; it is never run.
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
            // Names stay: people can read a stack trace without a source map.
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

/** Changes when any path or byte changes. */
export function digest(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
