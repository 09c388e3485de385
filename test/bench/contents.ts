// The cost of the content checks: requests, bytes and seconds of a run with them and without them,
// cold and warm. `node test/bench/contents.ts` prints the table of docs/performance.md.

import {
  type GenerateOptions,
  generateArchive,
  idOf,
} from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { specials } from '../../archives/openneuro/sample/specials/index.ts';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import type { TrafficKind } from '../../core/traffic.ts';
import { memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';

interface Archive {
  readonly name: string;
  readonly options: GenerateOptions;
}

/** Ordinary datasets come after the special ones. */
const FIRST = specials(0).length;

function ordinary(count: number, files: number): GenerateOptions {
  const ids = Array.from({ length: count }, (_, place) => idOf(FIRST + place));
  return {
    datasets: FIRST + count,
    only: ids,
    files: Object.fromEntries(ids.map((id) => [id, files])),
  };
}

const ARCHIVES: readonly Archive[] = [
  { name: '1 dataset of 71,178 files', options: ordinary(1, 71_178) },
  { name: '100 datasets of 700 files', options: ordinary(100, 700) },
];

const KINDS: readonly TrafficKind[] = ['refs', 'tree', 'listing', 'access'];
/** One process serves and sends requests: a busy one may let a connection lapse. */
const HTTP = { tries: 3 };

async function measure(server: SampleServer, store: ReturnType<typeof memoryStore>, on: boolean) {
  const rows: string[][] = [];
  for (const [day, state] of ['cold', 'warm'].entries()) {
    server.resetStats();
    const began = performance.now();
    await runSample(server, {
      store,
      day,
      ...HTTP,
      options: { publishAnyway: true, checks: new Set<string>(on ? CONTENT_CHECKS : []) },
    });
    const seconds = (performance.now() - began) / 1000;
    const stats = server.stats();
    const cells = KINDS.map((kind) => {
      const { requests, bytes } = stats[kind];
      return requests === 0 ? '0' : `${requests} / ${(bytes / 1e6).toFixed(2)} MB`;
    });
    rows.push([state, on ? 'with' : 'without', ...cells, seconds.toFixed(1)]);
  }
  return rows;
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
console.log(line(['archive', 'run', 'checks of contents', ...KINDS, 's']));
console.log(line(Array.from({ length: KINDS.length + 4 }, () => '---')));
for (const { name, options } of ARCHIVES) {
  const server = await startSampleArchive({ archive: generateArchive(options) });
  try {
    // Once unmeasured: the archive is generated on the first request.
    await runSample(server, { store: memoryStore(), day: 0, ...HTTP });
    for (const on of [false, true]) {
      for (const cells of await measure(server, memoryStore(), on)) {
        console.log(line([name, ...cells]));
      }
    }
  } finally {
    await server.close();
  }
}
