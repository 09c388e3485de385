// The folder of the page's files: site/ in a checkout, dist/site/ in the package; both are two
// folders up from here.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../../core/problem.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILD = ['scripts/build-site.ts', '--quiet'];
/** The package has JavaScript, and a page that was built with it. */
const IS_CHECKOUT = import.meta.filename.endsWith('.ts');

/** In a checkout the page is built first, so that it is never older than its sources. */
export async function pageFolder(): Promise<string> {
  if (IS_CHECKOUT) {
    try {
      await promisify(execFile)(process.execPath, BUILD, { cwd: ROOT });
    } catch (error) {
      throw new Problem('the page cannot be built; npm run build:site says why', { cause: error });
    }
  }
  return join(ROOT, 'site');
}
