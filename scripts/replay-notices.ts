// `node scripts/replay-notices.ts FOLDER`: prints what would have been told over the history that
// `mirrorwatch history import` put into a folder.

import { argv, stdout } from 'node:process';
import { ARCHIVES } from '../archives/index.ts';
import { openFolderStore } from '../bin/folder-store.ts';
import { allRuns } from '../core/history/rebuild.ts';
import { type Figures, type Replayed, replay } from '../core/history/replay.ts';
import type { Archive } from '../core/monitor/archive.ts';

const [, , folder] = argv;
if (folder === undefined) throw new Error('Give the folder of an archive, such as data/.');
const store = await openFolderStore(folder, { archive: ARCHIVES[0] as Archive, lock: false });
const { signal } = new AbortController();
const options = { concurrency: 8 } as Parameters<typeof allRuns>[0]['options'];
stdout.write(text(await replay(allRuns({ store, log: () => {}, options, signal }))));
await store.close();

function text({ runs, days, known, young, told, most }: Replayed): string {
  const line = (name: string, { spells, told: faults }: Figures) =>
    `${name.padEnd(28)}${`${spells}`.padStart(8)}${`${faults}`.padStart(8)}`;
  return [
    `${runs} runs on ${days} days`,
    `${''.padEnd(28)}${'spells'.padStart(8)}${'told'.padStart(8)}`,
    line('known datasets', known),
    line('listed less than 8 days ago', young),
    `told: ${Object.entries(told)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}`,
    `most faults after one run: ${most}`,
    '',
  ].join('\n');
}
