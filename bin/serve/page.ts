// Where the page's files are: frontend/ in a checkout, dist/frontend/ in the package; both are two
// folders up from here.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function pageFolder(): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', 'frontend');
  await stat(join(folder, 'index.html'));
  return folder;
}
