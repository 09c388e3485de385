// A copy of this checkout that a test may change; it shares the packages of the original.

import { appendFile, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** The folders of code. */
export const ROOMS = [
  'archives',
  'bin',
  'boards',
  'core',
  'frontend',
  'lambdas',
  'lib',
  'sample',
  'scripts',
];
const FILES = ['package.json', 'cdk.json'];

export async function copyCheckout(folder: string): Promise<void> {
  const copies = [...ROOMS, ...FILES].map((name) =>
    cp(join(ROOT, name), join(folder, name), { recursive: true }),
  );
  await Promise.all(copies);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Changes every kind of file that the page is built from: pages, scripts and styles. */
export async function changePage(checkout: string, mark: string): Promise<void> {
  const source = (name: string) => join(checkout, 'frontend', name);
  await appendFile(source('index.html'), `<!-- ${mark} -->\n`);
  await appendFile(source('main.tsx'), `document.documentElement.dataset.mark = '${mark}';\n`);
  await appendFile(source('style.css'), `.${mark} { color: inherit }\n`);
}
