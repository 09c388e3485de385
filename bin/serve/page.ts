// Where the page's files are: site/ in a checkout (npm ci builds it), dist/site/ in the package;
// both are two folders up from here.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem.ts';

export async function pageFolder(): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', 'site');
  if (!(await stat(join(folder, 'index.html')).catch(() => undefined))) {
    throw new Problem(`the page is not built in ${folder}; build it by npm run build:site`);
  }
  return folder;
}
