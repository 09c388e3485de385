// What `npm pack` carries: JavaScript in dist/, since Node strips no types under node_modules, and
// the page beside it.

import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSite } from './build-site.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

// A file whose source is gone must not be packed.
rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'tsc.cmd' : 'tsc');
const { status, error } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);
await buildSite(join(dist, 'site'));
chmodSync(join(dist, 'bin', 'mirrorwatch.js'), 0o755);
