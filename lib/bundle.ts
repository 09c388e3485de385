// A function's code: its entry and all imports in one file, made by esbuild when the app is
// synthesized, without Docker. It includes what is used of the SDK: functions with the runtime's SDK
// failed on emulators, and so the deployed version is the tested one.

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

/**
 * Where credentials may come from on other machines. A function has its own in the environment, which
 * the SDK looks at first, so it never loads these.
 */
const OTHER_CREDENTIALS = ['ini', 'login', 'process', 'sso', 'web-identity'].map(
  (source) => `@aws-sdk/credential-provider-${source}`,
);

const FILE = 'index.mjs';
/** The handler of every bundle: export `handler` of that file. */
export const HANDLER = 'index.handler';

export interface BundleOptions {
  /** Module that exports `handler`, relative to the repository. */
  readonly entry: string;
  /** Whether a visitor waits for its cold start: see `buildFunction`. @default false */
  readonly isAwaited?: boolean;
  /** Extra files, by their path in the bundle. @default none */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export function bundle({ entry, isAwaited = false, files = new Map() }: BundleOptions): Code {
  return Code.fromAsset(LAMBDAS, {
    // Hashes the output, not the input: an unchanged function is not deployed again.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-needed'),
      // Names the bundle in the CDK's asset cache; it is never run.
      command: [entry, digest(files)],
      local: {
        tryBundle(outputDir: string): boolean {
          buildFunction(entry, join(outputDir, FILE), isAwaited);
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

/**
 * Names stay: people can read a stack trace without a source map.
 * @param entry module that exports `handler`, relative to the repository
 * @param isAwaited functions keep their names, all else gets shorter ones: a third less to load, for
 * some microseconds wherever a function is made
 */
export function buildFunction(entry: string, outfile: string, isAwaited = false): void {
  buildSync({
    entryPoints: [join(ROOT, entry)],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules where a package has both: of CommonJS nothing unused can be left out.
    mainFields: ['module', 'main'],
    external: OTHER_CREDENTIALS,
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: isAwaited,
    keepNames: isAwaited,
    banner: { js: BANNER },
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** Changes when any path or byte changes. */
export function digest(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
