// What Lambda loads: each function, with what it uses of packages, in one file. Small ones start sooner.

import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFunction } from '../../lib/bundle.ts';
import { ROOT } from './synthesize.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-bundles-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** For these a visitor waits. */
const AWAITED = /^lambdas\/(?:boards.*|curve)\.lambda\.ts$/;

/** Bytes. Every function has the measurements of every archive; a visitor's have none. */
const MOST = { awaited: 500_000, other: 2_750_000 };

test.each(globSync('lambdas/*.lambda.ts', { cwd: ROOT }).sort())('%s is small', (entry) => {
  const file = join(folder, 'index.mjs');
  const isAwaited = AWAITED.test(entry);
  buildFunction(entry, file, isAwaited);
  expect(statSync(file).size).toBeLessThan(isAwaited ? MOST.awaited : MOST.other);
});

test('names of functions stay, for who reads what failed', () => {
  const file = join(folder, 'boards.mjs');
  buildFunction('lambdas/boards-evict.lambda.ts', file, true);
  const program = `const { handler } = await import(${JSON.stringify(file)});
    await handler({ recount: 'x' }).catch(({ stack }) => console.log(stack));`;
  const options = { env: { AWS_REGION: 'us-east-1' }, encoding: 'utf8' } as const;
  const stack = execFileSync(process.execPath, ['--input-type=module', '-e', program], options);
  expect(stack).toMatch(/at (?:async )?handler \(/);
});
