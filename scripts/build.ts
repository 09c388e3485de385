// The content of `npm pack`: the command line in dist/bin/, the page beside it, and the licences of
// the packages that are bundled into it.

import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSite } from './build-site.ts';
import { bundleCommand, licencesOf } from './bundle-command.ts';

const dist = join(import.meta.dirname, '..', 'dist');

// A file without a source must not be packed.
await rm(dist, { recursive: true, force: true });
const packages = await bundleCommand(dist);
const entry = join(dist, 'bin', 'mirrorwatch.cjs');
await copyFile(join(import.meta.dirname, '..', 'bin', 'entry.cjs'), entry);
await chmod(entry, 0o755);
await writeFile(join(dist, 'LICENCES.txt'), await licencesOf(packages));
await writeSite(join(dist, 'site'));
