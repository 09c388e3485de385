// Writes documents into a given folder until it is killed; prints one line for each.

import { openneuro } from '../../archives/openneuro/index.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { checkPath } from '../support/documents.ts';
import { bigDiff } from './documents.ts';

const store = await openFolderStore(process.argv[2] as string, { archive: openneuro, lock: true });
for (let n = 1; ; n += 1) {
  const dataset = `ds00000${n % 5}`;
  await store.writeDocument(checkPath('s3Files', dataset), bigDiff(dataset, 1000 + n));
  process.stdout.write(`${n}\n`);
}
