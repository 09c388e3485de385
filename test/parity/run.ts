// `npm run parity`: a run over real HTTP against the replayed archive of all recorded datasets,
// into a folder as the command line does it, and each verdict beside the recorded one. Options:
// --sample K narrows it; --out DIR keeps the results (a temporary folder otherwise).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openneuro } from '../../archives/openneuro/index.ts';
import { replayArchive } from '../../archives/openneuro/sample/replay.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { asView } from '../support/legacy.ts';
import { recordedTree } from '../support/recorded.ts';
import { REPLAY, runSample } from '../support/sample-run.ts';
import { compareWithRecorded } from './compare.ts';

const { values } = parseArgs({ options: { sample: { type: 'string' }, out: { type: 'string' } } });
const tree = recordedTree();
if (tree === null) {
  console.error('There is no recorded tree: name an unpacked one in MIRRORWATCH_RECORDED.');
  process.exit(1);
}

const out = values.out ?? mkdtempSync(join(tmpdir(), 'mirrorwatch-parity-'));
const archive = replayArchive(tree, values.sample ? { sample: Number(values.sample) } : {});
const server = await startSampleArchive({ archive });
const store = await openFolderStore(out, { archive: openneuro, lock: true });
const began = performance.now();
const { summary, outcome, why } = await runSample(server, {
  store,
  day: 0,
  tries: 3,
  ...REPLAY,
});
const seconds = (performance.now() - began) / 1000;
await store.close();
await server.close();
if (!values.out) rmSync(out, { recursive: true });
if (!summary) {
  console.error(`The run ${outcome}: ${why.join(' ')}`);
  process.exit(1);
}

const ids = summary.datasets.map(({ id }) => id);
const { compared, excepted, wrong } = compareWithRecorded(tree, summary.datasets.map(asView), ids);
for (const { id, expected, got } of wrong) {
  console.log(`${id}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`);
}
console.log(`${compared} datasets in ${seconds.toFixed(1)} s (archive included)`);
for (const [name, count] of Object.entries(excepted)) console.log(`  ${count} × ${name}`);
console.log(`${compared - wrong.length} as recorded or excepted, ${wrong.length} otherwise`);
process.exitCode = wrong.length === 0 ? 0 : 1;
