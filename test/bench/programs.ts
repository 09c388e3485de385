// The measured programs as JavaScript, as the package ships the product: stripping types at every
// start costs a fifth of a second and 30 MB, which no user of the package pays.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommand } from '../../scripts/bundle-command.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Below the checkout, so that packages are found; each running bench has its own. */
const BUILT = join(ROOT, `bench/built-${process.pid}`);

export const MIRRORWATCH = join(BUILT, 'bin/mirrorwatch.js');
export const METER = join(BUILT, 'test/bench/meter.js');
export const BASELINE = join(BUILT, 'test/bench/baseline.js');
export const REGISTRY_BASELINE = join(BUILT, 'test/bench/registry-baseline.js');
export const PAGE_DATA = join(BUILT, 'test/bench/page-data.js');
export const BARE_FOLDER = join(BUILT, 'test/bench/bare-folder.js');
export const PLAN = join(BUILT, 'test/bench/plan.js');

/** @throws Error with the compiler's message. */
export async function buildPrograms(): Promise<void> {
  await bundleCommand(BUILT);
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const project = join(import.meta.dirname, 'tsconfig.build.json');
  const { status, stdout, error } = spawnSync(tsc, ['-p', project, '--outDir', BUILT], {
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the programs to measure do not compile:\n${stdout}`);
}

export function removePrograms(): void {
  rmSync(BUILT, { recursive: true, force: true });
}
