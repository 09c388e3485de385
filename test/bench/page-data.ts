// The page's work on its data before it shows anything but the first rows: the compact summary is
// read, and every row made once.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactFileName } from '../../core/documents/compact.ts';
import { readCompact } from '../support/legacy.ts';

const [folder = ''] = process.argv.slice(2);
const read = (name: string) => readCompact(JSON.parse(readFileSync(join(folder, name), 'utf8')));

const first = read(compactFileName(0));
let rows = 0;
for (const { columns, row } of [first, ...first.more.map(read)]) {
  for (let place = 0; place < columns.id.length; place += 1) row(place);
  rows += columns.id.length;
}
process.stdout.write(String(rows));
